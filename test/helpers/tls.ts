/** Clients that speak TLS, and what they see of a handshake. */

import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'

/** Opens a connection that trusts any certificate and is closed with the test. Rejects when the handshake fails. */
export async function openTls (t: TestContext, url: string, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false, ...options })
  t.after(() => socket.destroy())
  await once(socket, 'secureConnect')
  socket.on('error', () => {})
  return socket
}

/** Sends a request over a connection that closes after it, and returns all that came. */
export async function ask (socket: TLSSocket, request = 'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n'): Promise<string> {
  let text = ''
  socket.on('data', (chunk: Buffer) => { text += chunk.toString() })
  socket.write(request)
  await once(socket, 'close')
  return text
}
