/** Reads what is known of a client's connection, once for each connection: getters of sockets ask the system. */

import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { ClientConnection, ClientTls, ConnectionListener } from '../contract/client-connection.ts'
import { plainAddress } from '../http/client-address.ts'

const key: unique symbol = Symbol('onedoor.client')
const hostsKey: unique symbol = Symbol('onedoor.hosts')
const listenerKey: unique symbol = Symbol('onedoor.listener')

/** Of a connection that no listener has accepted. */
const nowhere: ConnectionListener = { name: '', redirectPort: undefined }

/** Notes for which hosts a TLS connection may carry requests, before its first one. */
export function restrictHosts (socket: Socket & { [hostsKey]?: ClientTls['admits'] }, admits: ClientTls['admits']): void {
  socket[hostsKey] = admits
}

/** Notes which listener has accepted a connection, before its first request. */
export function acceptedBy (socket: Socket & { [listenerKey]?: ConnectionListener }, listener: ConnectionListener): void {
  socket[listenerKey] = listener
}

/** Says what the connection at the other end of a socket is, instead of what the socket says. */
export function setClient (socket: Socket & { [key]?: ClientConnection }, client: ClientConnection): void {
  socket[key] = client
}

/** Returns the connection of the client at the other end of a socket. All calls for one socket return the same object. */
export function clientOf (socket: Socket & { [key]?: ClientConnection, [listenerKey]?: ConnectionListener }): ClientConnection {
  return socket[key] ??= {
    listener: socket[listenerKey] ?? nowhere,
    address: plainAddress(socket.remoteAddress ?? ''),
    port: socket.remotePort,
    localPort: socket.localPort,
    tls: tlsOf(socket as Partial<TLSSocket>)
  }
}

function tlsOf (socket: Partial<TLSSocket> & { [hostsKey]?: ClientTls['admits'] }): ClientTls | undefined {
  if (socket.encrypted !== true) return undefined
  const certificate = socket.getPeerX509Certificate!()
  return {
    protocol: socket.getProtocol!() ?? '',
    serverName: serverNameOf(socket),
    certificate,
    certificateProblem: certificate === undefined || socket.authorized === true ? undefined : String(socket.authorizationError),
    admits: socket[hostsKey] ?? everyHost
  }
}

function everyHost (): boolean {
  return true
}

/** `servername` is false where the client sent none. */
function serverNameOf ({ servername }: Partial<TLSSocket>): string | undefined {
  return typeof servername === 'string' && servername !== '' ? servername : undefined
}
