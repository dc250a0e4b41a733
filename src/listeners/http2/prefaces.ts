/** Connections without TLS whose first bytes decide between HTTP/1.1 and HTTP/2 (RFC 9113 §3.3). */

import type { Socket } from 'node:net'
import { patiently } from '../../scheduling/patient-timer.ts'

/** What a client that speaks HTTP/2 sends first. */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/** Whether the connection begins with the preface; undefined while that is open. */
export function isPreface (bytes: Buffer): boolean | undefined {
  const { length } = preface
  if (bytes.length >= length) return bytes.subarray(0, length).equals(preface)
  return preface.subarray(0, bytes.length).equals(bytes) ? undefined : false
}

export class Prefaces {
  readonly #waiting = new Set<Socket>()
  readonly #late: (socket: Socket) => void
  #timeout = 0

  /** `late` is called for a connection that does not send enough in time. */
  constructor (late: (socket: Socket) => void) {
    this.#late = late
  }

  /** @param timeout in milliseconds, 0 for no limit */
  apply (timeout: number): void {
    this.#timeout = timeout
  }

  /** Calls `ready` once the protocol is known. The bytes are still in the socket, which is paused. */
  receive (socket: Socket, ready: (isHttp2: boolean) => void): void {
    let held: Buffer = Buffer.alloc(0)
    const stop = (): void => {
      timer?.clear()
      this.#waiting.delete(socket)
      socket.off('data', read).off('close', stop).off('end', stop)
    }
    const read = (chunk: Buffer): void => {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      const isHttp2 = isPreface(held)
      if (isHttp2 === undefined) return
      stop()
      socket.pause()
      socket.unshift(held)
      ready(isHttp2)
    }
    const timer = this.#timeout === 0 ? undefined : patiently(this.#timeout, () => {
      stop()
      this.#late(socket)
    })
    this.#waiting.add(socket)
    socket.on('data', read).on('close', stop).on('end', stop)
    if (socket.isPaused()) socket.resume()
  }

  closeAll (): void {
    for (const socket of this.#waiting) socket.destroy()
  }
}
