/** A client connection: its pending responses, and how it is closed. */

import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ReasonCode } from '../contract/errors.ts'
import type { Exchange } from '../contract/exchange.ts'
import { exchangeOf } from '../exchange/exchange.ts'
import { closeWhenWritten, onLastResponse } from '../internals/node-last-response.ts'
import { ageFactor } from './connection-life.ts'

const key: unique symbol = Symbol('onedoor.connection')

type Held = Socket & { [key]?: Connection }

export class Connection {
  readonly socket: Socket
  /** The socket of the network: with TLS that below `socket`, else the same. */
  readonly below: Socket
  /** The response to the last request that was read. */
  latest: ServerResponse | undefined
  /** Earlier responses that were not complete when the latest request arrived, in order. Only pipelining has them. */
  #earlier: ServerResponse[] | undefined
  /** Whether the connection takes no further requests. */
  ended = false
  /** The number of requests that were served over HTTP/1.1. */
  served = 0
  /** Whether its next response over HTTP/1.1 is to be the last one. */
  old = false
  /** When it began, on the clock of its listener's checks. */
  readonly born: number
  /** By what its longest age is multiplied. */
  readonly ageFactor: number
  /** Set where the connection speaks HTTP/2. `end` lets it take no further requests, and closes it after the last response. */
  session: { end (): void } | undefined
  /** Whether the client has sent a certificate that the listener asks for. */
  certified = false
  /** Why its first request is rejected; undefined where it is served. */
  refusal: ReasonCode | undefined
  /** Set once the last response is being sent; what the client still sends is read and discarded (RFC 9112 §9.6). */
  lingering: Lingering | undefined
  /** The state of a blocked write at the last check. */
  readonly write = { done: -1, queued: 0, looks: 0 }
  readonly #all: Siblings

  constructor (socket: Socket, all: Siblings, refusal: ReasonCode | undefined, below = socket) {
    this.socket = socket
    this.born = all.time
    this.ageFactor = ageFactor(all.accepted)
    this.below = below
    this.refusal = refusal
    this.#all = all
    ;(socket as Held)[key] = this
    // Node removes its own listener when it hands a socket over (CONNECT). An error without a listener would crash the process.
    socket.on('error', ignore)
    // Node ends the connection of a client that has ended its side, but not after a parse error, nor after it has handed the socket over.
    socket.once('end', endBoth)
    onLastResponse(socket, endAfterLast)
  }

  /** Registers a request that is served. */
  begin (response: ServerResponse): void {
    const before = this.latest
    this.latest = response
    // It was read together with a request that ended the connection.
    if (this.socket.destroyed) setImmediate(() => response.destroy())
    if (before === undefined || isOver(before)) return
    const earlier = this.#earlier ??= []
    while (earlier.length > 0 && isOver(earlier[0]!)) earlier.shift()
    earlier.push(before)
  }

  /** The responses that the client still waits for, in order. */
  get pending (): ServerResponse[] {
    return [...this.#earlier ?? [], ...this.latest === undefined ? [] : [this.latest]].filter(response => !isOver(response))
  }

  /**
   * The connection is closed. Node does not tell a pipelined response that, because it gets the socket only when the responses before it
   * are complete. Without this it would stay open forever.
   */
  abandon (): void {
    for (const response of this.pending) response.destroy()
  }

  /** The exchange whose response is being sent; undefined where there is none, as on the admin listener. */
  get exchange (): Exchange | undefined {
    const response = this.pending[0]
    return response === undefined ? undefined : exchangeOf(response.req)
  }

  /** The connection belongs to a WebSocket, which decides how it ends. */
  handOver (): void {
    this.socket.off('end', endBoth)
  }

  /** Whether the client may still be sending data that gets no response. */
  get #unread (): boolean {
    return !this.socket.readableEnded && (this.ended || (this.latest !== undefined && !(this.latest.req.complete && isOver(this.latest))))
  }

  /**
   * Ends the connection after what is written to it. A TCP reset must not overtake the response, so data that the client still sends is
   * read for a while.
   */
  end (): void {
    if (this.lingering !== undefined || this.socket.destroyed) return
    this.ended = true
    if (!this.#all.lingers) {
      closeWhenWritten(this.socket)
      return
    }
    this.lingering = { looks: 0, idle: 0, read: this.socket.bytesRead, from: this.socket.bytesRead }
    this.socket.end()
    // Node's parser continues to read the rest of the body, and discards it.
    this.latest?.req.removeAllListeners('data').resume()
    this.socket.resume()
    this.#all.linger(this)
  }

  /**
   * Takes no further requests, and ends the connection after the responses that are pending. A request that arrives meanwhile is lost, as
   * with any idle connection that is closed.
   */
  retire (): void {
    if (this.session !== undefined) {
      this.session.end()
      return
    }
    this.ended = true
    const last = this.pending.at(-1)
    if (last === undefined) this.endAfterLast()
    else if (!last.headersSent) last.setHeader('connection', 'close')
    else last.once('close', () => this.endAfterLast())
  }

  /** Ends the connection after the last response. */
  endAfterLast (): void {
    if (this.#unread) this.end()
    else closeWhenWritten(this.socket)
  }
}

/** The connections of a listener, which are checked from time to time. */
export interface Siblings {
  /** How many there have been. */
  readonly accepted: number
  /** Milliseconds for which they have been checked. */
  readonly time: number
  readonly lingers: boolean
  linger (connection: Connection): void
}

/** How long a connection has lingered, in checks, and how much it has received meanwhile. */
export interface Lingering {
  looks: number
  /** Checks since the last byte. */
  idle: number
  read: number
  readonly from: number
}

/** Returns the connection of a socket of a listener. */
export function connectionOf (socket: Socket): Connection {
  return (socket as Held)[key]!
}

/**
 * Takes no further requests on a connection, although bytes of one may already have been read. The last response must carry `connection:
 * close`.
 */
export function endRequests (socket: Socket): void {
  const connection = (socket as Held)[key]
  if (connection !== undefined) connection.ended = true
}

/** Whether a response is over: it is complete, or its connection is closed. */
export function isOver (response: ServerResponse): boolean {
  return response.writableFinished || response.destroyed
}

/** One function for all sockets. */
function endAfterLast (this: Socket): void {
  connectionOf(this).endAfterLast()
}

/** One function for all sockets. Deferred, so that Node's own listener runs first. */
function endBoth (this: Socket): void {
  process.nextTick(() => this.end())
}

/** Errors are handled by the `close` event that follows them. */
function ignore (): void {}
