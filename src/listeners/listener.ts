/** A listener: limits time, size and number of requests before routing. An error of one connection never affects the process. */

import { chmod } from 'node:fs/promises'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { ListenerPlace } from '../config/listeners.ts'
import type { RejectedInput } from '../contract/rejected-input.ts'
import { acceptedBy, restrictHosts } from '../exchange/client-connection.ts'
import { nodeHttp } from '../http/node-http.ts'
import { WholeResponse } from '../http/whole-response.ts'
import { takeConnectionListener } from '../internals/node-connection-listener.ts'
import { takePeer } from '../internals/node-socket-peer.ts'
import { connectionOf } from './connection.ts'
import { Connections, type ConnectionCount } from './connections.ts'
import { removeDeadSocket } from './dead-socket.ts'
import type { Http2Rules } from './http2/http2-rules.ts'
import { Http2Sessions } from './http2/http2-sessions.ts'
import { Prefaces } from './http2/prefaces.ts'
import { ProxiedConnections } from './proxied.ts'
import { Refusals } from './refusals.ts'
import { HandshakeCounter } from './tls/handshake-counter.ts'
import { requireCertificate } from './tls/require-certificate.ts'
import { acmeProtocol, Handshakes, type HandshakeOptions, type HandshakeRules } from './tls/handshakes.ts'
import { isUpgraded, serveUpgrades } from './upgrades.ts'

/** How often Node checks for slow connections, in milliseconds. */
const checkInterval = 1000

/** The most surplus connections that are held open to send a 503. Further ones are closed without a response. */
const mostSurplus = 256

/** Options of a listener. */
export interface ListenerOptions {
  /** Its name, such as `0.0.0.0:8080`. */
  readonly name: string
  /** The pseudonym of this gateway in Proxy-Status. */
  readonly via: string
  /** The connections that share one limit with its own. */
  readonly count?: ConnectionCount
  /** The most bytes of the request line and headers. */
  readonly headers: number
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
  /** While it returns true, every response closes its connection. */
  readonly draining: () => boolean
  /** Returns the certificate that answers the challenge of an ACME server for a name; undefined where there is none. */
  readonly acme?: HandshakeOptions['acme']
  /** Called for input that the listener itself rejects. */
  readonly rejected: (input: RejectedInput) => void
  /** Called when connections could not be accepted, at most once a second. */
  readonly failed: (error: Error, times: number) => void
  /** Counts its TLS handshakes. */
  readonly handshakes?: HandshakeCounter | undefined
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
  /** The port of https to which all requests are redirected. */
  readonly redirectPort?: number | undefined
  /** Whether the peer at an address begins its connections with a PROXY protocol header; undefined when there is no such peer. */
  readonly proxied?: ((ip: string) => boolean) | undefined
  /** Undefined without HTTP/2. */
  readonly http2?: Http2Rules | undefined
}

export class Listener {
  readonly connections: Connections
  readonly #facts: { name: string, redirectPort: number | undefined }
  readonly #server: Server
  readonly #failed: ListenerOptions['failed']
  /** Serves HTTP/1.1 on a connection. */
  readonly #serve: (socket: Socket) => void
  readonly #handshakeOptions: HandshakeOptions
  #handshakes: Handshakes | undefined
  readonly #http2: Http2Sessions
  readonly #prefaces: Prefaces
  readonly #proxied: ProxiedConnections
  #failure: Error | undefined
  #failures = 0
  /** Whether it has stopped to accept, while others go on. */
  #retired = false

  constructor (options: ListenerOptions) {
    const { handle, draining } = options
    const refusals = new Refusals(options.via, options.rejected)
    this.#facts = { name: options.name, redirectPort: undefined }
    this.#failed = options.failed
    this.connections = new Connections(interval => this.#look(interval), options.count)
    const server = this.#server = nodeHttp.createServer({
      maxHeaderSize: options.headers,
      connectionsCheckingInterval: checkInterval,
      noDelay: true,
      // A client that is gone without a word would keep a silent event stream for ever: it is noticed after 70 seconds.
      keepAlive: true,
      keepAliveInitialDelay: 60_000,
      ServerResponse: WholeResponse,
      // Streams of requests that cannot have a body are complete from the start, which saves all their events.
      optimizeEmptyRequests: true,
      // Contradictory fields are rejected, not joined.
      insecureHTTPParser: false,
      // The request guard rejects a request without Host, with a reason.
      requireHostHeader: false,
      joinDuplicateHeaders: false,
      shouldUpgradeCallback: isUpgraded
    })
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      const connection = connectionOf(request.socket)
      if (connection.ended) return
      if (connection.refusal !== undefined) {
        refusals.first(connection, response, connection.refusal)
        return
      }
      connection.begin(response)
      if (draining() || this.#retired) response.setHeader('connection', 'close')
      handle(request, response)
    }
    this.#http2 = new Http2Sessions({
      headers: options.headers,
      handle,
      draining: () => draining() || this.#retired,
      refuse: (connection, response, code) => refusals.one(connection, response, code)
    })
    this.#prefaces = new Prefaces(socket => refusals.late(connectionOf(socket)))
    // Node silently drops header fields above a count. Here only their size is limited, and nothing is dropped.
    server.maxHeadersCount = 0
    const proxied = this.#proxied = new ProxiedConnections(socket => refusals.unproxied(connectionOf(socket)))
    // Called once the first byte of the client's first request is next.
    this.#serve = takeConnectionListener(server)
    this.#handshakeOptions = this.#handshakesOf(options, refusals)
    server.on('connection', (socket: Socket) => {
      acceptedBy(socket, this.#facts)
      this.connections.add(socket)
      if (proxied.includes(socket)) proxied.receive(socket, () => this.#begin(socket))
      else this.#begin(socket)
    })
    server.on('request', serve)
    // The request guard rejects unknown expectations.
    server.on('checkExpectation', serve)
    // Node would send 100 Continue at once. Here it is sent when the body is read.
    server.on('checkContinue', serve)
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refusals.unreadable(connectionOf(socket), error))
    serveUpgrades(server, { serve, accept: this.#serve })
    server.on('connect', (_request, socket: Socket) => refusals.tunnel(connectionOf(socket)))
  }

  /** Starts to listen. Rejects with Node's error, such as EADDRINUSE. */
  async open (place: ListenerPlace): Promise<void> {
    const path = 'socket' in place ? place.socket : undefined
    if (path !== undefined) await removeDeadSocket(path)
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(path === undefined ? place : { path }, () => { this.#server.off('error', reject); resolve() })
    })
    if ('mode' in place && place.mode !== undefined) await chmod(place.socket, place.mode)
    // Accepting can fail at any time, for example without a free file descriptor.
    this.#server.on('error', error => {
      this.#failure = error
      this.#failures++
    })
  }

  /** Serves a connection that did not come through the network, also before it is open. */
  inject (connection: Socket): void {
    acceptedBy(connection, this.#facts)
    this.connections.add(connection)
    this.#serve(connection)
  }

  /** Applies limits, also to open connections. */
  apply ({ timeouts, connections, proxied, http2, redirectPort }: ListenerLimits): void {
    this.#facts.redirectPort = redirectPort
    this.#proxied.apply(proxied, timeouts.headers)
    this.#server.headersTimeout = timeouts.headers
    this.#server.requestTimeout = timeouts.request
    this.#server.keepAliveTimeout = timeouts.keepAlive
    const most = connections || Infinity
    this.#server.maxConnections = most + Math.min(most, mostSurplus)
    this.#http2.apply(http2, timeouts)
    this.#prefaces.apply(timeouts.headers)
    const others = http2 === undefined ? [] : [timeouts.headers, timeouts.request, timeouts.keepAlive, http2.maxAge]
    this.connections.apply({ most, write: timeouts.write, linger: timeouts.linger, others })
  }

  /** Sets the rules for connections that are accepted from now on; undefined for no TLS. */
  secure (rules: HandshakeRules | undefined): void {
    if (rules === undefined) this.#handshakes = undefined
    else if (this.#handshakes === undefined) this.#handshakes = new Handshakes(rules, this.#handshakeOptions)
    else this.#handshakes.apply(rules)
  }

  /** The base URL, while it is open; `unix:` and the path of a Unix socket. */
  get address (): string {
    const bound = this.#server.address() as AddressInfo | string
    if (typeof bound === 'string') return `unix:${bound}`
    const { address, family, port } = bound
    return `${this.#handshakes === undefined ? 'http' : 'https'}://${family === 'IPv6' ? `[${address}]` : address}:${port}`
  }

  /** Stops accepting and closes connections without a request; resolves when the last one is gone. */
  async close (): Promise<void> {
    this.#proxied.closeAll()
    this.#handshakes?.closeAll()
    this.#prefaces.closeAll()
    this.#http2.end()
    if (this.#server.listening) await new Promise<void>(resolve => { this.#server.close(() => resolve()) })
    this.connections.stop()
  }

  /** The same, while other listeners go on: responses close their connections. */
  async retire (): Promise<void> {
    this.#retired = true
    this.connections.endAfterResponses()
    await this.close()
  }

  /** Closes the connections without a request, such as those whose last response began before it could carry `connection: close`. */
  closeIdle (): void {
    this.#server.closeIdleConnections()
    this.#http2.end()
  }

  /** Begins a connection once its PROXY protocol header, if it has one, is read. */
  #begin (socket: Socket): void {
    if (this.#handshakes !== undefined) {
      this.#handshakes.accept(socket)
      return
    }
    if (this.#http2.enabled) this.#prefaces.receive(socket, isHttp2 => this.#speak(socket, isHttp2))
    else this.#speak(socket, false)
  }

  /** Speaks HTTP on a connection that is not encrypted. */
  #speak (socket: Socket, isHttp2: boolean): void {
    if (isHttp2) {
      this.#http2.accept(connectionOf(socket))
      return
    }
    this.#serve(socket)
    if (socket.isPaused()) socket.resume()
  }

  #handshakesOf ({ acme, handshakes = new HandshakeCounter() }: ListenerOptions, refusals: Refusals): HandshakeOptions {
    return {
      http2: () => this.#http2.enabled,
      acme,
      secured: (socket, below, certificate) => {
        takePeer(socket, below)
        restrictHosts(socket, host => this.#handshakes?.rules.book.admits(certificate, host) === true)
        acceptedBy(socket, this.#facts)
        const { alpnProtocol } = socket
        if (alpnProtocol !== 'h2' && alpnProtocol !== acmeProtocol) this.#serve(socket)
        const connection = this.connections.secure(below, socket)
        if (certificate !== undefined && certificate.clientAuth !== 'none') requireCertificate(connection, socket, certificate.clientAuth)
        if (alpnProtocol === 'h2') this.#http2.accept(connection)
        // The ACME server has seen the certificate.
        else if (alpnProtocol === acmeProtocol) socket.end()
      },
      plain: below => refusals.insecure(connectionOf(below)),
      counter: handshakes
    }
  }

  #look (interval: number): void {
    this.#http2.look(interval)
    // A response that had begun before could not close its connection.
    if (this.#retired) this.closeIdle()
    if (this.#failure === undefined) return
    this.#failed(this.#failure, this.#failures)
    this.#failure = undefined
    this.#failures = 0
  }
}
