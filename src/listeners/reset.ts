/** Ends a connection at once with a TCP reset and discards its unsent data. */

import type { Socket } from 'node:net'

/**
 * Destroys a socket with a reset. Unsent data is discarded, here and in the operating system, which would otherwise keep it for minutes for
 * a client that reads nothing. Node's own reset calls `destroySoon`, which waits until all is written, and so forever.
 */
export function reset (socket: Socket): void {
  socket.destroySoon = destroyNow
  socket.resetAndDestroy()
  socket.destroy()
}

function destroyNow (this: Socket): void {
  this.destroy()
}
