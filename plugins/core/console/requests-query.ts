/** `GET /requests?status=4xx&reason=timeout&route=/users&upstream=users&id=4bf9&limit=20`: which exchanges are meant. */

import { GatewayError } from '../../../src/index.ts'
import type { RequestRecord } from './requests-record.ts'
import { viewOf, type RequestView, type Viewer } from './requests-view.ts'
import type { RecentRequests } from './requests-ring.ts'
import { type ShownFields, stricter } from './requests-shown.ts'
import { noRoute } from './traffic-requests.ts'

/** Plain data, because threads are asked with it. An empty list and an absent member mean any. */
export interface RequestQuery {
  /** Statuses such as `500`, and classes such as `4xx`. */
  readonly statuses: readonly string[]
  /** Codes of reasons. */
  readonly reasons: readonly string[]
  /** A name, or `(none)`. */
  readonly route?: string | undefined
  readonly upstream?: string | undefined
  /** The id, or its beginning unless `whole`. */
  readonly id?: string | undefined
  readonly whole?: boolean
  /** The most that are wanted. */
  readonly limit: number
}

const usualLimit = 100
const longestList = 500

const names = ['status', 'reason', 'route', 'upstream', 'id', 'limit']

/** Reads the query of a URL. @throws GatewayError `bad-request` */
export function readRequestQuery (query: unknown): RequestQuery {
  const given = query as Readonly<Record<string, unknown>>
  const unknown = Object.keys(given).find(name => !names.includes(name))
  if (unknown !== undefined) throw refused(`there is no parameter \`${unknown.slice(0, 40)}\`; there are ${names.join(', ')}`)
  const statuses = listOf(given, 'status')
  if (!statuses.every(status => /^[1-5](?:xx|\d\d)$/.test(status))) {
    throw refused('`status` must be a status such as 500 or a class such as 4xx; commas separate several')
  }
  const limit = textOf(given, 'limit')
  const most = limit === undefined ? usualLimit : /^\d{1,9}$/.test(limit) ? Number(limit) : 0
  if (most < 1 || most > longestList) throw refused(`\`limit\` must be an integer from 1 to ${longestList}`)
  return {
    statuses,
    reasons: listOf(given, 'reason'),
    route: textOf(given, 'route'),
    upstream: textOf(given, 'upstream'),
    id: textOf(given, 'id'),
    limit: most
  }
}

/** A question to the threads. */
export interface RequestQuestion extends RequestQuery {
  /** What the configuration that serves now shows. */
  readonly rules: ShownFields
}

/** The newest exchanges of a thread that fit, as they are shown. */
export function find (recent: RecentRequests, query: RequestQuestion, viewer: Viewer): RequestView[] {
  const found: RequestView[] = []
  const merged = new Map<ShownFields, ShownFields>()
  for (const record of recent.newestFirst()) {
    if (!fits(record, query)) continue
    const { shown } = record.rules
    const rules = merged.get(shown) ?? stricter(shown, query.rules)
    merged.set(shown, rules)
    found.push(viewOf(record, rules, viewer))
    if (found.length === query.limit) break
  }
  return found
}

function fits (record: RequestRecord, { statuses, reasons, route, upstream, id, whole = false }: RequestQuery): boolean {
  const status = String(record.status)
  return (statuses.length === 0 || statuses.some(wanted => wanted === status || wanted === `${status[0]}xx`)) &&
    (reasons.length === 0 || (record.reason !== undefined && reasons.includes(record.reason))) &&
    (route === undefined || (record.route ?? noRoute) === route) &&
    (upstream === undefined || record.upstream === upstream) &&
    (id === undefined || (whole ? record.id === id : record.id.startsWith(id)))
}

function listOf (query: Readonly<Record<string, unknown>>, name: string): string[] {
  const given = (query[name] ?? []) as string | readonly string[]
  return [given].flat().flatMap(text => text.split(',')).map(text => text.trim()).filter(text => text !== '')
}

function textOf (query: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = query[name]
  if (Array.isArray(value)) throw refused(`\`${name}\` is given more than once`)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function refused (detail: string): GatewayError {
  return new GatewayError('bad-request', { detail })
}
