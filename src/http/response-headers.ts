/** The fields of an upstream's answer as they go to the client. */
import { connectionTokens, hopByHopHeaders } from './hop-by-hop.ts'

/** Fields of an answer by lower-case name; one that came more than once is an array. */
export type ResponseHeaders = Record<string, string | string[]>

/**
 * A copy without hop-by-hop fields and without those that the upstream's Connection nominates; Content-Length is never among these. The
 * gateway's connection to the client is its own: an upstream's `connection: close` says nothing about it. Repeated fields stay arrays.
 */
export function stripResponseHeaders (headers: Readonly<Record<string, string | string[] | undefined>>): ResponseHeaders {
  const { connection } = headers
  const nominated = connectionTokens(typeof connection === 'object' ? connection.join(',') : connection)
  // A copy: `delete` would turn the object into a dictionary, which is slower for everyone who reads it afterwards.
  const kept: ResponseHeaders = {}
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined || hopByHopHeaders.has(name) || nominated.has(name) || name === '__proto__') continue
    kept[name] = value
  }
  return kept
}
