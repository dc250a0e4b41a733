/** The connections of a listener that speak HTTP/2. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServerSessionOptions } from 'node:http2'
import type { ReasonCode } from '../../contract/errors.ts'
import { nodeHttp2 } from '../../http/node-http2.ts'
import { DenseSet } from '../../collections/dense-set.ts'
import type { ConnectionLife } from '../connection-life.ts'
import { connectionOf, type Connection } from '../connection.ts'
import { Http2Check, type Http2Timeouts } from './http2-check.ts'
import { Http2Connection, type Http2Server } from './http2-connection.ts'
import type { Http2Request } from './http2-request.ts'
import type { Http2Response } from './http2-response.ts'
import { sessionOptions, windowOf, type Http2Rules } from './http2-rules.ts'

/** What a listener does with requests over HTTP/2. */
export interface Http2SessionsOptions {
  /** The most bytes of request headers. */
  readonly headers: number
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
  /** While it returns true, connections take no further requests. */
  readonly draining: () => boolean
  /** Sends the response to a request that is not served. */
  readonly refuse: (connection: Connection, response: ServerResponse, code: ReasonCode) => void
}

export class Http2Sessions implements Http2Server {
  readonly #options: Http2SessionsOptions
  readonly #all = new DenseSet<Http2Connection>()
  readonly #late = (response: Http2Response): void => this.#refuse(response, 'request-timeout')
  #rules: Http2Rules | undefined
  #session: ServerSessionOptions | undefined
  #timeouts!: Http2Timeouts
  #maxRequests = 0
  #check: Http2Check | undefined

  constructor (options: Http2SessionsOptions) {
    this.#options = options
  }

  /** Whether new connections may speak HTTP/2. */
  get enabled (): boolean {
    return this.#rules !== undefined
  }

  /**
   * Sets the limits: those of sessions for new connections, the others also for open ones. Without rules there are no new connections, and
   * open ones take no further requests.
   */
  apply (rules: Http2Rules | undefined, timeouts: Omit<Http2Timeouts, 'maxAge'>, life: ConnectionLife): void {
    this.#rules = rules
    this.#session = rules === undefined ? undefined : sessionOptions(rules, this.#options.headers)
    this.#timeouts = { ...timeouts, maxAge: rules?.maxAge ?? life.age }
    this.#maxRequests = rules?.maxRequests ?? life.requests
    this.#check = undefined
    if (rules === undefined) this.end()
  }

  /** Speaks HTTP/2 on a connection, whose next bytes are the preface. */
  accept (connection: Connection): void {
    const { socket } = connection
    // It may have been turned off during the handshake.
    if (socket.destroyed || this.#rules === undefined) {
      socket.destroy()
      return
    }
    const session = nodeHttp2().performServerHandshake(socket, this.#session)
    session.setLocalWindowSize(windowOf(this.#rules))
    const entry = new Http2Connection(connection, session, this)
    this.#all.add(entry)
    socket.once('close', () => this.#all.delete(entry))
  }

  serve (entry: Http2Connection, request: Http2Request, response: Http2Response): void {
    const { connection } = entry
    if (this.#options.draining() || (this.#maxRequests > 0 && entry.served >= this.#maxRequests)) entry.end()
    if (connection.refusal !== undefined) {
      entry.end()
      this.#refuse(response, connection.refusal)
    } else if (request.headSize > this.#options.headers) {
      this.#refuse(response, 'headers-too-large')
    } else {
      this.#options.handle(request, response as unknown as ServerResponse)
    }
  }

  /** Checks all connections. `interval` is the time between two checks in milliseconds. */
  look (interval: number): void {
    this.#check ??= new Http2Check(this.#timeouts, interval, this.#late)
    this.#check.begin()
    for (const entry of this.#all) this.#check.run(entry)
  }

  /** Connections take no further requests, and are closed after the last response. */
  end (): void {
    for (const entry of this.#all) entry.end()
  }

  #refuse (response: Http2Response, code: ReasonCode): void {
    this.#options.refuse(connectionOf(response.socket), response as unknown as ServerResponse, code)
  }
}
