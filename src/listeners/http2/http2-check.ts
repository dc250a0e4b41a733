/** The periodic check of a connection that speaks HTTP/2: ends those that are idle, old or stalled, and requests that take too long. */

import { reasons } from '../../contract/errors.ts'
import type { Exchange } from '../../contract/exchange.ts'
import { exchangeOf } from '../../exchange/exchange.ts'
import { http2Codes } from '../../http/http2-codes.ts'
import { reset } from '../../internals/node-reset.ts'
import { writeQueueOf, writtenOf } from '../../internals/node-write-queue.ts'
import { isWaitedFor, patience } from '../waited-for.ts'
import type { Http2Connection } from './http2-connection.ts'
import type { Http2Response, Progress } from './http2-response.ts'

/** Times in milliseconds, 0 for no limit. */
export interface Http2Timeouts {
  /** For the headers of a request. */
  readonly headers: number
  /** For a whole request. */
  readonly request: number
  /** Without a request. */
  readonly keepAlive: number
  /** In which a client may read nothing of a response. */
  readonly write: number
  /** For a client to close its side after the last response. */
  readonly linger: number
  /** The longest life, a tenth more or less. */
  readonly maxAge: number
}

/** Bytes that clients who read nothing may hold, all together. Beyond it they are not waited for, because one can have many streams. */
const mostHeld = 64 * 1024 * 1024

/** Requests of a connection that Node may refuse for their fields. Each costs about as much as one that is served. */
const mostRefused = 1000

export class Http2Check {
  readonly #timeouts: Http2Timeouts
  readonly #interval: number
  readonly #late: (response: Http2Response) => void
  /** Bytes of stalled responses, in this round of checks so far and in the last one. */
  #held = 0
  #heldBefore = 0

  /**
   * Time is counted in checks, so that after a pause of this process no connection is closed before it could be read.
   * @param interval time between two checks
   * @param late called for a request that is not complete in time, and whose response has not begun
   */
  constructor (timeouts: Http2Timeouts, interval: number, late: (response: Http2Response) => void) {
    this.#timeouts = timeouts
    this.#interval = interval
    this.#late = late
  }

  /** Begins a round of checks. */
  begin (): void {
    this.#heldBefore = this.#held
    this.#held = 0
  }

  run (connection: Http2Connection): void {
    const { seen, session } = connection
    seen.age++
    if (session.destroyed) {
      // The client has all of it, and does not close its side.
      if (this.#isOver(++seen.closing, this.#timeouts.linger || 1)) connection.connection.socket.destroy()
      return
    }
    if (this.#isDeaf(connection)) {
      cut(connection)
      return
    }
    this.#readState(connection)
    if (seen.refused > mostRefused) {
      session.destroy(new Error('too many requests with fields that are refused'), http2Codes.enhanceYourCalm)
      return
    }
    const maxAge = this.#timeouts.maxAge * connection.connection.ageFactor
    if (this.#isOver(seen.age, maxAge) || this.#isIdle(connection) || this.#isInHeaders(connection)) connection.end()
    for (const progress of connection.open) this.#checkOne(progress)
  }

  #isOver (looks: number, time: number): boolean {
    return time > 0 && looks * this.#interval >= time
  }

  #isIdle ({ seen, open, served }: Http2Connection): boolean {
    seen.idle = open.size === 0 ? seen.idle + 1 : 0
    return this.#isOver(seen.idle, served === 0 ? this.#timeouts.headers : this.#timeouts.keepAlive)
  }

  /**
   * Whether the header block of a request has begun and does not end. Nothing else can follow on the connection. It looks the same after a
   * request that Node has refused; such a client may well connect again.
   */
  #isInHeaders ({ seen }: Http2Connection): boolean {
    seen.headers = seen.inHeaders ? seen.headers + 1 : 0
    return this.#isOver(seen.headers, this.#timeouts.headers)
  }

  /** Reads how far the client is, if it has sent anything. */
  #readState ({ seen, session, connection: { socket }, began, lastStream }: Http2Connection): void {
    if (socket.bytesRead === seen.read) return
    seen.read = socket.bytesRead
    const latest = session.state.lastProcStreamID ?? 0
    seen.inHeaders = latest > lastStream
    // Clients number their requests with odd numbers.
    seen.refused = (latest + 1) / 2 - began
  }

  /** Whether the client reads nothing at all. */
  #isDeaf ({ seen, connection: { below } }: Http2Connection): boolean {
    const queued = writeQueueOf(below)
    const written = writtenOf(below)
    seen.deaf = queued > 0 && queued === seen.queued && written === seen.written ? seen.deaf + 1 : 0
    seen.queued = queued
    seen.written = written
    return this.#isOver(seen.deaf, this.#timeouts.write)
  }

  #checkOne (progress: Progress): void {
    const { response } = progress
    progress.age++
    // A WebSocket may be silent, and has limits of its own.
    if (response.req.tunnel !== undefined && response.headersSent) return
    if (this.#isStalled(progress)) {
      const exchange = exchangeOf(response.req) as Exchange | undefined
      if (exchange !== undefined) exchange.reason ??= reasons['client-stalled']
      response.resetCode = http2Codes.cancel
      response.destroy()
    } else if (!response.req.complete && !response.headersSent && this.#isOver(progress.age, this.#timeouts.request) && !isCall(response)) {
      this.#late(response)
    }
  }

  /** Whether the client opens no window for a response. */
  #isStalled (progress: Progress): boolean {
    const { response } = progress
    const waiting = response.stream.writableLength
    const sent = progress.given - waiting
    if (waiting === 0 || sent !== progress.sent) {
      progress.sent = sent
      progress.looks = 0
      return false
    }
    const time = ++progress.looks * this.#interval
    const { write } = this.#timeouts
    if (write === 0) return false
    // What is buffered of the body on its way here is about as much again.
    this.#held += response.writableLength
    return time >= write || (time >= patience && (this.#heldBefore > mostHeld || isWaitedFor(exchangeOf(response.req))))
  }
}

/** Whether it is a call of gRPC, whose stream may be silent as long as it likes. */
function isCall ({ req }: Http2Response): boolean {
  const exchange = exchangeOf(req) as Exchange | undefined
  return exchange?.route?.config.grpc !== undefined
}

/** Closes the connection of a client that reads nothing. */
function cut ({ open, connection }: Http2Connection): void {
  for (const { response } of open) {
    const exchange = exchangeOf(response.req) as Exchange | undefined
    if (exchange !== undefined) exchange.reason ??= reasons['client-stalled']
  }
  reset(connection.below)
}
