/** The opening handshake of a WebSocket towards a target (RFC 6455 §4.1). The keys are those of this connection, not of the client's. */

import { randomBytes } from 'node:crypto'
import type { ResponseFields } from '../../contract/transport.ts'
import { acceptFor, webSocketVersion } from '../../http/websocket.ts'

/** Fields that belong to one connection. */
const own: ReadonlySet<string> = new Set(['sec-websocket-key', 'sec-websocket-version', 'sec-websocket-accept'])

export class WebSocketHandshake {
  readonly #key = randomBytes(16).toString('base64')

  /** The fields of a request, with those of the handshake. Connection and Upgrade are not among them. */
  request (headers: readonly string[]): string[] {
    const fields: string[] = []
    for (let i = 0; i < headers.length; i += 2) {
      if (!own.has(headers[i]!.toLowerCase())) fields.push(headers[i]!, headers[i + 1]!)
    }
    fields.push('sec-websocket-key', this.#key, 'sec-websocket-version', webSocketVersion)
    return fields
  }

  /** Whether the response with status 101 belongs to the request. */
  accepts (headers: ResponseFields): boolean {
    return String(headers['upgrade']).toLowerCase() === 'websocket' && headers['sec-websocket-accept'] === acceptFor(this.#key)
  }
}
