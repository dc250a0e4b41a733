/**
 * Reads a request target (RFC 9112 §3.2) once, for matching and for forwarding. An accepted target is forwarded byte
 * for byte, so router and upstream see the same path.
 */
import { readHost } from './host.ts'
import { checkPath } from './path-check.ts'
import type { TargetRefusal } from './path-check.ts'

export type { TargetRefusal } from './path-check.ts'
export { pathInterpretations as readings } from './path-interpretations.ts'

/** A target that may be matched and forwarded. */
export interface RequestTarget {
  /** The raw bytes of the path; begins with `/`, or is `*` for `OPTIONS *`. */
  readonly path: string
  /** `''`, or the raw query with its `?`. */
  readonly query: string
  /** `host[:port]` of an absolute-form target; it overrides the Host header (RFC 9112 §3.2.2). */
  readonly authority: string | undefined
}

/**
 * Reads a request target, or says why it is refused. Never throws.
 *
 * In the path refused: control bytes, `\`, malformed or non-UTF-8 escapes and dot segments, raw or in any encoded spelling. In the query
 * only what can never be there: raw control bytes, `#`, bytes beyond ASCII. Kept as they are: `//`, `%2F`, `;`, `{}`, `^`, `|`.
 *
 * @param maxLength in bytes, of the whole target.
 */
export function readRequestTarget (method: string, target: string, maxLength: number): RequestTarget | TargetRefusal {
  if (target.length > maxLength) return 'too-long'
  if (method === 'CONNECT') return 'not-a-path'
  if (target.charCodeAt(0) === 0x2f) return readFrom(target, 0, undefined)
  if (target === '*') return method === 'OPTIONS' ? { path: '*', query: '', authority: undefined } : 'not-a-path'
  return readAbsolute(method, target)
}

function readAbsolute (method: string, target: string): RequestTarget | TargetRefusal {
  const scheme = /^https?:\/\//i.exec(target)
  if (scheme === null) return 'not-a-path'

  const start = scheme[0].length
  let end = start
  while (end < target.length && !isAuthorityEnd(target.charCodeAt(end))) end++
  const authority = target.slice(start, end)
  if (readHost(authority) === undefined) return 'bad-authority'

  if (target.charCodeAt(end) === 0x2f) return readFrom(target, end, authority)
  // Without a path it is `/`, or `*` for OPTIONS (RFC 9112 §3.2.4).
  if (end === target.length) return { path: method === 'OPTIONS' ? '*' : '/', query: '', authority }
  return readFrom(`/${target.slice(end)}`, 0, authority)
}

function isAuthorityEnd (code: number): boolean {
  return code === 0x2f || code === 0x3f || code === 0x23
}

function readFrom (target: string, start: number, authority: string | undefined): RequestTarget | TargetRefusal {
  const end = checkPath(target, start)
  if (typeof end === 'string') return end
  const refusal = checkQuery(target, end)
  if (refusal !== undefined) return refusal
  if (start === 0 && end === target.length) return { path: target, query: '', authority }
  return { path: target.slice(start, end), query: target.slice(end), authority }
}

function checkQuery (target: string, start: number): TargetRefusal | undefined {
  for (let i = start; i < target.length; i++) {
    const code = target.charCodeAt(i)
    if (code <= 0x20 || code === 0x7f) return 'control-bytes'
    if (code > 0x7f) return 'non-ascii'
    if (code === 0x23) return 'fragment'
  }
  return undefined
}
