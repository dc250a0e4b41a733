/** The connections of a listener: counts them, and checks them periodically to close stalled ones. */

import type { Socket } from 'node:net'
import { reasons } from '../contract/errors.ts'
import { DenseSet } from '../collections/dense-set.ts'
import type { Count } from '../contract/state.ts'
import { LocalCount } from '../state/local-memory.ts'
import { reset } from '../internals/node-reset.ts'
import { writeQueueOf } from '../internals/node-write-queue.ts'
import { anyLife, type ConnectionLife } from './connection-life.ts'
import { Connection, connectionOf, type Siblings } from './connection.ts'
import { isWaitedFor, patience } from './waited-for.ts'

/** Limits of open connections. Times in milliseconds. */
export interface ConnectionLimits {
  /** The most connections. Further ones are surplus. */
  readonly most: number
  /** The longest time in which a client may read nothing of a response; 0 for no limit. */
  readonly write: number
  /** The longest silence of a client whose connection is being closed, while its data is discarded; 0 closes at once. */
  readonly linger: number
  /** How long connections serve requests; without it for ever. */
  readonly life?: ConnectionLife | undefined
  /** Other times that need checks as often. */
  readonly others?: readonly number[]
}

/** The most bytes that a client may send after its last response before the connection is closed. */
const mostDiscarded = 256 * 1024 * 1024

/** The most connections that linger at once. Beyond it the oldest is closed. */
const mostLingering = 1024

/** A connection may linger for this many times the longest silence. With the default that is half a minute, as in nginx. */
const lingerFactor = 6

/** The longest and shortest time between two checks, in milliseconds. */
const longestInterval = 1000
const shortestInterval = 10

export class Connections implements Siblings {
  readonly #all = new DenseSet<Connection>()
  readonly #lingering = new Set<Connection>()
  readonly #onLook: (interval: number) => void
  /** One function for all sockets. */
  readonly #onClose: (this: Socket) => void
  #limits: ConnectionLimits = { most: Infinity, write: 0, linger: 0 }
  /** More than a connection has without a limit. */
  #mostRequests = Infinity
  #interval = longestInterval
  /** See {@link Siblings}. */
  accepted = 0
  time = 0
  #timer: NodeJS.Timeout | undefined

  readonly #count: Count

  /**
   * @param onLook is called at each check, with the time between two of them in milliseconds
   * @param count the connections that share the limit
   */
  constructor (onLook: (interval: number) => void, count: Count = new LocalCount()) {
    this.#onLook = onLook
    const remove = (connection: Connection): void => this.#remove(connection)
    this.#onClose = function () {
      const connection = connectionOf(this)
      remove(connection)
      connection.abandon()
    }
    this.#count = count
  }

  /** The number of open connections. */
  get open (): number {
    return this.#all.size
  }

  /** The number of those whose last response is being sent while the client is still sending. */
  get lingering (): number {
    return this.#lingering.size
  }

  /** The most connections. */
  get most (): number {
    return this.#limits.most
  }

  /** Sets the limits that apply from now on. */
  apply (limits: ConnectionLimits): void {
    this.#limits = limits
    const { age, requests } = limits.life ?? anyLife
    this.#mostRequests = requests || Infinity
    const times = [limits.write, limits.linger, age, ...limits.others ?? []].filter(time => time > 0)
    this.#interval = Math.max(shortestInterval, Math.min(longestInterval, ...times.map(time => time / 4)))
    this.stop()
    this.#timer = setInterval(() => this.#look(), this.#interval).unref()
  }

  stop (): void {
    clearInterval(this.#timer)
  }

  /** Adds a connection that was accepted. */
  add (socket: Socket): void {
    this.#count.add(1)
    this.#add(new Connection(socket, this, this.#count.value > this.#limits.most ? 'overloaded' : undefined))
  }

  /** The connection of a socket goes on over a TLS socket, whose handshake is complete. */
  secure (below: Socket, socket: Socket): Connection {
    const before = connectionOf(below)
    below.off('close', this.#onClose)
    this.#forget(before)
    const connection = new Connection(socket, this, before.refusal, below)
    this.#add(connection)
    return connection
  }

  #add (connection: Connection): void {
    this.#all.add(connection)
    this.accepted++
    connection.socket.once('close', this.#onClose)
  }

  #remove (connection: Connection): void {
    this.#forget(connection)
    this.#count.add(-1)
  }

  #forget (connection: Connection): void {
    this.#all.delete(connection)
    this.#lingering.delete(connection)
  }

  /** Counts a request over HTTP/1.1. Returns whether its response is to be the last one. */
  isLast (connection: Connection): boolean {
    return ++connection.served >= this.#mostRequests || connection.old
  }

  /** Makes every response that has not begun the last one of its connection. */
  endAfterResponses (): void {
    for (const { pending } of this.#all) {
      for (const response of pending) if (!response.headersSent) response.setHeader('connection', 'close')
    }
  }

  /** Closes every connection at once, in whatever state it is. */
  destroyAll (): void {
    for (const { socket } of this.#all) socket.destroy()
  }

  /**
   * Closes the connections of clients that have sent a certificate, after their pending responses, and at the latest when `time`
   * milliseconds are over. Returns their number.
   */
  retireCertified (time: number): number {
    const certified = [...this.#all].filter(connection => connection.certified)
    for (const connection of certified) connection.retire()
    if (certified.length > 0) setTimeout(() => { for (const { below } of certified) below.destroy() }, time).unref()
    return certified.length
  }

  /** Whether connections linger before they are closed. */
  get lingers (): boolean {
    return this.#limits.linger > 0
  }

  /** Adds a connection that lingers. */
  linger (connection: Connection): void {
    this.#lingering.add(connection)
    if (this.#lingering.size <= mostLingering) return
    const [oldest] = this.#lingering
    this.#lingering.delete(oldest!)
    oldest!.socket.destroy()
  }

  /**
   * Checks all connections. Time is counted in checks, so that after a pause of this process no connection is closed before it could be
   * read.
   */
  #look (): void {
    for (const connection of this.#lingering) if (this.#hasLingered(connection)) connection.socket.destroy()
    if (this.#limits.write > 0) {
      for (const connection of this.#all) if (connection.socket.writableLength > 0 && this.#isStalled(connection)) cut(connection)
    }
    this.time += this.#interval
    const { age } = this.#limits.life ?? anyLife
    if (age > 0) for (const connection of this.#all) connection.old = this.time - connection.born >= age * connection.ageFactor
    this.#onLook(this.#interval)
  }

  #hasLingered ({ socket, lingering }: Connection): boolean {
    const progress = lingering!
    progress.idle = socket.bytesRead === progress.read ? progress.idle + 1 : 0
    progress.read = socket.bytesRead
    progress.looks++
    const { linger } = this.#limits
    return progress.idle * this.#interval >= linger || progress.looks * this.#interval >= linger * lingerFactor ||
      progress.read - progress.from > mostDiscarded
  }

  #isStalled (connection: Connection): boolean {
    const { below, write } = connection
    const done = below.bytesWritten - below.writableLength
    const queued = writeQueueOf(below)
    if (done === write.done && queued === write.queued) {
      const time = ++write.looks * this.#interval
      return time >= this.#limits.write || (time >= patience && isWaitedFor(connection.exchange))
    }
    write.done = done
    write.queued = queued
    write.looks = 0
    return false
  }
}

/** Closes the connection of a client that reads nothing. */
function cut (connection: Connection): void {
  const { exchange } = connection
  if (exchange !== undefined) exchange.reason ??= reasons['client-stalled']
  reset(connection.below)
}
