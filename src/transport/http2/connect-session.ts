/** Begins HTTP/2 on a connection. A target that does not speak it is told from one that breaks. */

import { connect, type ClientHttp2Session, type ClientSessionOptions } from 'node:http2'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { GatewayError } from '../../contract/errors.ts'
import type { ConnectionOptions } from '../connection-options.ts'
import type { Opened, Opener } from '../open-socket.ts'

/** Bytes that a target may send ahead of a reader, for one stream and for all streams of a connection. */
const windows = { stream: 256 * 1024, connection: 16 * 1024 * 1024 }

/** Returns the opener of sessions over the sockets that `open` opens. */
export function sessionOpener ({ protocol, origin, connections }: ConnectionOptions, open: Opener<Socket>): Opener<ClientHttp2Session> {
  const options: ClientSessionOptions & { readonly strictSingleValueFields: boolean } = {
    settings: { enablePush: false, initialWindowSize: windows.stream, maxHeaderListSize: connections.responseHeaders },
    // Each counts 32 bytes beside its name and value (RFC 9113 §6.5.2).
    maxHeaderListPairs: Math.ceil(connections.responseHeaders / 32),
    maxReservedRemoteStreams: 0,
    // As over HTTP/1.1: a field that a client repeats is passed on.
    strictSingleValueFields: false
  }
  // Targets that a plugin finds may have another scheme than the file promises.
  const fits = (protocol === 'h2') === origin.startsWith('https:')
  return opened => {
    if (!fits) throw unsupported(new Error(`protocol: ${protocol} does not fit ${origin}`))
    return open((error, socket) => {
      if (error !== null) {
        opened(isRefusedProtocol(error) ? unsupported(error) : error, null)
        return
      }
      // TLS has asked for it, and h2c is known beforehand.
      if ('alpnProtocol' in socket && (socket as TLSSocket).alpnProtocol !== 'h2') {
        socket.destroy()
        opened(unsupported(new Error('the target has not chosen h2 (ALPN)')), null)
        return
      }
      const session = connect(origin, { ...options, createConnection: () => socket })
      awaitSettings(session, opened)
    })
  }
}

/** The settings of the target are the first that it sends (RFC 9113 §3.4). They say how many streams it takes. */
function awaitSettings (session: ClientHttp2Session, opened: Opened<ClientHttp2Session>): void {
  const onError = (error: NodeJS.ErrnoException): void => settle(error.code === 'ERR_HTTP2_ERROR' ? unsupported(error) : error)
  const onClose = (): void => settle(unsupported(new Error('the target has closed the connection without an HTTP/2 frame')))
  const onSettings = (): void => {
    session.setLocalWindowSize(windows.connection)
    settle(null)
  }
  session.once('remoteSettings', onSettings).once('error', onError).once('close', onClose)

  function settle (error: Error | null): void {
    session.off('remoteSettings', onSettings).off('error', onError).off('close', onClose)
    if (error === null) opened(null, session)
    else {
      // Errors may follow the first.
      session.on('error', () => {})
      opened(error, null)
    }
  }
}

/** Whether the target has ended the TLS handshake because it speaks none of the protocols that it was offered. */
function isRefusedProtocol (error: NodeJS.ErrnoException): boolean {
  return error.code === 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL'
}

function unsupported (cause: Error): GatewayError {
  return new GatewayError('protocol-unsupported', { cause })
}
