/** Listeners: the public one bounds time and size before any route is known. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { ServerConfig } from './config/types.ts'
import { reasons, type Reason, type ReasonCode } from './errors.ts'
import { plainAddress } from './http/client-address.ts'
import { WholeResponse } from './http/whole-response.ts'
import { requestsEnded } from './last-request.ts'
import { rawProblem } from './problem-bytes.ts'

/** How often Node looks for connections that are too slow, in milliseconds. */
const checkInterval = 1000

/** Something that was refused before it became a request. */
export interface Unread {
  readonly reason: Reason
  /** Address of the peer without port; '' when it is gone. */
  readonly peer: string
  /** What Node's parser says, such as `HPE_INVALID_METHOD`. */
  readonly why: string | undefined
}

/** Makes the server; it does not listen yet. While `draining`, every answer closes its connection. `unread` is told what it refuses by itself. */
export function createPublicServer (config: ServerConfig, handle: (request: IncomingMessage, response: ServerResponse) => void, draining: () => boolean, unread: (unread: Unread) => void): Server {
  const via = config.name
  /** Connections beyond the limit: each is told so at its first request, when it listens for an answer. */
  const surplus = new WeakSet<Socket>()
  let open = 0
  const server = createServer({
    maxHeaderSize: config.limits.headers,
    connectionsCheckingInterval: checkInterval,
    noDelay: true,
    ServerResponse: WholeResponse,
    // The streams of requests that cannot have a body are over from the start instead of going through all their events.
    optimizeEmptyRequests: true,
    // Two fields that say different things about the same message are refused, not joined.
    insecureHTTPParser: false,
    // A request without Host is refused with a reason, by the request guard.
    requireHostHeader: false,
    joinDuplicateHeaders: false
  }, (request, response) => {
    if (requestsEnded(request.socket)) return
    if (surplus.has(request.socket)) {
      unread(unreadOf(request.socket, 'overloaded'))
      request.socket.end(rawProblem(reasons.overloaded, via))
      request.socket.destroySoon()
      return
    }
    if (draining()) response.setHeader('connection', 'close')
    handle(request, response)
  })
  // Node silently drops headers above a count; the size limit alone bounds them, and nothing is dropped.
  server.maxHeadersCount = 0
  applyTimeouts(server, config)
  server.on('connection', (socket: Socket) => {
    if (++open > mostConnections.get(server)!) surplus.add(socket)
    socket.once('close', () => { open-- })
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refuse(error, socket, via, unread))
  // A tunnel to anywhere is what a gateway must never be.
  server.on('connect', (_request, socket: Socket) => {
    unread(unreadOf(socket, 'method-not-allowed', 'CONNECT'))
    socket.end(rawProblem(reasons['method-not-allowed'], via))
  })
  server.on('checkExpectation', (_request, response) => {
    response.writeHead(417, { connection: 'close' }).end()
  })
  return server
}

/** Puts the settings that a running server can change into force. */
export function applyTimeouts (server: Server, config: ServerConfig): void {
  server.headersTimeout = config.timeouts.headers
  server.requestTimeout = config.timeouts.request
  server.keepAliveTimeout = config.timeouts.keepAlive
  const most = config.limits.connections || Infinity
  mostConnections.set(server, most)
  // Whoever only connects and never asks is not answered; that many are enough.
  server.maxConnections = most * 2
}

const mostConnections = new WeakMap<Server, number>()

/** Opens a listener. Rejects with Node's error, such as EADDRINUSE. */
export async function listen (server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => { server.off('error', reject); resolve() })
  })
}

/** Stops accepting; resolves when the last connection is gone. */
export async function closeListener (server: Server | undefined): Promise<void> {
  if (server?.listening !== true) return
  await new Promise<void>(resolve => { server.close(() => resolve()) })
}

/** Base URL of an open listener. */
export function addressOf (server: Server): string {
  const { address, family, port } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

const byError: Readonly<Record<string, ReasonCode>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'body-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout'
}

/** Answers bytes that never became a request, unless an answer has already begun on the connection. */
function refuse (error: NodeJS.ErrnoException, socket: Socket, via: string, unread: (unread: Unread) => void): void {
  if (error.code === 'ECONNRESET' || !socket.writable || answering(socket)) {
    socket.destroy()
    return
  }
  const code = byError[error.code ?? ''] ?? 'bad-request'
  unread(unreadOf(socket, code, error.code))
  socket.end(rawProblem(reasons[code], via))
  // Half a request may already be on its way to a target, and a client that does not hang up must not keep it there.
  socket.destroySoon()
}

function unreadOf ({ remoteAddress }: Socket, code: ReasonCode, why?: string): Unread {
  return { reason: reasons[code], peer: plainAddress(remoteAddress ?? ''), why }
}

function answering (socket: Socket): boolean {
  return (socket as Socket & { _httpMessage?: ServerResponse })._httpMessage?.headersSent === true
}
