/**
 * The peer of a socket, as others see it.
 *
 * Relies on: `remoteAddress`, `remotePort` and `remoteFamily` are getters of the class, which an object may have in
 * another way, and Node reads them by these names.
 * Checked with node 24.21.0.
 * Without it: behind a balancer that speaks the PROXY protocol every client has the address of the balancer.
 */

import type { Socket } from 'node:net'

/** From here on the socket says that it has the peer that `below` has, if that one was set. */
export function takePeer (socket: Socket, below: Socket): void {
  if (Object.hasOwn(below, 'remoteAddress')) setPeer(socket, { address: below.remoteAddress!, port: below.remotePort! })
}

/** From here on the socket says that its peer has this address and port. */
export function setPeer (socket: Socket, { address, port }: { readonly address: string, readonly port: number }): void {
  Object.defineProperty(socket, 'remoteAddress', { value: address })
  Object.defineProperty(socket, 'remotePort', { value: port })
  Object.defineProperty(socket, 'remoteFamily', { value: address.includes(':') ? 'IPv6' : 'IPv4' })
}
