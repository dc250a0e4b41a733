/** Opens TCP and TLS connections to one target. */

import { connect, isIP, type LookupFunction, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions as TlsOptions } from 'node:tls'
import type { ConnectionOptions } from './connection-options.ts'
import { tlsOptions } from './tls-options.ts'

/** Called once, with an error or with what was opened. */
export type Opened<C> = (...result: [error: null, opened: C] | [error: Error, opened: null]) => void

/** Starts to open a connection. The socket is returned before it is connected. Destroying it ends the attempt with its error. */
export type Opener<C> = (opened: Opened<C>) => Socket

/** How long a connection is silent before TCP asks the peer whether it is still there, in milliseconds. */
const keepAliveDelay = 60_000

/**
 * Returns the opener of sockets to the origin.
 * @param protocol the one that TLS offers to the target (ALPN)
 */
export function socketOpener (
  { origin, address, tls }: ConnectionOptions,
  lookup: LookupFunction,
  protocol: 'http/1.1' | 'h2'
): Opener<Socket> {
  const { hostname, port, protocol: scheme } = new URL(origin)
  // A URL has an IPv6 address in brackets.
  const host = address ?? hostname.replace(/^\[(.*)\]$/, '$1')
  const encrypted = scheme === 'https:'
  const place = { host, port: Number(port) || (encrypted ? 443 : 80), lookup }
  if (!encrypted) return opened => prepare(connect(place), 'connect', opened)

  const name = tls.serverName ?? hostname
  // Made once for all connections.
  let context: TlsOptions | undefined
  // A later connection resumes it, which saves most of the cost of the handshake.
  let session: Buffer | undefined
  return opened => {
    context ??= tlsOptions(tls)
    const socket = connectTls({
      ...context,
      ...place,
      servername: isIP(name) === 0 ? name : '',
      ALPNProtocols: [protocol],
      ...(session === undefined ? {} : { session })
    })
    socket.on('session', given => { session = given })
    return prepare(socket, 'secureConnect', opened)
  }
}

function prepare (socket: Socket, ready: 'connect' | 'secureConnect', opened: Opened<Socket>): Socket {
  let over = false
  const settle = (error: Error | null): void => {
    if (over) return
    over = true
    if (error === null) opened(null, socket)
    else opened(error, null)
  }
  socket.setNoDelay(true).setKeepAlive(true, keepAliveDelay)
  return socket.once(ready, () => settle(null)).on('error', settle)
}
