/** The service behind the gateway: it keeps every byte to the strictest reading, answers well, and in an attack as its script says. */

import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Script } from './case.ts'
import { StrictReader, type StrictRequest } from './strict-reader.ts'

/** Path of the requests that ask, after each attack, whether all is well. */
export const sentinel = '/sentinel/'

/** What reached the service since the last attack. */
export interface Record {
  readonly requests: StrictRequest[]
  readonly faults: string[]
  /** Heads of requests, those included that never got their body. */
  heads: number
}

interface Connection {
  readonly socket: Socket
  readonly reader: StrictReader
  /** Requests, heads and faults that have been taken note of. */
  requests: number
  heads: number
  faults: number
  /** The last script that had its turn here. */
  played: Script | undefined
}

export class Recorder {
  record: Record = { requests: [], faults: [], heads: 0 }
  readonly #server: Server
  readonly #connections = new Set<Connection>()
  #script: Script | undefined
  #waiting: (() => void) | undefined

  constructor () {
    this.#server = createServer(socket => this.#serve(socket))
  }

  /** Starts on a port, any free one unless given, and gives its number. */
  async start (port = 0): Promise<number> {
    await new Promise<void>(resolve => { this.#server.listen(port, '127.0.0.1', resolve) })
    return (this.#server.address() as AddressInfo).port
  }

  async close (): Promise<void> {
    for (const { socket } of this.#connections) socket.destroy()
    await new Promise<void>(resolve => { this.#server.close(() => resolve()) })
  }

  /** A new attack begins. */
  begin (script: Script | undefined): void {
    this.record = { requests: [], faults: [], heads: 0 }
    this.#script = script
  }

  /** Resolves when no request is half here: each was completed, or its connection closed. */
  async settled (): Promise<void> {
    if (this.#settled) return
    await new Promise<void>(resolve => { this.#waiting = resolve })
  }

  get #settled (): boolean {
    for (const { reader } of this.#connections) if (!reader.idle) return false
    return true
  }

  #serve (socket: Socket): void {
    const connection: Connection = { socket, reader: new StrictReader(), requests: 0, heads: 0, faults: 0, played: undefined }
    this.#connections.add(connection)
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#connections.delete(connection)
      this.#wake()
    })
    socket.on('data', (chunk: Buffer) => {
      connection.reader.push(chunk.toString('latin1'))
      this.#note(connection)
      this.#wake()
    })
    if (this.#script?.on === 'connect') this.#play(connection, this.#script)
  }

  #wake (): void {
    if (!this.#settled) return
    this.#waiting?.()
    this.#waiting = undefined
  }

  #note (connection: Connection): void {
    const { reader } = connection
    this.record.faults.push(...reader.faults.slice(connection.faults))
    connection.faults = reader.faults.length
    const fresh = reader.requests.slice(connection.requests)
    connection.requests = reader.requests.length
    const asked = fresh.filter(({ target }) => !target.startsWith(sentinel))
    this.record.heads += reader.heads - connection.heads - (fresh.length - asked.length)
    const begun = reader.heads > connection.heads
    connection.heads = reader.heads
    this.record.requests.push(...asked)
    if (begun && this.#script?.on === 'head' && asked.length === fresh.length) this.#play(connection, this.#script)
    for (const request of fresh) this.#answer(connection, request)
  }

  #answer (connection: Connection, { method, target }: StrictRequest): void {
    if (this.#script !== undefined && !target.startsWith(sentinel)) {
      if (this.#script.on !== 'connect' && this.#script.on !== 'head') this.#play(connection, this.#script)
      return
    }
    const body = method === 'HEAD' ? '' : target
    connection.socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${target.length}\r\n\r\n${body}`, 'latin1')
  }

  #play (connection: Connection, script: Script): void {
    const { socket } = connection
    const { bytes, endless, then } = script
    if (connection.played === script) return
    connection.played = script
    if (then === 'reset' && bytes === '') socket.resetAndDestroy()
    else if (then === 'end') socket.end(bytes, 'latin1')
    else {
      socket.write(bytes, 'latin1', () => {
        if (then === 'reset') socket.resetAndDestroy()
      })
    }
    if (endless === undefined) return
    const more = (): void => {
      while (!socket.destroyed && socket.write(endless, 'latin1'));
    }
    socket.on('drain', more)
    more()
  }
}
