/**
 * The response to a request whose connection Node has handed over with `upgrade`.
 *
 * Relies on: a response of the server's class writes to the socket that `assignSocket` gives it, emits `close` when
 * that closes, and lets go of it with `detachSocket`, which Node calls when it is complete. Node's types have the
 * methods, and its documentation does not.
 * Checked with node 24.21.0.
 * Without it: a WebSocket that is refused gets no response.
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { WholeResponse } from '../http/whole-response.ts'

/** Creates the response. `done` is called when it is complete; the socket is its own then. */
export function upgradeResponse (request: IncomingMessage, socket: Socket, done: () => void): ServerResponse {
  const response = new WholeResponse(request)
  // Node does not read requests from the connection any more.
  response.shouldKeepAlive = false
  response.assignSocket(socket)
  response.once('finish', () => {
    response.detachSocket(socket)
    process.nextTick(() => {
      response.destroyed = true
      response.emit('close')
    })
    done()
  })
  return response
}
