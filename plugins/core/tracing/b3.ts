/** B3, the headers of Zipkin: one field `b3`, or several `x-b3-*` (openzipkin/b3-propagation). */

import type { IncomingHttpHeaders } from 'node:http'
import { sampledFlag } from '../../../src/http/index.ts'
import type { Caller } from './caller.ts'

/** Fields of the form with several. */
export const b3Fields = ['x-b3-traceid', 'x-b3-spanid', 'x-b3-sampled', 'x-b3-parentspanid', 'x-b3-flags'] as const

const single = /^([0-9a-f]{16}|[0-9a-f]{32})-([0-9a-f]{16})(?:-([01d])(?:-[0-9a-f]{16})?)?$/

/** Reads `b3`. A mark without ids (`b3: 0`) begins no trace here, but decides. */
export function readSingle (headers: IncomingHttpHeaders): Caller | undefined {
  const value = headers['b3']
  if (typeof value !== 'string') return undefined
  if (value === '0' || value === '1' || value === 'd') return { flags: mark(value) }
  const found = single.exec(value)
  return found === null ? undefined : caller(found[1]!, found[2]!, mark(found[3]))
}

/** Reads `x-b3-*`. */
export function readSeveral (headers: IncomingHttpHeaders): Caller | undefined {
  const sampled = headers['x-b3-flags'] === '1' ? 'd' : headers['x-b3-sampled']
  const flags = typeof sampled === 'string' ? mark(sampled) : undefined
  const traceId = headers['x-b3-traceid']
  const spanId = headers['x-b3-spanid']
  if (traceId === undefined && spanId === undefined) return flags === undefined ? undefined : { flags }
  if (typeof traceId !== 'string' || typeof spanId !== 'string') return undefined
  return /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/.test(traceId) && /^[0-9a-f]{16}$/.test(spanId) ? caller(traceId, spanId, flags) : undefined
}

/** Writes `b3`. */
export function writeSingle (fields: string[], traceId: string, spanId: string, flags: number): void {
  fields.push('b3', `${traceId}-${spanId}-${flags & sampledFlag}`)
}

/** Writes `x-b3-*`. */
export function writeSeveral (fields: string[], traceId: string, spanId: string, flags: number): void {
  fields.push('x-b3-traceid', traceId, 'x-b3-spanid', spanId, 'x-b3-sampled', String(flags & sampledFlag))
}

/** Ids of 64 bits are padded on the left, as W3C ids have 128. */
function caller (traceId: string, parentId: string, flags: number | undefined): Caller | undefined {
  return /^0+$/.test(traceId) || /^0+$/.test(parentId) ? undefined : { traceId: traceId.padStart(32, '0'), parentId, flags }
}

function mark (sampled: string | undefined): number | undefined {
  if (sampled === '1' || sampled === 'd' || sampled === 'true') return sampledFlag
  return sampled === '0' || sampled === 'false' ? 0 : undefined
}
