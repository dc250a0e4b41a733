/**
 * Ends a connection at once and leaves nothing of it to the kernel.
 *
 * Relies on: `resetAndDestroy` of a socket with unsent bytes ends it by the socket's own `destroySoon`, which waits
 * for them.
 * Checked with node 24.21.0.
 * Without it: a client that reads nothing keeps its connection until the kernel gives up, which takes minutes.
 */

import type { Socket } from 'node:net'

/** Destroys a socket with a reset. What waits to be sent is thrown away, here and in the kernel. */
export function reset (socket: Socket): void {
  socket.destroySoon = destroyNow
  socket.resetAndDestroy()
  socket.destroy()
}

function destroyNow (this: Socket): void {
  this.destroy()
}
