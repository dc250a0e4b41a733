/** `GET /explain` and `POST /explain`: what the gateway would do with a request. */

import { isIP } from 'node:net'
import { type GatewayApi, GatewayError } from '../../../src/index.ts'
import { nodeHttp } from '../../../src/http/index.ts'

type Request = Parameters<GatewayApi['control']['explain']>[0]

/** A token of many claims and a certificate fit in. */
const bodyLimit = 65_536

/** A token (RFC 9110 §5.6.2), and bytes that a client can send. */
const line = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/

/**
 * Adds the routes. Both take the same members: `POST` in JSON, so that credentials are in no URL, which proxies and browsers remember. It
 * changes nothing, so those who may look may use it.
 */
export function addExplainRoutes ({ admin, control }: GatewayApi): void {
  admin.get('/explain', async ({ query }) => await control.explain(requestOf(query)))
  admin.post('/explain', { bodyLimit, config: { role: 'view' } }, async ({ body }) => await control.explain(requestOf(body)))
}

/** Reads `method`, `url`, `ip`, `certificate` (PEM) and `header`, a text `name: value` or a list of them. @throws GatewayError */
function requestOf (given: unknown): Request {
  const { method = 'GET', url, ip, certificate, header = [] } = (given ?? {}) as Readonly<Record<string, unknown>>
  if (typeof url !== 'string' || typeof method !== 'string') {
    throw new GatewayError('bad-request', { detail: 'give ?url=/path and, where it is not GET, &method=' })
  }
  if (!nodeHttp.METHODS.includes(method.toUpperCase())) throw wrong('method', 'is none that the gateway can receive')
  if (!isTarget(url)) throw wrong('url', 'must be a path, such as /users/1, or a URL that begins with http:// or https://')
  if (ip !== undefined && (typeof ip !== 'string' || isIP(ip) === 0)) {
    throw wrong('ip', 'must be the address of a client, such as 203.0.113.7')
  }
  return {
    method: method.toUpperCase(),
    url,
    headers: headersOf([header].flat()),
    ...(ip === undefined ? {} : { remoteAddress: ip }),
    ...(typeof certificate === 'string' ? { certificate } : {})
  }
}

function isTarget (url: string): boolean {
  if (/[\s\p{Cc}]/u.test(url)) return false
  return url.startsWith('/') || url === '*' || (/^https?:\/\//i.test(url) && URL.canParse(url))
}

/** Reads the lines. A field that is there twice has both values, as a server reads them (RFC 9110 §5.3). */
function headersOf (lines: readonly unknown[]): Record<string, string> {
  const headers = new Map<string, string>()
  for (const [index, text] of lines.entries()) {
    const [, name, value] = (typeof text === 'string' ? line.exec(text) : null) ?? []
    if (name === undefined || value === undefined) throw wrong('header', `must be written "name: value"; number ${index + 1} is not`)
    const key = name.toLowerCase()
    const before = headers.get(key)
    headers.set(key, before === undefined ? value : `${before}${key === 'cookie' ? '; ' : ', '}${value}`)
  }
  return Object.fromEntries(headers)
}

function wrong (name: string, problem: string): GatewayError {
  return new GatewayError('bad-request', { detail: `\`${name}\` ${problem}` })
}
