/**
 * How much a connection had been used when an error ended it.
 *
 * Relies on: undici hands the error of a socket to the handler of the request as it is, and listens to it after
 * `connect` has called back, so that what is noted on the error before is still there. Only of the errors that
 * undici makes itself does it document `socket`, with `bytesRead`.
 * Checked with undici 7.30.2.
 * Without it: a request on a connection that the target had just closed is not sent again on a fresh one, and the
 * end of an upload that the target refuses counts as a failure.
 */

import type { Socket } from 'node:net'

/** What an error of a connection says about it, as its `socket`. */
export interface SocketUse {
  readonly bytesRead: number
  /** Whether it broke before all that was to be written was. */
  readonly writing: boolean
}

/** Notes on an error of this socket how much it had been used. For connections that undici has not seen yet. */
export function noteUseOnError (socket: Socket): void {
  socket.once('error', noteUse)
}

/** What is known about the connection behind an error. */
export function useOf (error: unknown): SocketUse | undefined {
  return (error as { socket?: SocketUse } | undefined)?.socket
}

function noteUse (this: Socket, error: Error & { socket?: SocketUse }): void {
  error.socket = { bytesRead: this.bytesRead, writing: this.writableLength > 0 }
}
