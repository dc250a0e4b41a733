/** Connections from load balancers that send the address of the client first (PROXY protocol). */

import type { Socket } from 'node:net'
import { readProxyHeader } from '../http/proxy-protocol.ts'
import { setPeer } from '../internals/node-socket-peer.ts'
import { patiently } from '../scheduling/patient-timer.ts'

/**
 * Reads the PROXY protocol header of a connection. Then the socket reports the address from the header as that of its peer, and `ready` is
 * called; the bytes that follow are still in the socket. `refused` is called when there is no header, and after `timeout` milliseconds (0
 * for no timeout).
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
    if (header.source !== undefined) setPeer(socket, header.source)
    ready()
    socket.resume()
  }
  const timer = timeout > 0 ? patiently(timeout, fail) : undefined
  socket.on('data', read).on('close', stop).on('end', fail)
}
