/** HTTP-01: the directory reads a text from a path of the host, on port 80 (RFC 8555 §8.3). */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { isToken } from './challenge.ts'

const lead = '/.well-known/acme-challenge/'

/** The token of a request target; undefined for every other one. */
export function tokenOf (url: string): string | undefined {
  if (!url.startsWith(lead)) return undefined
  const token = url.slice(lead.length)
  return isToken(token) ? token : undefined
}

/** Responds to a request for a challenge that is under way. Returns false, and does nothing, for every other request. */
export function respondToChallenge (
  challenges: { httpResponse (url: string): string | undefined },
  { url = '', method }: Pick<IncomingMessage, 'url' | 'method'>,
  response: ServerResponse
): boolean {
  if (!url.startsWith(lead) || (method !== 'GET' && method !== 'HEAD')) return false
  const text = challenges.httpResponse(url)
  if (text === undefined) return false
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': text.length })
  response.end(text)
  return true
}
