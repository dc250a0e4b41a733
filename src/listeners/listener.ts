/** A listener: bounds time, size and number before any route is known, and no error of one of its connections is one of the process. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { RejectedInput } from '../contract/rejected-input.ts'
import { plainAddress } from '../http/client-address.ts'
import { WholeResponse } from '../http/whole-response.ts'
import { connectionOf } from './connection.ts'
import { Connections } from './connections.ts'
import { receiveProxyHeader } from './proxied.ts'
import { Refusals } from './refusals.ts'

/** How often Node looks for connections that are too slow, in milliseconds. */
const checkInterval = 1000

/** Surplus connections are told that there are too many, and hold a descriptor while they are: that many are enough. */
const mostSurplus = 256

/** What a listener is made from. */
export interface ListenerOptions {
  /** Pseudonym of this gateway in Proxy-Status. */
  readonly name: string
  /** Largest request head in bytes. */
  readonly headers: number
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
  /** While it says true, every response closes its connection. */
  readonly draining: () => boolean
  /** Is told what the listener refuses by itself. */
  readonly unread: (unread: RejectedInput) => void
  /** Is told that connections could not be accepted, at most once a second. */
  readonly failed: (error: Error, times: number) => void
}

/** What a running listener can change. Times in milliseconds, 0 for no limit. */
export interface ListenerLimits {
  readonly timeouts: { readonly headers: number, readonly request: number, readonly keepAlive: number, readonly write: number, readonly linger: number }
  /** Most connections at once. */
  readonly connections: number
  /** Whether the peer at an address begins its connections with the header of the PROXY protocol; undefined when there is no such peer. */
  readonly proxied?: ((ip: string) => boolean) | undefined
}

export class Listener {
  readonly connections: Connections
  readonly #server: Server
  readonly #failed: ListenerOptions['failed']
  readonly #refusals: Refusals
  /** Connections whose balancer has yet to say who their client is. */
  readonly #unnamed = new Set<Socket>()
  #proxied: ((ip: string) => boolean) | undefined
  #failure: Error | undefined
  #failures = 0

  constructor (options: ListenerOptions) {
    const { handle, draining } = options
    const refusals = new Refusals(options.name, options.unread)
    this.#failed = options.failed
    this.connections = new Connections(() => this.#report())
    const server = this.#server = createServer({
      maxHeaderSize: options.headers,
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
    })
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      const connection = connectionOf(request.socket)
      if (connection.ended) return
      if (connection.surplus) {
        refusals.surplus(connection, response)
        return
      }
      connection.begin(response)
      if (draining()) response.setHeader('connection', 'close')
      handle(request, response)
    }
    // Node silently drops headers above a count; the size limit alone bounds them, and nothing is dropped.
    server.maxHeadersCount = 0
    this.#refusals = refusals
    // Node's own listener, which is called once the client's first byte is next.
    const [accept] = server.listeners('connection') as [(socket: Socket) => void]
    server.removeAllListeners('connection').on('connection', (socket: Socket) => {
      if (this.#isProxied(socket)) {
        this.connections.add(socket)
        this.#receive(socket, () => accept.call(server, socket))
      } else {
        accept.call(server, socket)
        this.connections.add(socket)
      }
    })
    server.on('request', serve)
    // Judged by the request guard, and refused like everything else.
    server.on('checkExpectation', serve)
    // Node would ask for the body at once; who reads it asks for it.
    server.on('checkContinue', serve)
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refusals.unreadable(connectionOf(socket), error))
    server.on('connect', (_request, socket: Socket) => refusals.tunnel(connectionOf(socket)))
  }

  /** Opens it. Rejects with Node's error, such as EADDRINUSE. */
  async open (host: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ host, port }, () => { this.#server.off('error', reject); resolve() })
    })
    // Accepting can fail at any time, as when descriptors run out.
    this.#server.on('error', error => {
      this.#failure = error
      this.#failures++
    })
  }

  /** Puts limits into force, also on connections that are open. */
  apply ({ timeouts, connections, proxied }: ListenerLimits): void {
    this.#proxied = proxied
    this.#server.headersTimeout = timeouts.headers
    this.#server.requestTimeout = timeouts.request
    this.#server.keepAliveTimeout = timeouts.keepAlive
    const most = connections || Infinity
    this.#server.maxConnections = most + Math.min(most, mostSurplus)
    this.connections.apply({ most, write: timeouts.write, linger: timeouts.linger })
  }

  /** Its base URL, while it is open. */
  get address (): string {
    const { address, family, port } = this.#server.address() as AddressInfo
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
  }

  /** Stops accepting and closes connections without a request; resolves when the last one is gone. */
  async close (): Promise<void> {
    for (const socket of this.#unnamed) socket.destroy()
    if (this.#server.listening) await new Promise<void>(resolve => { this.#server.close(() => resolve()) })
    this.connections.stop()
  }

  /** Closes the connections without a request, such as those whose last response had begun before it could say that it is the last. */
  closeIdle (): void {
    this.#server.closeIdleConnections()
  }

  #isProxied (socket: Socket): boolean {
    return this.#proxied?.(plainAddress(socket.remoteAddress ?? '')) === true
  }

  #receive (socket: Socket, ready: () => void): void {
    this.#unnamed.add(socket)
    socket.once('close', () => this.#unnamed.delete(socket))
    receiveProxyHeader(socket, this.#server.headersTimeout, () => {
      this.#unnamed.delete(socket)
      ready()
    }, () => this.#refusals.unproxied(connectionOf(socket)))
  }

  #report (): void {
    if (this.#failure === undefined) return
    this.#failed(this.#failure, this.#failures)
    this.#failure = undefined
    this.#failures = 0
  }
}
