/** Connections on which no further request is served, though bytes of one may already have been read with the last. */

import type { Socket } from 'node:net'

const ended = new WeakSet<Socket>()

/** Nothing that follows on this connection is a request any more. The answer to the last one has to say `connection: close`. */
export function endRequests (socket: Socket): void {
  ended.add(socket)
}

/** Whether {@link endRequests} was called. */
export function requestsEnded (socket: Socket): boolean {
  return ended.has(socket)
}
