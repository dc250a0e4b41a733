/**
 * The end of a response that has no connection yet, because those before it on the connection are not complete.
 *
 * Relies on: such a response has no socket, and emits `socket` when it gets one. Node documents the event for
 * clients only.
 * Checked with node 24.21.0.
 * Without it: a client that pipelines waits for the rest of a response that broke off until one side's timeout.
 */

import type { ServerResponse } from 'node:http'

/** Destroys the connection of a response, at the latest when it gets one. */
export function destroyConnection (response: ServerResponse): void {
  if (response.socket === null) response.once('socket', destroy)
  else response.socket.destroy()
}

function destroy (socket: { destroy (): void }): void {
  socket.destroy()
}
