/** `POST /reload`; `GET /reloads`: the latest configurations, served or refused, and what each changed; `POST …/restore`. */

import {
  type FastifyRequest, type GatewayApi, GatewayError, type ReloadHistory, type ReloadRecord, signatureOf,
  untilNextReload
} from '../../../src/index.ts'
import { changedPlaces } from './changed-places.ts'
import { yamlType } from './config-routes.ts'
import { type ChangeCounts, countChanges, describeRecord, describeRestored } from './reload-record.ts'
import { unifiedDiff } from './unified-diff.ts'

/** The most places that a difference lists. */
const mostPlaces = 500

/** The most characters of a reason. */
const longestReason = 200

export function addReloadRoutes (gateway: GatewayApi): void {
  const { admin, control } = gateway
  const { history } = control
  // They never change, and reading two configurations takes a moment. One for all generations.
  const counts = gateway.resource({ kind: 'admin', key: 'reload-changes', create: () => new WeakMap<ReloadRecord, ChangeCounts>() })

  admin.post('/reload', async (request, reply) => {
    const verdict = await control.reload('admin', { ...signatureOf(request), reason: reasonOf(request) })
    return reply.code(verdict.ok ? 200 : 422).send(verdict)
  })
  admin.get('/reloads', async () => {
    const reloads: object[] = []
    for (const record of control.history.records.toReversed()) {
      reloads.push(describeRecord(record, control.history.serving, await changesOf(record)))
    }
    const { file, included } = control.history.serving ?? {}
    return { file, included, ...describeRestored(control.history), reloads }
  })
  admin.get('/reloads/:number', async (request, reply) => {
    const { yaml } = await effectiveOf(numberOf((request.params as { number: unknown }).number))
    return reply.type(yamlType).send(await yaml())
  })
  admin.get('/reloads/:number/diff', async request => {
    const number = numberOf((request.params as { number: unknown }).number)
    const asked = (request.query as { readonly with?: unknown }).with
    const other = asked === undefined ? before(control.history, number)?.number : numberOf(asked)
    if (other === undefined) throw new GatewayError('not-found', { detail: `what served before ${number} is not kept; give ?with=NUMBER` })
    const [old, now] = [await effectiveOf(other), await effectiveOf(number)]
    const places = changedPlaces(old.value, now.value)
    return {
      from: other,
      to: number,
      diff: unifiedDiff(await old.yaml(), await now.yaml(), { before: `configuration ${other}`, after: `configuration ${number}` }),
      places: places.slice(0, mostPlaces),
      more: Math.max(0, places.length - mostPlaces)
    }
  })
  admin.post('/reloads/:number/restore', async (request, reply) => {
    const number = numberOf((request.params as { number: unknown }).number)
    const reason = reasonOf(request)
    const record = control.history.records.find(one => one.number === number)
    if (record?.generation === undefined) throw unknown(number, control.history)
    if (number === control.history.serving?.number) {
      throw new GatewayError('bad-request', { detail: `configuration ${number} serves already` })
    }
    const verdict = await control.restore(number, { ...signatureOf(request), reason })
    return reply.code(verdict.ok ? 200 : 422).send(verdict.ok ? { ...verdict, until: untilNextReload } : verdict)
  })

  const effectiveOf = async (number: number) => {
    const effective = await control.history.effective(number)
    if (effective === undefined) throw unknown(number, control.history)
    return effective
  }
  const changesOf = async (record: ReloadRecord): Promise<ChangeCounts | undefined> => {
    const former = before(history, record.number)
    if (record.generation === undefined || former === undefined) return undefined
    const known = counts.get(record)
    if (known !== undefined) return known
    const [old, now] = [await control.history.effective(former.number), await control.history.effective(record.number)]
    if (old === undefined || now === undefined) return undefined
    const found = countChanges(changedPlaces(old.value, now.value))
    counts.set(record, found)
    return found
  }
}

/** The one that served before; undefined where it is not kept. */
function before ({ records }: ReloadHistory, number: number): ReloadRecord | undefined {
  const at = records.find(one => one.number === number)
  if (at?.generation === undefined) return undefined
  return records.find(({ generation }) => generation === at.generation! - 1)
}

function numberOf (text: unknown): number {
  const number = typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : undefined
  if (number !== undefined) return number
  throw new GatewayError('bad-request', { detail: 'give the number of a configuration, as GET /reloads shows it' })
}

function reasonOf ({ query }: FastifyRequest): string | undefined {
  const { reason } = query as { readonly reason?: unknown }
  if (reason === undefined || reason === '') return undefined
  if (typeof reason === 'string' && reason.length <= longestReason) return reason
  throw new GatewayError('bad-request', { detail: `\`reason\` must be one text of at most ${longestReason} characters` })
}

function unknown (number: number, { records }: ReloadHistory): GatewayError {
  const kept = records.filter(({ generation }) => generation !== undefined).map(one => one.number).join(', ')
  return new GatewayError('not-found', { detail: `configuration ${number} was refused, or is not kept; these are: ${kept}` })
}
