/**
 * The end of a response that has no connection yet, because those before it on the connection are not complete.
 *
 * Relies on: such a response has no socket, and emits `socket` when it gets one. Node documents the event for
 * clients only.
 * Checked with node 24.21.0.
 * Without it: a client that pipelines waits for the rest of a response that broke off until one side's timeout.
 */

import type { ServerResponse } from 'node:http'
import { hasOwnStream } from '../http/own-stream.ts'

/** Destroys the connection of a response, at the latest when it gets one. The stream of one over HTTP/2 is closed by now. */
export function destroyConnection (response: ServerResponse): void {
  if (hasOwnStream(response.req)) return
  if (response.socket === null) response.once('socket', destroy)
  else response.socket.destroy()
}

function destroy (socket: { destroy (): void }): void {
  socket.destroy()
}
