/** A listener: limits time, size and number of requests before routing. An error of one connection never affects the process. */

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { RejectedInput } from '../contract/rejected-input.ts'
import { plainAddress } from '../http/client-address.ts'
import { nodeHttp } from '../http/node-http.ts'
import { WholeResponse } from '../http/whole-response.ts'
import { takeConnectionListener } from '../internals/node-connection-listener.ts'
import { connectionOf } from './connection.ts'
import { Connections } from './connections.ts'
import { receiveProxyHeader } from './proxied.ts'
import { Refusals } from './refusals.ts'

/** How often Node checks for slow connections, in milliseconds. */
const checkInterval = 1000

/** The most surplus connections that are held open to send a 503. Further ones are closed without a response. */
const mostSurplus = 256

/** Options of a listener. */
export interface ListenerOptions {
  /** The pseudonym of this gateway in Proxy-Status. */
  readonly name: string
  /** The most bytes of the request line and headers. */
  readonly headers: number
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
  /** While it returns true, every response closes its connection. */
  readonly draining: () => boolean
  /** Called for input that the listener itself rejects. */
  readonly rejected: (input: RejectedInput) => void
  /** Called when connections could not be accepted, at most once a second. */
  readonly failed: (error: Error, times: number) => void
}

/** The limits that a running listener can change. Times in milliseconds, 0 for no limit. */
export interface ListenerLimits {
  readonly timeouts: {
    readonly headers: number,
    readonly request: number,
    readonly keepAlive: number,
    readonly write: number,
    readonly linger: number
  }
  /** The most connections at once. */
  readonly connections: number
  /** Whether the peer at an address begins its connections with a PROXY protocol header; undefined when there is no such peer. */
  readonly proxied?: ((ip: string) => boolean) | undefined
}

export class Listener {
  readonly connections: Connections
  readonly #server: Server
  readonly #failed: ListenerOptions['failed']
  readonly #refusals: Refusals
  readonly #accept: (socket: Socket) => void
  /** Connections whose PROXY protocol header has not arrived yet. */
  readonly #unnamed = new Set<Socket>()
  #proxied: ((ip: string) => boolean) | undefined
  #failure: Error | undefined
  #failures = 0

  constructor (options: ListenerOptions) {
    const { handle, draining } = options
    const refusals = new Refusals(options.name, options.rejected)
    this.#failed = options.failed
    this.connections = new Connections(() => this.#report())
    const server = this.#server = nodeHttp.createServer({
      maxHeaderSize: options.headers,
      connectionsCheckingInterval: checkInterval,
      noDelay: true,
      ServerResponse: WholeResponse,
      // Streams of requests that cannot have a body are complete from the start, which saves all their events.
      optimizeEmptyRequests: true,
      // Contradictory fields are rejected, not joined.
      insecureHTTPParser: false,
      // The request guard rejects a request without Host, with a reason.
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
    // Node silently drops header fields above a count. Here only their size is limited, and nothing is dropped.
    server.maxHeadersCount = 0
    this.#refusals = refusals
    // Called once the first byte of the client's first request is next.
    const accept = takeConnectionListener(server)
    this.#accept = socket => {
      accept(socket)
      this.connections.add(socket)
    }
    server.on('connection', (socket: Socket) => {
      if (this.#isProxied(socket)) {
        this.connections.add(socket)
        this.#receive(socket, () => accept(socket))
      } else {
        this.#accept(socket)
      }
    })
    server.on('request', serve)
    // The request guard rejects unknown expectations.
    server.on('checkExpectation', serve)
    // Node would send 100 Continue at once. Here it is sent when the body is read.
    server.on('checkContinue', serve)
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refusals.unreadable(connectionOf(socket), error))
    server.on('connect', (_request, socket: Socket) => refusals.tunnel(connectionOf(socket)))
  }

  /** Starts to listen. Rejects with Node's error, such as EADDRINUSE. */
  async open (host: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ host, port }, () => { this.#server.off('error', reject); resolve() })
    })
    // Accepting can fail at any time, for example without a free file descriptor.
    this.#server.on('error', error => {
      this.#failure = error
      this.#failures++
    })
  }

  /** Serves a connection that did not come through the network, also before it is open. */
  inject (connection: Socket): void {
    this.#accept(connection)
  }

  /** Applies limits, also to open connections. */
  apply ({ timeouts, connections, proxied }: ListenerLimits): void {
    this.#proxied = proxied
    this.#server.headersTimeout = timeouts.headers
    this.#server.requestTimeout = timeouts.request
    this.#server.keepAliveTimeout = timeouts.keepAlive
    const most = connections || Infinity
    this.#server.maxConnections = most + Math.min(most, mostSurplus)
    this.connections.apply({ most, write: timeouts.write, linger: timeouts.linger })
  }

  /** The base URL, while it is open. */
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

  /** Closes the connections without a request, such as those whose last response began before it could carry `connection: close`. */
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
