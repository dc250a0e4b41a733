/** Both sides of a connection, and a target that sends what it is told, for tests of what undici and Node do with them. */

import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { buildConnector, Client, type Dispatcher } from 'undici'

/** A server on a free port, whatever it is one of. Returns the port. */
export async function listen (t: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return (server.address() as AddressInfo).port
}

/** A socket to a port of this machine, closed with the test. */
export async function dial (t: TestContext, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** The two sockets of a connection. */
export async function pair (t: TestContext): Promise<[near: Socket, far: Socket]> {
  const server = createServer()
  const port = await listen(t, server)
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const far = await dial(t, port)
  const [near] = await accepted
  t.after(() => near.destroy())
  return [near, far]
}

/**
 * A client of undici whose target calls `serve` with each piece that it receives. `opened` is given each socket before undici reads it, and
 * again after.
 */
export async function clientOf (
  t: TestContext,
  serve: (socket: Socket, bytes: Buffer) => void,
  opened: (socket: Socket, read: boolean) => void = () => {}
): Promise<Client> {
  const port = await listen(t, createServer(socket => {
    socket.on('error', () => {}).on('data', (bytes: Buffer) => serve(socket, bytes))
    t.after(() => socket.destroy())
  }))
  const connector = buildConnector({})
  const client = new Client(`http://127.0.0.1:${port}`, {
    connect: (options, callback) => connector(options, (...result) => {
      if (result[1] !== null) opened(result[1], false)
      callback(...result)
      if (result[1] !== null) opened(result[1], true)
    })
  })
  t.after(async () => { await client.destroy() })
  return client
}

/** What a request ended with: the error, or undefined. */
export async function dispatch (
  client: Client,
  options: Partial<Dispatcher.DispatchOptions> = {},
  handler: Dispatcher.DispatchHandler = {}
): Promise<Error | undefined> {
  return await new Promise(resolve => {
    client.dispatch({ path: '/', method: 'GET', ...options }, Object.assign(handler, {
      onRequestStart: handler.onRequestStart?.bind(handler) ?? (() => {}),
      onResponseStart: handler.onResponseStart?.bind(handler) ?? (() => {}),
      onResponseData: handler.onResponseData?.bind(handler) ?? (() => {}),
      onResponseEnd: () => resolve(undefined),
      onResponseError: (_controller: unknown, error: Error) => resolve(error)
    }))
  })
}
