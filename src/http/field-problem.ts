/** Checks the names of header fields that a configuration sets or removes. */

import { hopByHopHeaders } from './hop-by-hop.ts'

/** A header name (RFC 9110 §5.6.2). */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Fields that frame the message or belong to the connection: changing them would desynchronise it. */
const untouchable: ReadonlySet<string> = new Set([...hopByHopHeaders, 'content-length', 'host', 'expect'])

/** What is wrong with the name of a field that is to be changed; undefined when nothing is. */
export function fieldProblem (name: string): string | undefined {
  if (!token.test(name)) return `"${name}" is not a header name`
  return untouchable.has(name.toLowerCase()) ? `"${name}" belongs to the connection and cannot be changed` : undefined
}
