/** Header fields of a response that is not sent after all. */

import type { FastifyReply } from 'fastify'
import { nodeHttp } from '../../../src/http/index.ts'

/** Say something about the content, its age or its framing; wrong beside any other content. */
const ofContent = [
  'accept-ranges', 'age', 'cache-control', 'content-digest', 'content-disposition', 'content-encoding',
  'content-language', 'content-length',
  'content-location', 'content-md5', 'content-range', 'content-type', 'digest', 'etag', 'expires', 'last-modified', 'link', 'location',
  'refresh', 'repr-digest', 'trailer', 'transfer-encoding'
]

/** Say something in the name of the service, or change what the client keeps for it. */
const ofService = [
  'authentication-info', 'clear-site-data', 'proxy-status', 'retry-after', 'server-timing', 'set-cookie',
  'www-authenticate'
]

/**
 * Removes what was copied from a response that broke off before its first byte went out, and leaves what policies
 * have set, such as limits and CORS.
 * @param answered whether the response of an upstream had begun: only then are fields of the service among them
 */
export function clearStaleHeaders (reply: FastifyReply, answered: boolean): void {
  for (const name of ofContent) remove(reply, name)
  if (answered) for (const name of ofService) remove(reply, name)
}

/** A stream that failed before its first byte has left its fields on Node's response as well. */
function remove (reply: FastifyReply, name: string): void {
  void reply.removeHeader(name)
  // Node takes the removal of a field that is not there as the wish never to have it.
  if (reply.raw.hasHeader(name)) reply.raw.removeHeader(name)
}

/** Removes fields that Node would refuse: with one of them the client would get no response. */
export function removeInvalidFields (reply: FastifyReply): void {
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    try {
      nodeHttp.validateHeaderName(name)
      for (const one of [value].flat()) nodeHttp.validateHeaderValue(name, one as string)
    } catch {
      void reply.removeHeader(name)
    }
  }
}
