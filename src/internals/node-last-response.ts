/**
 * How a connection ends after its last response.
 *
 * Relies on: Node's HTTP server calls `destroySoon` of the socket when the last response on it is complete. The
 * method is documented; who calls it is not.
 * Checked with node 24.21.0.
 * Without it: Node closes the connection at once, and a reset may overtake the response to a client that is still
 * sending (RFC 9112 §9.6).
 */

import { Socket } from 'node:net'

/**
 * Calls `end` with the socket as `this` in place of what Node does after the last response. Give one function for
 * all sockets.
 */
export function onLastResponse (socket: Socket, end: (this: Socket) => void): void {
  socket.destroySoon = end
}

/** What Node does after the last response: closes the socket once everything is written. */
export function closeWhenWritten (socket: Socket): void {
  Socket.prototype.destroySoon.call(socket)
}
