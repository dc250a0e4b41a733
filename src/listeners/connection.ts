/** A connection of a client: the responses that it waits for, and how it ends. */

import type { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Exchange } from '../contract/exchange.ts'
import { exchangeOf } from '../exchange/exchange.ts'

const key: unique symbol = Symbol('onedoor.connection')

type Held = Socket & { [key]?: Connection }

export class Connection {
  readonly socket: Socket
  /** The response to the last request that was read. */
  latest: ServerResponse | undefined
  /** Responses before the latest that were not complete when it came, in their order. Only pipelining has them. */
  #earlier: ServerResponse[] | undefined
  /** Nothing that follows on the connection is a request any more. */
  ended = false
  /** Beyond the limit: its first request is refused. */
  readonly surplus: boolean
  /** Set when the last response is on its way and what the client still sends is read and thrown away (RFC 9112 §9.6). */
  lingering: Lingering | undefined
  /** What the last look at a blocked write has found. */
  readonly write = { done: -1, queued: 0, looks: 0 }
  readonly #all: Lingerers

  constructor (socket: Socket, all: Lingerers, surplus: boolean) {
    this.socket = socket
    this.surplus = surplus
    this.#all = all
    ;(socket as Held)[key] = this
    // Node takes its own listener away when it hands a socket over (CONNECT); an error without any would end the process.
    socket.on('error', ignore)
    // Node ends the connection with a client that sends no more, but not after an error in what it sent, nor when it has handed the socket over.
    socket.once('end', endBoth)
    // Node's HTTP server calls this after a last response.
    socket.destroySoon = destroyAfterLast
  }

  /** Notes a request that is served. */
  begin (response: ServerResponse): void {
    const before = this.latest
    this.latest = response
    // Read together with one that ended the connection.
    if (this.socket.destroyed) setImmediate(() => response.destroy())
    if (before === undefined || isOver(before)) return
    const earlier = this.#earlier ??= []
    while (earlier.length > 0 && isOver(earlier[0]!)) earlier.shift()
    earlier.push(before)
  }

  /** The responses that the client still waits for, in their order. */
  get pending (): ServerResponse[] {
    return [...this.#earlier ?? [], ...this.latest === undefined ? [] : [this.latest]].filter(response => !isOver(response))
  }

  /**
   * The connection is gone. A pipelined response gets it when those before it are complete, and hears nothing of its end before that: without this it would
   * be waited for for ever.
   */
  abandon (): void {
    for (const response of this.pending) response.destroy()
  }

  /** The exchange whose response is on its way; undefined where there is none, as on the admin listener. */
  get exchange (): Exchange | undefined {
    const response = this.pending[0]
    return response === undefined ? undefined : exchangeOf(response.req)
  }

  /** Whether the client may still be sending something that nothing will answer. */
  get #unread (): boolean {
    return !this.socket.readableEnded && (this.ended || (this.latest !== undefined && !(this.latest.req.complete && isOver(this.latest))))
  }

  /** Ends the connection after what is written to it. A reset must not overtake the response, so a client that is still sending is read from for a while. */
  end (): void {
    if (this.lingering !== undefined || this.socket.destroyed) return
    this.ended = true
    if (!this.#all.lingers) {
      Socket.prototype.destroySoon.call(this.socket)
      return
    }
    this.lingering = { looks: 0, idle: 0, read: this.socket.bytesRead, from: this.socket.bytesRead }
    this.socket.end()
    // Node's parser reads the rest of the body on, and drops it.
    this.latest?.req.removeAllListeners('data').resume()
    this.socket.resume()
    this.#all.linger(this)
  }

  /** Ends the connection after the last response. */
  endAfterLast (): void {
    if (this.#unread) this.end()
    else Socket.prototype.destroySoon.call(this.socket)
  }
}

/** Where connections that linger are looked at. */
export interface Lingerers {
  readonly lingers: boolean
  linger (connection: Connection): void
}

/** How long a connection has lingered, in looks, and how much it was sent meanwhile. */
export interface Lingering {
  looks: number
  /** Looks since the last byte. */
  idle: number
  read: number
  readonly from: number
}

/** The connection that a socket of a listener belongs to. */
export function connectionOf (socket: Socket): Connection {
  return (socket as Held)[key]!
}

/** Nothing that follows on this connection is a request any more, though bytes of one may already have been read. The response to the last one has to say `connection: close`. */
export function endRequests (socket: Socket): void {
  const connection = (socket as Held)[key]
  if (connection !== undefined) connection.ended = true
}

/** Whether a response needs nothing more: it is complete, or its connection is gone. */
export function isOver (response: ServerResponse): boolean {
  return response.writableFinished || response.destroyed
}

/** One function for all sockets. */
function destroyAfterLast (this: Socket): void {
  connectionOf(this).endAfterLast()
}

/** One function for all sockets. Node's own listener may have something to say before. */
function endBoth (this: Socket): void {
  process.nextTick(() => this.end())
}

/** Whose connection it was hears of its end by `close`. */
function ignore (): void {}
