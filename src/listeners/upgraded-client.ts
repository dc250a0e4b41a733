/** The client of a WebSocket over HTTP/1.1: its connection, which Node has handed over. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ClientTunnel } from '../contract/client-request.ts'
import { acceptFor } from '../http/websocket.ts'
import type { Connection } from './connection.ts'

/** The most bytes that are kept of what a client sends before it is accepted. It should send nothing (RFC 6455 §4.1). */
const mostEarly = 16 * 1024

export class UpgradedClient implements ClientTunnel {
  readonly #connection: Connection
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #early: Buffer[]
  #size: number

  /** Reads the connection from now on, or nothing would tell that the client leaves. */
  constructor (connection: Connection, request: IncomingMessage, response: ServerResponse, head: Buffer) {
    this.#connection = connection
    this.#request = request
    this.#response = response
    this.#early = [head]
    this.#size = head.length
    connection.socket.on('data', this.#keep)
  }

  /** What the client still sends is not kept any more. */
  release (): void {
    this.#connection.socket.off('data', this.#keep)
  }

  accept (fields: Readonly<Record<string, string | readonly string[]>>): Duplex {
    const { socket } = this.#connection
    this.#response.writeHead(101, {
      ...fields as Record<string, string | string[]>,
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-accept': acceptFor(this.#request.headers['sec-websocket-key']!)
    })
    this.#response.flushHeaders()
    this.release()
    socket.pause()
    if (this.#size > 0) socket.unshift(Buffer.concat(this.#early))
    this.#connection.handOver()
    return socket
  }

  readonly #keep = (chunk: Buffer): void => {
    this.#early.push(chunk)
    this.#size += chunk.length
    if (this.#size > mostEarly) this.#connection.socket.pause()
  }
}
