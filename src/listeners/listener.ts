/** A listener: limits time, size and number of requests before routing. An error of one connection never affects the process. */

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Server as NetServer, type AddressInfo, type Socket } from 'node:net'
import type { ListenerPlace } from '../config/listeners.ts'
import type { ClientRequest } from '../contract/client-request.ts'
import { acceptedBy, restrictHosts } from '../exchange/client-connection.ts'
import { takePeer } from '../internals/node-socket-peer.ts'
import { Accepting } from './accepting.ts'
import { anyLife } from './connection-life.ts'
import { connectionOf, type Connection } from './connection.ts'
import { Connections } from './connections.ts'
import { createHttp1Server } from './http1-server.ts'
import { Http2Sessions } from './http2/http2-sessions.ts'
import { Prefaces } from './http2/prefaces.ts'
import type { ListenerLimits, ListenerOptions } from './listener-options.ts'
import { ProxiedConnections } from './proxied.ts'
import { Refusals } from './refusals.ts'
import { HandshakeCounter } from './tls/handshake-counter.ts'
import { requireCertificate } from './tls/require-certificate.ts'
import { acmeProtocol, Handshakes, type HandshakeOptions, type HandshakeRules } from './tls/handshakes.ts'

/** The most surplus connections that are held open to send a 503. Further ones are closed without a response. */
const mostSurplus = 256

export type { ListenerLimits, ListenerOptions } from './listener-options.ts'

export class Listener {
  readonly connections: Connections
  readonly #facts: { name: string, redirectPort: number | undefined }
  readonly #server: Server
  readonly #accepting: Accepting
  /** Serves HTTP/1.1 on a connection. */
  readonly #serve: (socket: Socket) => void
  readonly #handshakeOptions: HandshakeOptions
  #handshakes: Handshakes | undefined
  readonly #http2: Http2Sessions
  readonly #prefaces: Prefaces
  readonly #proxied: ProxiedConnections
  /** Whether it has stopped to accept, while others go on. */
  #retired = false
  /** Resolves when it has stopped to accept and its last connection is closed; undefined while it accepts. */
  #ended: Promise<void> | undefined

  constructor (options: ListenerOptions) {
    const { handle, draining } = options
    const refusals = new Refusals(options.via, options.rejected)
    this.#facts = { name: options.name, redirectPort: undefined }
    this.connections = new Connections(interval => this.#look(interval), options.count)
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      const connection = connectionOf(request.socket)
      if (connection.ended) return
      if (connection.refusal !== undefined) {
        refusals.first(connection, response, connection.refusal)
        return
      }
      connection.begin(response)
      if (draining() || this.#retired) response.setHeader('connection', 'close')
      else if (this.connections.isLast(connection)) takeLast(connection, request, response)
      handle(request, response)
    }
    this.#http2 = new Http2Sessions({
      headers: options.headers,
      handle,
      draining: () => draining() || this.#retired,
      refuse: (connection, response, code) => refusals.one(connection, response, code)
    })
    this.#prefaces = new Prefaces(socket => refusals.late(connectionOf(socket)))
    const proxied = this.#proxied = new ProxiedConnections(socket => refusals.unproxied(connectionOf(socket)))
    const { server, accept } = createHttp1Server({ headers: options.headers, serve, refusals })
    this.#server = server
    this.#serve = accept
    this.#accepting = new Accepting(server, options.failed)
    this.#handshakeOptions = this.#handshakesOf(options, refusals)
    server.on('connection', (socket: Socket) => {
      acceptedBy(socket, this.#facts)
      this.connections.add(socket)
      if (proxied.includes(socket)) proxied.receive(socket, () => this.#begin(socket))
      else this.#begin(socket)
    })
  }

  /** Starts to listen. Rejects with Node's error, such as EADDRINUSE. */
  async open (place: ListenerPlace): Promise<void> {
    await this.#accepting.open(place)
  }

  /** Whether it redirects every request to https. */
  get redirects (): boolean {
    return this.#facts.redirectPort !== undefined
  }

  /** Serves a connection that did not come through the network, also before it is open. */
  inject (connection: Socket): void {
    acceptedBy(connection, this.#facts)
    this.connections.add(connection)
    this.#serve(connection)
  }

  /** Applies limits, also to open connections. */
  apply ({ timeouts, connections, life = anyLife, proxied, http2, redirectPort }: ListenerLimits): void {
    this.#facts.redirectPort = redirectPort
    this.#proxied.apply(proxied, timeouts.headers)
    this.#server.headersTimeout = timeouts.headers
    this.#server.requestTimeout = timeouts.request
    this.#server.keepAliveTimeout = timeouts.keepAlive
    const most = connections || Infinity
    this.#server.maxConnections = most + Math.min(most, mostSurplus)
    this.#http2.apply(http2, timeouts, life)
    this.#prefaces.apply(timeouts.headers)
    const others = http2 === undefined ? [] : [timeouts.headers, timeouts.request, timeouts.keepAlive, http2.maxAge ?? 0]
    this.connections.apply({ most, write: timeouts.write, linger: timeouts.linger, life, others })
  }

  /** Sets the rules for connections that are accepted from now on; undefined for no TLS. */
  secure (rules: HandshakeRules | undefined): void {
    if (rules === undefined) this.#handshakes = undefined
    else if (this.#handshakes === undefined) this.#handshakes = new Handshakes(rules, this.#handshakeOptions)
    else this.#handshakes.apply(rules)
  }

  /** Whether it listens. */
  get isOpen (): boolean {
    return this.#server.listening
  }

  /** Its port, while it is open; undefined for a Unix socket. */
  get port (): number | undefined {
    const bound = this.#server.address() as AddressInfo | string
    return typeof bound === 'string' ? undefined : bound.port
  }

  /** The base URL, while it is open; `unix:` and the path of a Unix socket. */
  get address (): string {
    const bound = this.#server.address() as AddressInfo | string
    if (typeof bound === 'string') return `unix:${bound}`
    const { address, family, port } = bound
    return `${this.#handshakes === undefined ? 'http' : 'https'}://${family === 'IPv6' ? `[${address}]` : address}:${port}`
  }

  /** Stops accepting. Its connections stay, and their requests are served. Resolves when the last one is gone. */
  async stop (): Promise<void> {
    if (this.#server.listening) {
      // That of net.Server: the one of http.Server closes idle connections too.
      this.#ended = new Promise(resolve => { NetServer.prototype.close.call(this.#server, () => resolve()) })
    }
    await this.#ended
  }

  /** Stops accepting and closes connections without a request; resolves when the last one is gone. */
  async close (): Promise<void> {
    const ended = this.stop()
    this.#proxied.closeAll()
    this.#handshakes?.closeAll()
    this.#prefaces.closeAll()
    this.#http2.end()
    // It does not listen any more, which is an error that says nothing.
    this.#server.close(() => {})
    await ended
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
    this.#accepting.report()
  }
}

/** A request is the last one that its connection takes. A WebSocket has the connection for itself. */
function takeLast (connection: Connection, request: ClientRequest, response: ServerResponse): void {
  if (request.tunnel !== undefined) return
  connection.ended = true
  response.setHeader('connection', 'close')
}
