/** One HTTP/2 connection to a target, with its streams. Ends when it is idle, when the target says so, or when the target is dead. */

import type { ClientHttp2Session, ClientHttp2Stream, ClientSessionRequestOptions } from 'node:http2'
import { Heartbeat } from './heartbeat.ts'
import type { Origin } from './request-fields.ts'

/** Time between two looks at a session, and time in which the target must acknowledge a PING, in milliseconds. */
const times = { tick: 30_000, answer: 10_000 }

export interface TargetSessionOptions {
  readonly origin: Origin
  /** The most streams at once, where the target allows as many. */
  readonly streams: number
  /** Most bytes of the header fields of a response. */
  readonly headerLimit: number
  /** How long it is kept without a stream, in milliseconds. */
  readonly keepAlive: number
  /** Times in milliseconds, for tests. */
  readonly times?: typeof times
}

/** Hears of changes that concern those who wait for a stream. */
export interface SessionOwner {
  /** There may be room for more streams. */
  freed (session: TargetSession): void
  /** No new stream can be opened. */
  left (session: TargetSession): void
}

export class TargetSession {
  readonly origin: Origin
  /** Most bytes of the header fields of a response. */
  readonly headerLimit: number
  /** Streams that are open. */
  streams = 0
  /** Streams opened so far. */
  used = 0
  /** Whether something has come from the target since the last look. */
  heard = false
  /** The last stream that the target may have processed. */
  lastId = Infinity
  readonly #session: ClientHttp2Session
  readonly #options: TargetSessionOptions
  readonly #owner: SessionOwner
  readonly #times: typeof times
  readonly #heartbeat = new Heartbeat()
  readonly #ticker: NodeJS.Timeout
  #idle: NodeJS.Timeout | undefined
  #idleSince = performance.now()
  #ping: NodeJS.Timeout | undefined
  #usable = true

  /** @param session one whose peer has sent its settings */
  constructor (session: ClientHttp2Session, options: TargetSessionOptions, owner: SessionOwner) {
    this.origin = options.origin
    this.headerLimit = options.headerLimit
    this.#session = session
    this.#options = options
    this.#owner = owner
    this.#times = options.times ?? times
    this.#ticker = setInterval(() => this.#look(), this.#times.tick).unref()
    session.on('remoteSettings', () => owner.freed(this))
    session.on('goaway', (_code, lastId) => {
      this.lastId = lastId
      this.#leave()
    })
    // What an error means is decided for each stream.
    session.on('error', () => {})
    session.on('close', () => {
      this.#leave()
      clearInterval(this.#ticker)
      clearTimeout(this.#ping)
    })
    this.#rest()
  }

  /** How many more streams may be opened now. */
  get room (): number {
    return this.#usable && !this.#session.closed && !this.#session.destroyed ? this.most - this.streams : 0
  }

  /** How many streams may be open at once. */
  get most (): number {
    return Math.min(this.#options.streams, this.#session.remoteSettings.maxConcurrentStreams ?? Infinity)
  }

  /** Whether the target accepts WebSockets (RFC 8441). */
  get takesTunnels (): boolean {
    return this.#session.remoteSettings.enableConnectProtocol === true
  }

  /** Whether the connection is gone, and all of its streams with it. */
  get destroyed (): boolean {
    return this.#session.destroyed
  }

  /** Opens a stream. {@link release} follows when it is closed. */
  open (fields: readonly string[], options: ClientSessionRequestOptions): ClientHttp2Stream {
    const stream = this.#session.request(fields, options)
    this.streams++
    this.used++
    return stream
  }

  /** A stream is closed. */
  release (): void {
    if (--this.streams === 0) this.#rest()
    this.#owner.freed(this)
  }

  /** The target may be dead: it must acknowledge a PING. */
  suspect (): void {
    if (this.#ping !== undefined || this.destroyed) return
    this.#ping = setTimeout(() => this.#session.destroy(new SilentPeer()), this.#times.answer).unref()
    this.#session.ping(() => {
      clearTimeout(this.#ping)
      this.#ping = undefined
    })
  }

  /** Ends it with all of its streams. */
  destroy (): void {
    this.#session.destroy()
  }

  /** No stream is open. One timer serves all such times. */
  #rest (): void {
    this.#idleSince = performance.now()
    this.#idle ??= setTimeout(() => this.#closeIdle(), this.#options.keepAlive).unref()
  }

  #closeIdle (): void {
    this.#idle = undefined
    if (this.streams > 0) return
    const left = this.#options.keepAlive - (performance.now() - this.#idleSince)
    if (left > 1) this.#idle = setTimeout(() => this.#closeIdle(), left).unref()
    else {
      this.#leave()
      this.#session.close()
    }
  }

  #leave (): void {
    if (!this.#usable) return
    this.#usable = false
    clearTimeout(this.#idle)
    this.#owner.left(this)
  }

  #look (): void {
    if (this.#heartbeat.tick(this.heard, this.streams)) this.suspect()
    this.heard = false
  }
}

/** The target has not acknowledged a PING in time. */
class SilentPeer extends Error {
  override readonly name = 'SilentPeer'
  readonly code = 'ETIMEDOUT'

  constructor () {
    super('the target has not acknowledged a PING')
  }
}
