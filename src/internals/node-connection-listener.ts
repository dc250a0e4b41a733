/**
 * Node's own listener to the connections of an HTTP server, to be called later than Node would.
 *
 * Relies on: the only listener to `connection` of a fresh HTTP server is the one that begins to parse requests, and
 * works with a socket whose first bytes are back in it. Node documents that `connection` may be emitted with a
 * socket, but not how to keep one back.
 * Checked with node 24.21.0.
 * Without it: the process does not start, or serves no request.
 */

import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** Takes the listener away from a fresh server. Call the result with a socket whose first request is next. */
export function takeConnectionListener (server: Server): (socket: Socket) => void {
  const listeners = server.listeners('connection') as ((socket: Socket) => void)[]
  if (listeners.length !== 1) throw new Error('an HTTP server of this Node begins requests in another way')
  server.removeAllListeners('connection')
  const [accept] = listeners
  return socket => accept!.call(server, socket)
}
