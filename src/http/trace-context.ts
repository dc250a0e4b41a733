/** W3C Trace Context (level 1, and the random flag of level 2): which trace a request belongs to. */
import { hexDigit } from './percent.ts'

export { createIds } from './trace-ids.ts'
export type { TraceIds } from './trace-ids.ts'

/** Flag bit: the caller may have recorded this trace (§3.2.2.5). */
export const sampledFlag = 1

/** Flag bit: the trace id is random in its right-most seven bytes (level 2, §3.2.2.5.2). Ids of `createIds` are. */
export const randomFlag = 2

/** A caller's place in a trace. Ids are lower-case hexadecimal and never all zero. */
export interface TraceParent {
  readonly version: number
  readonly traceId: string
  readonly parentId: string
  /** All eight bits as they came; know {@link sampledFlag} and {@link randomFlag}, ignore the others. */
  readonly flags: number
}

const zeroTraceId = '0'.repeat(32)
const zeroSpanId = '0'.repeat(16)
/** Length of version 00, and of what later versions have in common with it. */
const LENGTH = 55
const DASH = 0x2d

/**
 * Reads a traceparent header (§3.2). `undefined` when it is absent, repeated (Node joins with a comma) or invalid: then the trace starts
 * here and tracestate is to be ignored as well. A version after 00 may carry more fields; they are not read.
 */
export function parseTraceparent (value: string | undefined): TraceParent | undefined {
  if (value === undefined) return undefined
  const text = value.length === LENGTH ? value : trimBlank(value)
  if (text.length < LENGTH) return undefined
  if (text.charCodeAt(2) !== DASH || text.charCodeAt(35) !== DASH || text.charCodeAt(52) !== DASH) return undefined

  const version = hexByte(text, 0)
  const flags = hexByte(text, 53)
  if (version === -1 || version === 0xff || flags === -1) return undefined
  if (text.length > LENGTH && (version === 0 || text.charCodeAt(LENGTH) !== DASH)) return undefined
  if (!isLowerHex(text, 3, 35) || !isLowerHex(text, 36, 52)) return undefined

  const traceId = text.slice(3, 35)
  const parentId = text.slice(36, 52)
  return traceId === zeroTraceId || parentId === zeroSpanId ? undefined : { version, traceId, parentId, flags }
}

/**
 * The traceparent to send on: always version 00, our own span as parent, and of the flags only those that are known (§4.3 asks to clear
 * the others). Pass the caller's flags with {@link sampledFlag} set to what was decided here.
 */
export function childTraceparent (traceId: string, spanId: string, flags: number): string {
  return `00-${traceId}-${spanId}-0${flags & (sampledFlag | randomFlag)}`
}

/** Members of a tracestate (§3.3.1.1). */
const MAX_MEMBERS = 32
/** Key of level 2, which takes in every key of level 1; value: printable ASCII without `,` and `=`, not ending in a space (§3.3.1.3). */
const member = /^[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/

/**
 * Reads tracestate, its lines combined in order, into the one line to send on: members kept in order and untouched, white space around
 * them, empty members and later members of a key that was there already left out. `undefined` when nothing is there or a member is wrong
 * (a bad key or value, more than 32 members), as one cannot tell which vendor's part is damaged.
 */
export function parseTracestate (value: string | readonly string[] | undefined): string | undefined {
  if (value === undefined) return undefined
  const members: string[] = []
  const keys = new Set<string>()
  for (const part of (typeof value === 'string' ? value : value.join(',')).split(',')) {
    const text = trimBlank(part)
    if (text === '') continue
    if (members.length === MAX_MEMBERS || !member.test(text)) return undefined
    const key = text.slice(0, text.indexOf('='))
    if (keys.has(key)) continue
    keys.add(key)
    members.push(text)
  }
  return members.length > 0 ? members.join(',') : undefined
}

/** Without spaces and tabs at its ends; `trim` would take more than OWS (RFC 9110 §5.6.3). */
function trimBlank (text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function isBlank (code: number): boolean {
  return code === 0x20 || code === 0x09
}

function isLowerHex (text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i)
    if (!((code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66))) return false
  }
  return true
}

function hexByte (text: string, at: number): number {
  return isLowerHex(text, at, at + 2) ? hexDigit(text.charCodeAt(at)) * 16 + hexDigit(text.charCodeAt(at + 1)) : -1
}
