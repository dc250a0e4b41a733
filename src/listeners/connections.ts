/** All connections of a listener: counted, and looked at from time to time, so that one on which nothing moves does not stay. */

import type { Socket } from 'node:net'
import { reasons } from '../contract/errors.ts'
import { DenseSet } from '../collections/dense-set.ts'
import type { Exchange } from '../contract/exchange.ts'
import { Connection } from './connection.ts'
import { reset } from './reset.ts'
import { writeQueueOf } from './write-queue.ts'

/** What bounds connections that are open. Times in milliseconds. */
export interface ConnectionLimits {
  /** Connections beyond it are surplus. */
  readonly most: number
  /** Longest time in which a client may take nothing of what is written to it; 0 for ever. */
  readonly write: number
  /** Longest silence of a client whose connection is being closed, while what it sends is thrown away; 0 closes at once. */
  readonly linger: number
}

/** How long a client may take nothing while others wait for what it holds, in milliseconds. */
const patience = 2000

/** What a client may send after its last response before it is cut, in bytes. */
const mostDiscarded = 256 * 1024 * 1024

/** Most connections that linger at once; beyond it the oldest is closed. */
const mostLingering = 1024

/** Times the longest silence: how long a connection may linger in all. With the usual silence this is half a minute, as in nginx. */
const lingerFactor = 6

/** Longest and shortest time between two looks, in milliseconds. */
const longestInterval = 1000
const shortestInterval = 10

export class Connections {
  readonly #all = new DenseSet<Connection>()
  readonly #lingering = new Set<Connection>()
  readonly #onLook: () => void
  #limits: ConnectionLimits = { most: Infinity, write: 0, linger: 0 }
  #interval = longestInterval
  #timer: NodeJS.Timeout | undefined

  /** `onLook` is called at each look. */
  constructor (onLook: () => void) {
    this.#onLook = onLook
  }

  /** Connections that are open. */
  get open (): number {
    return this.#all.size
  }

  /** Those of them whose last response is on its way while the client is still sending. */
  get lingering (): number {
    return this.#lingering.size
  }

  /** How many there may be. */
  get most (): number {
    return this.#limits.most
  }

  /** Sets what holds from now on. */
  apply (limits: ConnectionLimits): void {
    this.#limits = limits
    const times = [limits.write, limits.linger].filter(time => time > 0)
    this.#interval = Math.max(shortestInterval, Math.min(longestInterval, ...times.map(time => time / 4)))
    this.stop()
    this.#timer = setInterval(() => this.#look(), this.#interval).unref()
  }

  stop (): void {
    clearInterval(this.#timer)
  }

  add (socket: Socket): void {
    const connection = new Connection(socket, this, this.#all.size >= this.#limits.most)
    this.#all.add(connection)
    socket.once('close', () => {
      this.#all.delete(connection)
      this.#lingering.delete(connection)
      connection.abandon()
    })
  }

  /** Ends every connection at once, whatever it is at. */
  destroyAll (): void {
    for (const { socket } of this.#all) socket.destroy()
  }

  /** Whether connections linger at all. */
  get lingers (): boolean {
    return this.#limits.linger > 0
  }

  /** Notes that a connection lingers. */
  linger (connection: Connection): void {
    this.#lingering.add(connection)
    if (this.#lingering.size <= mostLingering) return
    const [oldest] = this.#lingering
    this.#lingering.delete(oldest!)
    oldest!.socket.destroy()
  }

  /** Time is counted in looks: after a pause of this very process nobody is late before there was a chance to read. */
  #look (): void {
    for (const connection of this.#lingering) if (this.#hasLingered(connection)) connection.socket.destroy()
    if (this.#limits.write > 0) for (const connection of this.#all) if (connection.socket.writableLength > 0 && this.#isStalled(connection)) cut(connection)
    this.#onLook()
  }

  #hasLingered ({ socket, lingering }: Connection): boolean {
    const progress = lingering!
    progress.idle = socket.bytesRead === progress.read ? progress.idle + 1 : 0
    progress.read = socket.bytesRead
    progress.looks++
    const { linger } = this.#limits
    return progress.idle * this.#interval >= linger || progress.looks * this.#interval >= linger * lingerFactor || progress.read - progress.from > mostDiscarded
  }

  #isStalled (connection: Connection): boolean {
    const { socket, write } = connection
    const done = socket.bytesWritten - socket.writableLength
    const queued = writeQueueOf(socket)
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

/** Whether every connection to the target of an exchange is taken, one of them by the exchange. */
function isWaitedFor (exchange: Exchange | undefined): boolean {
  const attempt = exchange?.attempt
  if (attempt === undefined || attempt.outcome !== undefined) return false
  const { load, upstream } = attempt.target
  return load.active >= upstream.config.connections.max
}

/** Takes the connection away from a client that reads nothing. */
function cut (connection: Connection): void {
  const { exchange } = connection
  if (exchange !== undefined) exchange.reason ??= reasons['client-stalled']
  reset(connection.socket)
}
