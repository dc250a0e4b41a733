/** Services behind the gateway, for tests: they remember what reached them, byte for byte. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

/** Where what is started leaves how it ends. */
export type Ending = Pick<TestContext, 'after'>

/** A request as it reached a target. */
export interface Hit {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
}

export interface TestTarget {
  readonly url: string
  readonly port: number
  readonly hits: readonly Hit[]
  /** Connections that were opened to it. */
  readonly connections: number
  readonly server: Server
  close (): Promise<void>
}

export type Respond = (request: IncomingMessage, response: ServerResponse, hit: Hit) => void

/** Starts an HTTP service that stops with the test. Without `respond` it responds with 200 and what it got, as JSON. */
export async function startTarget (t: Ending, respond: Respond = echo, options: { port?: number } = {}): Promise<TestTarget> {
  const hits: Hit[] = []
  let connections = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const hit = {
        method: request.method!,
        url: request.url!,
        headers: request.headers,
        rawHeaders: request.rawHeaders,
        body: Buffer.concat(chunks)
      }
      hits.push(hit)
      respond(request, response, hit)
    })
  })
  server.on('connection', () => { connections++ })
  server.keepAliveTimeout = 60_000
  await new Promise<void>(resolve => { server.listen(options.port ?? 0, '127.0.0.1', resolve) })
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise<void>(resolve => { server.close(() => resolve()) })
  }
  t.after(close)
  return { url: `http://127.0.0.1:${port}`, port, hits, get connections () { return connections }, server, close }
}

function echo (_request: IncomingMessage, response: ServerResponse, hit: Hit): void {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ method: hit.method, url: hit.url, headers: hit.headers, body: hit.body.toString('latin1') }))
}

/** Starts a TCP service that serves each connection as `serve` says, for answers that no HTTP server would give. */
export async function startRawTarget (t: Ending, serve: (socket: Socket) => void): Promise<{
  readonly url: string, readonly port: number, close (): Promise<void>
}> {
  const sockets = new Set<Socket>()
  const server = createTcpServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    serve(socket)
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    await new Promise<void>(resolve => { server.close(() => resolve()) })
  }
  t.after(close)
  return { url: `http://127.0.0.1:${port}`, port, close }
}

/** Below the ports that the system gives away: no connection, and no listener on port 0, takes one of these meanwhile. */
const lowest = 10_000
const ports = 20_000

/** Each test process begins elsewhere. */
let offset = process.pid * 997 % ports

/** A port on which nothing listens. */
export async function freePort (): Promise<number> {
  const port = lowest + offset
  offset = (offset + 1) % ports
  const server = createTcpServer()
  const free = await new Promise<boolean>(resolve => {
    server.once('error', () => resolve(false))
    server.listen(port, '0.0.0.0', () => resolve(true))
  })
  if (!free) return await freePort()
  await new Promise<void>(resolve => { server.close(() => resolve()) })
  return port
}

/** Starts an HTTP service that is given each request at once, before its body has come. */
export async function startService (
  t: Ending,
  serve: (request: IncomingMessage, response: ServerResponse) => void,
  tls?: { readonly cert: string, readonly key: string }
): Promise<{ readonly url: string, readonly port: number, readonly server: Server, readonly sockets: ReadonlySet<Socket> }> {
  const sockets = new Set<Socket>()
  const server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.after(async () => {
    server.closeAllConnections()
    await new Promise<void>(resolve => { server.close(() => resolve()) })
  })
  const { port } = server.address() as AddressInfo
  return { url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, port, server, sockets }
}

/** Answers every request head with these bytes; `closing` ends the connection after them. */
export function answering (bytes: string, closing = true): (socket: Socket) => void {
  return socket => socket.on('data', () => {
    if (closing) socket.end(bytes, 'latin1')
    else socket.write(bytes, 'latin1')
  })
}
