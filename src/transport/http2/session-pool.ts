/** The HTTP/2 connections to one target. Requests go to the one with the fewest streams, and wait where none has room. */

import type { ClientHttp2Session } from 'node:http2'
import type { ConnectionOptions } from '../connection-options.ts'
import type { Dialler } from '../dialler.ts'
import type { Http2Transmission } from './http2-transmission.ts'
import { TargetSession, type SessionOwner, type TargetSessionOptions } from './target-session.ts'

export class SessionPool implements SessionOwner {
  readonly #dialler: Pick<Dialler<ClientHttp2Session>, 'connect'>
  readonly #options: TargetSessionOptions
  readonly #max: number
  /** Those on which streams can be opened. */
  readonly #sessions: TargetSession[] = []
  /** All that are open, also those whose last streams go on. */
  readonly #open = new Set<TargetSession>()
  #dialling = 0
  #waiting: Http2Transmission[] = []
  /** The length of the list of those that wait at which the unwanted ones are removed. */
  #crowded = 64
  /** How many streams a connection has room for, as the last one has said. */
  #most = Infinity
  #closed = false

  constructor (
    dialler: Pick<Dialler<ClientHttp2Session>, 'connect'>,
    connections: ConnectionOptions['connections'],
    options: TargetSessionOptions
  ) {
    this.#dialler = dialler
    this.#options = options
    this.#max = connections.max
  }

  /** The most requests that can be under way at once. */
  get capacity (): number {
    return this.#max * Math.min(this.#options.streams, this.#most)
  }

  /** Starts a request, now or when there is room for it. */
  submit (transmission: Http2Transmission): void {
    const session = this.#waiting.length === 0 ? this.#leastUsed() : undefined
    if (session !== undefined) {
      transmission.start(session)
      return
    }
    this.#waiting.push(transmission)
    if (this.#waiting.length >= this.#crowded) {
      this.#waiting = this.#waiting.filter(({ unwanted }) => !unwanted)
      this.#crowded = Math.max(64, this.#waiting.length * 2)
    }
    this.#grow()
  }

  freed (): void {
    while (this.#waiting.length > 0) {
      const session = this.#leastUsed()
      if (session === undefined) break
      this.#waiting.shift()!.start(session)
    }
    if (this.#waiting.length > 0) this.#grow()
  }

  left (session: TargetSession): void {
    const index = this.#sessions.indexOf(session)
    if (index !== -1) this.#sessions.splice(index, 1)
    if (this.#waiting.length > 0) this.#grow()
  }

  /** Closes all connections. Requests under way fail. */
  destroy (): void {
    this.#closed = true
    for (const session of this.#open) session.destroy()
    this.#refuse(new Error('the connections to the target are closed'))
  }

  #leastUsed (): TargetSession | undefined {
    let least: TargetSession | undefined
    for (const session of this.#sessions) {
      if (session.room > 0 && (least === undefined || session.streams < least.streams)) least = session
    }
    return least
  }

  /** Opens as many connections as those that wait need. */
  #grow (): void {
    if (this.#closed) return
    // A target that takes no streams on one connection takes none on others.
    if (this.#most === 0 && this.#sessions.length > 0) return
    const needed = Math.ceil(this.#waiting.length / Math.max(1, Math.min(this.#options.streams, this.#most)))
    while (this.#dialling < needed && this.#sessions.length + this.#dialling < this.#max) this.#dial()
  }

  #dial (): void {
    this.#dialling++
    this.#dialler.connect((error, opened) => {
      this.#dialling--
      if (error !== null) {
        // Others may still serve those that wait.
        if (this.#sessions.length === 0 && this.#dialling === 0) this.#refuse(error)
      } else if (this.#closed) opened.destroy()
      else this.#add(opened)
    })
  }

  #add (opened: ClientHttp2Session): void {
    const session = new TargetSession(opened, this.#options, this)
    this.#sessions.push(session)
    this.#open.add(session)
    opened.once('close', () => this.#open.delete(session))
    this.#most = session.most
    this.freed()
  }

  #refuse (error: Error): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const transmission of waiting) transmission.refuse(error)
  }
}
