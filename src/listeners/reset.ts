/** Ends a connection at once and leaves nothing of it to the kernel. */

import type { Socket } from 'node:net'

/**
 * Destroys a socket with a reset: what waits to be sent is thrown away, here and in the kernel, which would go on offering it to a client that reads
 * nothing for minutes. Node's own way to reset waits for what is written, by this method, and so for ever.
 */
export function reset (socket: Socket): void {
  socket.destroySoon = destroyNow
  socket.resetAndDestroy()
  socket.destroy()
}

function destroyNow (this: Socket): void {
  this.destroy()
}
