/** Connections from load balancers that send the address of the client first (PROXY protocol). */

import type { Socket } from 'node:net'
import { readProxyHeader } from '../http/proxy-protocol.ts'
import { plainAddress } from '../http/client-address.ts'
import { setPeer } from '../internals/node-socket-peer.ts'
import { patiently } from '../scheduling/patient-timer.ts'

/** The connections whose PROXY protocol header has not arrived yet. */
export class ProxiedConnections {
  /** Whether the peer at an address begins its connections with such a header; undefined when there is no such peer. */
  #proxied: ((ip: string) => boolean) | undefined
  #timeout = 0
  readonly #waiting = new Set<Socket>()
  readonly #refused: (socket: Socket) => void

  /** `refused` is called for connections without a header. */
  constructor (refused: (socket: Socket) => void) {
    this.#refused = refused
  }

  apply (proxied: ((ip: string) => boolean) | undefined, timeout: number): void {
    this.#proxied = proxied
    this.#timeout = timeout
  }

  /** Whether a header is the first that a connection sends. */
  includes (socket: Socket): boolean {
    return this.#proxied?.(plainAddress(socket.remoteAddress ?? '')) === true
  }

  /** Calls `ready` once the header of a connection is read. Then the socket is paused. */
  receive (socket: Socket, ready: () => void): void {
    this.#waiting.add(socket)
    socket.once('close', () => this.#waiting.delete(socket))
    receiveProxyHeader(socket, this.#timeout, () => {
      this.#waiting.delete(socket)
      ready()
    }, () => this.#refused(socket))
  }

  closeAll (): void {
    for (const socket of this.#waiting) socket.destroy()
  }
}

/**
 * Reads the PROXY protocol header of a connection. Then the socket reports the address from the header as that of its peer, and `ready` is
 * called; the bytes that follow are still in the socket, which is paused. `refused` is called when there is no header, and after `timeout`
 * milliseconds (0 for no timeout).
 */
function receiveProxyHeader (socket: Socket, timeout: number, ready: () => void, refused: () => void): void {
  let held: Buffer = Buffer.alloc(0)
  const stop = (): void => {
    timer?.clear()
    socket.off('data', read).off('close', stop).off('end', fail)
  }
  const fail = (): void => {
    stop()
    refused()
  }
  const read = (chunk: Buffer): void => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    const header = readProxyHeader(held)
    if (header === 'more') return
    if (header === 'bad') {
      fail()
      return
    }
    stop()
    socket.pause()
    if (held.length > header.length) socket.unshift(held.subarray(header.length))
    if (header.source !== undefined) setPeer(socket, header.source)
    ready()
  }
  const timer = timeout > 0 ? patiently(timeout, fail) : undefined
  socket.on('data', read).on('close', stop).on('end', fail)
}
