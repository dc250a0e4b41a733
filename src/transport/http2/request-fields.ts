/** The header fields of a request in the form of HTTP/2 (RFC 9113 §8.3.1). */

import { createHash } from 'node:crypto'
import { GatewayError } from '../../contract/errors.ts'
import type { TransportRequest } from '../../contract/transport.ts'
import { readFieldName } from '../../http/field-name.ts'
import { hopByHopHeaders } from '../../http/hop-by-hop.ts'

/** Bytes that no field value may have. A target that translates to HTTP/1.1 would read CR or LF as the end of the field. */
const unsafe = /[\0\r\n]/

/** Fields of the handshake of HTTP/1.1, which HTTP/2 replaces (RFC 8441 §5). */
const handshake: ReadonlySet<string> = new Set(['sec-websocket-key', 'sec-websocket-accept'])

/** The origin of a target, as requests name it. */
export interface Origin {
  readonly scheme: string
  /** Host and port, where it is not the usual one. */
  readonly authority: string
}

/**
 * Returns the fields as `[name, value, …]`, pseudo-header fields first. Names are in lower case. Host becomes `:authority`. Fields that
 * HTTP/2 forbids are left out.
 * @throws GatewayError `bad-request` for a value that cannot be sent
 */
export function requestFields ({ method, path, headers, body, tunnel }: TransportRequest, { scheme, authority }: Origin): string[] {
  const fields = tunnel
    ? [':method', 'CONNECT', ':protocol', 'websocket', ':scheme', scheme, ':authority', authority, ':path', path]
    : [':method', method, ':scheme', scheme, ':authority', authority, ':path', path]
  let sized = false
  for (let i = 0; i < headers.length; i += 2) {
    const { lower } = readFieldName(headers[i]!)
    const value = headers[i + 1]!
    if (unsafe.test(value)) throw new GatewayError('bad-request', { cause: new Error(`${lower} has a line break or a zero byte`) })
    if (lower === 'host') fields[fields.indexOf(':authority') + 1] = value
    else if (lower === 'te') {
      // The only member that HTTP/2 allows (RFC 9113 §8.2.2).
      if (value === 'trailers') fields.push(lower, value)
    } else if (!hopByHopHeaders.has(lower) && !(tunnel && handshake.has(lower))) {
      sized ||= lower === 'content-length'
      fields.push(lower, value)
    }
  }
  if (!sized && Buffer.isBuffer(body)) fields.push('content-length', String(body.length))
  return fields
}

/** Whether trailer fields may follow the body: its length is not declared. */
export function mayHaveTrailers (fields: readonly string[]): boolean {
  return !fields.includes('content-length')
}

/** The value with which a server of HTTP/1.1 accepts the handshake of the client (RFC 6455 §4.2.2); undefined without a key. */
export function acceptanceOf (headers: readonly string[]): string | undefined {
  const index = headers.findIndex((name, at) => at % 2 === 0 && name.toLowerCase() === 'sec-websocket-key')
  return index === -1 ? undefined : createHash('sha1').update(headers[index + 1]! + handshakeGuid).digest('base64')
}

const handshakeGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
