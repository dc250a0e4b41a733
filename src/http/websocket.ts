/** The opening handshake of WebSockets over HTTP/1.1 (RFC 6455 §4). */

import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { listHas } from './hop-by-hop.ts'

/** What the handshake needs to know of a request. */
export interface HandshakeRequest {
  readonly method?: string | undefined
  readonly httpVersion: string
  readonly headers: IncomingHttpHeaders
}

/** `none`: the request asks for no WebSocket, and is served like any other (RFC 9110 §7.8). */
export type Handshake = 'none' | 'valid' | 'bad-version' | 'bad-key' | 'with-body'

/** The version of the protocol in Sec-WebSocket-Version. */
export const webSocketVersion = '13'

/** Sixteen bytes in base64. */
const key = /^[A-Za-z0-9+/]{22}==$/

/** Reads the handshake of a client. */
export function readHandshake ({ method, httpVersion, headers }: HandshakeRequest): Handshake {
  if (headers.upgrade?.toLowerCase() !== 'websocket' || method !== 'GET' || httpVersion !== '1.1') return 'none'
  if (!listHas(headers.connection, 'upgrade')) return 'none'
  if (headers['sec-websocket-version'] !== webSocketVersion) return 'bad-version'
  if (!key.test(headers['sec-websocket-key'] ?? '')) return 'bad-key'
  const { 'content-length': length = '0', 'transfer-encoding': coding } = headers
  return length === '0' && coding === undefined ? 'valid' : 'with-body'
}

/** The Sec-WebSocket-Accept that belongs to a key (RFC 6455 §4.2.2). */
export function acceptFor (clientKey: string): string {
  return createHash('sha1').update(`${clientKey}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}
