/** Builds the header fields that the client receives from an upstream's response. */
import { connectionTokens, hopByHopHeaders } from './hop-by-hop.ts'

/** Response header fields by lower-case name. A repeated one is an array. */
export type ResponseHeaders = Record<string, string | string[]>

/**
 * A copy without hop-by-hop fields and without those that the upstream's Connection nominates; Content-Length is never among these. The
 * gateway's connection to the client is its own: an upstream's `connection: close` says nothing about it. Repeated fields stay arrays.
 */
export function stripResponseHeaders (headers: Readonly<Record<string, string | string[] | undefined>>): ResponseHeaders {
  const { connection } = headers
  const nominated = connectionTokens(typeof connection === 'object' ? connection.join(',') : connection)
  // A copy, because `delete` would turn the object into a dictionary, which is slower to read.
  const kept: ResponseHeaders = {}
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined || hopByHopHeaders.has(name) || nominated.has(name) || name === '__proto__') continue
    kept[name] = value
  }
  return kept
}
