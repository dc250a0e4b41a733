/** Selects the trailer fields of a response that the client receives, and those of a request that the upstream receives. */

import { hopByHopHeaders } from './hop-by-hop.ts'

/**
 * Fields that could change what the message means: framing, routing, authentication, control data, and how
 * the content is read (RFC 9110 §6.5.1).
 */
export const forbiddenTrailers: ReadonlySet<string> = new Set([
  ...hopByHopHeaders,
  'content-length', 'content-encoding', 'content-type', 'content-range', 'content-location', 'host', 'via', 'x-request-id',
  'authorization', 'www-authenticate', 'set-cookie', 'cookie',
  'age', 'cache-control', 'date', 'expires', 'etag', 'last-modified', 'location', 'retry-after', 'vary', 'warning', 'allow', 'accept-ranges'
])

/** Pairs of name and value, in the order in which they came, without those that must not be trailers. */
export function passableTrailers (trailers: Readonly<Record<string, string | readonly string[]>>, removed?: ReadonlySet<string>): [
  name: string,
  value: string
][] {
  const kept: [string, string][] = []
  for (const [name, value] of Object.entries(trailers)) {
    if (forbiddenTrailers.has(name) || removed?.has(name) === true) continue
    for (const one of typeof value === 'string' ? [value] : value) kept.push([name, one])
  }
  return kept
}
