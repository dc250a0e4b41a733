/** HTTP-01: the directory reads a text from a path of the host, on port 80 (RFC 8555 §8.3). */

import { isToken } from './challenge.ts'

const lead = '/.well-known/acme-challenge/'

/** The token of a request target; undefined for every other one. */
export function tokenOf (url: string): string | undefined {
  if (!url.startsWith(lead)) return undefined
  const token = url.slice(lead.length)
  return isToken(token) ? token : undefined
}
