/** Reads the pseudo-header fields of a request over HTTP/2 (RFC 9113 §8.3). nghttp2 has checked that they are there, once and first. */

import type { IncomingHttpHeaders } from 'node:http2'
import type { RequestHead } from './http2-request.ts'
import { readFields, sizeOf } from './request-fields.ts'

/** The flag of a frame that ends the stream. */
const endStream = 0x1

/**
 * @param headers the fields as Node gives them by name
 * @param fields the fields as they came, `[name, value, …]`
 */
export function readRequest (headers: IncomingHttpHeaders, fields: readonly string[], flags: number): RequestHead {
  const isTunnel = headers[':method'] === 'CONNECT' && headers[':protocol'] === 'websocket'
  const method = isTunnel ? 'GET' : headers[':method']!
  const path = headers[':path']
  const authority = headers[':authority']
  return {
    method,
    // CONNECT has an authority instead.
    url: path ?? authority ?? '',
    fields: readFields(fields, authority),
    size: sizeOf(fields),
    // What follows a request for a WebSocket are its frames.
    bodyFollows: (flags & endStream) === 0 && !isTunnel,
    isTunnel,
    malformed: method !== 'CONNECT' && !isSound(headers[':scheme'], path)
  }
}

/**
 * A path of another scheme could be a whole URL, and name another host. The scheme says nothing beyond that: whether the connection has TLS
 * is known.
 */
function isSound (scheme: string | undefined, path: string | undefined): boolean {
  return (scheme === 'https' || scheme === 'http') && path !== undefined && (path.startsWith('/') || path === '*')
}
