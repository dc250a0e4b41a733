/** The TLS handshakes of a listener: limits their time and number, and picks the certificate and the protocol of each. */

import { constants } from 'node:crypto'
import type { Socket } from 'node:net'
import { Server, type SecureContext, type SecureContextOptions, type TLSSocket } from 'node:tls'
import { askForNone, socketBelow } from '../../internals/node-tls-socket.ts'
import type { CertificateBook, ServerCertificate } from './certificate-book.ts'
import type { HandshakeCounter } from './handshake-counter.ts'
import { handshakeFailure, type HandshakeFailure } from './handshake-failure.ts'

/** The protocol of the challenge by which an ACME server checks a name (RFC 8737). */
export const acmeProtocol = 'acme-tls/1'

/** What a running listener can change. */
export interface HandshakeRules {
  readonly book: CertificateBook
  /** Without a certificate: versions and ciphers for the challenge of an ACME server. */
  readonly handshake?: SecureContextOptions
  /** The longest time for a handshake, in milliseconds. */
  readonly timeout: number
  /** The most handshakes at once. Beyond it the oldest one is closed. */
  readonly most: number
}

/** What a listener does with connections. */
export interface HandshakeOptions {
  /** Whether the listener takes HTTP/2. */
  readonly http2: () => boolean
  /** Returns the certificate that answers the challenge for a name; undefined where there is none. */
  readonly acme?: ((serverName: string) => SecureContext | undefined) | undefined
  /** A handshake is complete. `certificate` is the one that was used, `below` the socket below. */
  readonly secured: (socket: TLSSocket, below: Socket, certificate: ServerCertificate | undefined) => void
  /** A client has sent HTTP instead of a handshake. Sends the last response on the socket. */
  readonly plain: (below: Socket) => void
  readonly counter: HandshakeCounter
}

export class Handshakes {
  readonly #options: HandshakeOptions
  /** The sockets below those under way, the oldest first. */
  readonly #underWay = new Set<Socket>()
  #rules: HandshakeRules
  #server: Server

  constructor (rules: HandshakeRules, options: HandshakeOptions) {
    this.#options = options
    this.#rules = rules
    this.#server = this.#create(rules)
  }

  get rules (): HandshakeRules {
    return this.#rules
  }

  /** Sets the rules for handshakes that begin from now on. */
  apply (rules: HandshakeRules): void {
    if (rules === this.#rules) return
    this.#rules = rules
    this.#server = this.#create(rules)
  }

  /** Begins the handshake of a connection, whose first byte is the next to be read. */
  accept (below: Socket): void {
    this.#underWay.add(below)
    this.#options.counter.begin()
    below.once('close', () => this.#fail('closed', below))
    if (this.#underWay.size > this.#rules.most) {
      const [oldest] = this.#underWay
      this.#fail('too-many', oldest!)
    }
    // Documented: a TLS server takes connections that it did not accept itself.
    if (!below.destroyed) this.#server.emit('connection', below)
  }

  /** Closes the connections of all handshakes under way. */
  closeAll (): void {
    for (const below of this.#underWay) below.destroy()
  }

  /** It never listens. A new one for each set of rules, because `setSecureContext` unsets what it is not given. */
  #create ({ book, timeout, handshake }: HandshakeRules): Server {
    const { http2, acme, secured, plain, counter } = this.#options
    const { asks, mixed, first } = book
    const options = first?.options ?? handshake ?? {}
    const challenged = new WeakMap<TLSSocket, SecureContext>()
    const server = new Server({
      ...options,
      handshakeTimeout: timeout,
      requestCert: asks,
      // OpenSSL resumes a session of one host for another one, and takes over whether the certificate of the client was trusted there.
      ...mixed ? { secureOptions: (options.secureOptions ?? 0) | constants.SSL_OP_NO_TICKET } : {},
      // A client without a trusted certificate gets a response that says so.
      rejectUnauthorized: false,
      SNICallback (this: TLSSocket, serverName: string, done: (error: Error | null, context?: SecureContext) => void) {
        const certificate = book.find(serverName)
        if (asks && certificate?.clientAuth === 'none') askForNone(this)
        const context = challenged.get(this) ?? certificate?.context
        if (context === undefined) done(noCertificate)
        else done(null, context)
      },
      ALPNCallback (this: TLSSocket, { servername, protocols }) {
        if (protocols.includes(acmeProtocol)) {
          const context = acme?.(servername)
          if (context !== undefined) {
            // Which of the two callbacks comes first depends on the version of TLS.
            challenged.set(this, context)
            this.setKeyCert(context)
            return acmeProtocol
          }
        }
        if (protocols.includes('h2') && http2()) return 'h2'
        return protocols.includes('http/1.1') ? 'http/1.1' : undefined
      }
    })
    server.on('secureConnection', (socket: TLSSocket) => {
      const below = socketBelow(socket)
      // It may have been closed in the same event-loop tick.
      if (below.destroyed || !this.#underWay.delete(below)) return
      counter.succeed(socket.isSessionReused())
      secured(socket, below, book.find(serverNameOf(socket)))
    })
    server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      socket.on('error', ignore)
      const below = socketBelow(socket)
      const reason = handshakeFailure(error)
      if (reason === 'plain-http' && this.#underWay.has(below)) plain(below)
      this.#fail(reason, below)
      socket.destroy()
    })
    return server
  }

  /** Counts a failure once. */
  #fail (reason: HandshakeFailure, below: Socket): void {
    if (!this.#underWay.delete(below)) return
    this.#options.counter.fail(reason)
    below.destroy()
  }
}

/** While an ACME server has not issued the first one. */
const noCertificate = Object.assign(new Error('there is no certificate yet'), { code: 'ONEDOOR_NO_CERTIFICATE' })

/** It is false where the client sent none, and for a session of TLS 1.2 that is resumed. */
function serverNameOf ({ servername }: TLSSocket & { readonly servername?: string | false | null }): string | undefined {
  return typeof servername === 'string' ? servername : undefined
}

/** The error has been counted. */
function ignore (): void {}
