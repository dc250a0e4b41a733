/** Connections from balancers that say who their client is before its first byte (PROXY protocol). */

import type { Socket } from 'node:net'
import { readProxyHeader, type ProxyHeader } from '../http/proxy-protocol.ts'
import { patiently } from '../scheduling/patient-timer.ts'

/**
 * Reads the header off a connection. Once it is there, what the socket says of its peer is what the header says, and `ready` is called with the bytes behind it waiting
 * in the socket; `refused` is called when there is none, and after `timeout` milliseconds (0 for no timeout).
 */
export function receiveProxyHeader (socket: Socket, timeout: number, ready: () => void, refused: () => void): void {
  let held: Buffer = Buffer.alloc(0)
  const stop = (): void => {
    timer?.clear()
    socket.off('data', read).off('close', stop).off('end', fail)
  }
  const fail = (): void => {
    stop()
    refused()
  }
  const read = (chunk: Buffer): void => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    const header = readProxyHeader(held)
    if (header === 'more') return
    if (header === 'bad') {
      fail()
      return
    }
    stop()
    socket.pause()
    if (held.length > header.length) socket.unshift(held.subarray(header.length))
    rename(socket, header)
    ready()
    socket.resume()
  }
  const timer = timeout > 0 ? patiently(timeout, fail) : undefined
  socket.on('data', read).on('close', stop).on('end', fail)
}

/** Node reads these from the system each time, by getters of its class. */
function rename (socket: Socket, { source }: ProxyHeader): void {
  if (source === undefined) return
  Object.defineProperty(socket, 'remoteAddress', { value: source.address })
  Object.defineProperty(socket, 'remotePort', { value: source.port })
  Object.defineProperty(socket, 'remoteFamily', { value: source.address.includes(':') ? 'IPv6' : 'IPv4' })
}
