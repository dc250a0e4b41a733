/**
 * Two connected sockets in memory, without the network.
 *
 * Relies on: a socket without a handle reads and writes by the methods of a stream class that it overrides (`_read`,
 * `_write`, `_final`), and Node's HTTP server and client work with such a socket. Node documents that they accept any
 * Duplex, but the gateway uses methods that only sockets have.
 * Checked with node 24.21.0.
 * Without it: a request cannot be injected.
 */

import { Socket } from 'node:net'
import { setPeer } from './node-socket-peer.ts'

type Done = (error?: Error | null) => void

/** What Node passes to `_writev`. */
interface Chunk {
  readonly chunk: Buffer | string
  readonly encoding: BufferEncoding
}

class MemorySocket extends Socket {
  #peer: MemorySocket | undefined
  /** The write of the peer that ends when this side reads. */
  #written: Done | undefined
  #bytesRead = 0
  #bytesWritten = 0

  constructor (address: string) {
    super({ allowHalfOpen: true })
    setPeer(this, { address, port: 0 })
    Object.defineProperty(this, 'localPort', { value: 80 })
    Object.defineProperty(this, 'bytesRead', { get: () => this.#bytesRead })
    Object.defineProperty(this, 'bytesWritten', { get: () => this.#bytesWritten + this.writableLength })
  }

  join (peer: MemorySocket): void {
    this.#peer = peer
  }

  override _read (): void {
    const written = this.#written
    this.#written = undefined
    written?.()
  }

  override _write (chunk: Buffer | string, encoding: BufferEncoding, done: Done): void {
    // A copy, because the writer may use the memory again once it is written, and the peer may not have read it by then.
    this.#send(Buffer.from(chunk as string, encoding), done)
  }

  override _writev (chunks: readonly Chunk[], done: Done): void {
    const parts = chunks.map(({ chunk, encoding }) => typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk)
    this.#send(Buffer.concat(parts), done)
  }

  override _final (done: Done): void {
    this.#peer!.push(null)
    done()
  }

  override _destroy (error: Error | null, done: (error?: Error | null) => void): void {
    const peer = this.#peer!
    // The peer may be about to read what was written before.
    setImmediate(() => { if (!peer.destroyed && !peer.readableEnded) peer.destroy(broken('ECONNRESET')) })
    this._read()
    super._destroy(error, done)
  }

  #send (bytes: Buffer, done: Done): void {
    const peer = this.#peer!
    if (peer.destroyed) {
      done(broken('EPIPE'))
      return
    }
    this.#bytesWritten += bytes.length
    peer.#bytesRead += bytes.length
    // Set first, because `push` may read.
    peer.#written = done
    peer.push(bytes)
  }
}

function broken (code: string): Error {
  return Object.assign(new Error(`the other side has closed the connection (${code})`), { code })
}

/** Creates a connection. The server sees `address` as that of its client. */
export function connectInMemory (address: string): { readonly client: Socket, readonly server: Socket } {
  const [client, server] = [new MemorySocket('127.0.0.1'), new MemorySocket(address)]
  client.join(server)
  server.join(client)
  return { client, server }
}
