/**
 * Parts of TLS sockets of a server.
 *
 * Relies on: a TLS socket has the socket below it as `_parent`; its handle has `setVerifyMode(ask, reject)`, and
 * `SNICallback` is called on the TLS socket before the certificate of the client is asked for. Node documents neither
 * the socket below, nor how to ask the clients of some hosts only.
 * Checked with node 24.21.0.
 * Without it: no connection passes the handshake, or clients of every host of a listener are asked for a certificate.
 */

import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

type Inner = TLSSocket & {
  readonly _parent: Socket
  readonly _handle?: { setVerifyMode (ask: boolean, reject: boolean): void } | null
}

/** The socket over which a TLS socket runs. */
export function socketBelow (socket: TLSSocket): Socket {
  return (socket as Inner)._parent
}

/** Asks the client for no certificate, although the server does. Call it within `SNICallback`. */
export function askForNone (socket: TLSSocket): void {
  (socket as Inner)._handle?.setVerifyMode(false, false)
}
