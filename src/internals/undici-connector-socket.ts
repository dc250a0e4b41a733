/**
 * The socket of a connection that is still being made.
 *
 * Relies on: the connector that `buildConnector` makes returns the socket at once. Its type says that it returns
 * nothing.
 * Checked with undici 7.30.2.
 * Without it: the process throws a TypeError at the first connection.
 */

import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'

/** Opens a connection and returns its socket before it is connected. */
export function openWith (connector: buildConnector.connector, target: buildConnector.Options, callback: buildConnector.Callback): Socket {
  return connector(target, callback) as unknown as Socket
}
