/**
 * Responses that are still being written on a connection that Node has handed over after CONNECT.
 *
 * Relies on: Node takes its listener to `drain` of the socket away, and responses that wait for it are written on
 * when they emit `drain` themselves.
 * Checked with node 24.21.0.
 * Without it: a long response that was pipelined before a CONNECT does not end.
 */

import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Tells the response that `first` returns whenever the socket takes more. */
export function passDrain (socket: Socket, first: () => ServerResponse | undefined): void {
  socket.on('drain', () => first()?.emit('drain'))
}
