/**
 * The output of a data thread: hands its lines to the control thread, which alone writes to standard output. A line after a
 * pause leaves with its tick; those that follow wait a moment for others, because each message has its price. Lines that the
 * control thread has no time for are kept up to a limit, and dropped above it.
 */

import type { Link } from '../contract/link.ts'
import type { LogOutput } from './log-output.ts'

/** The channels of the log: lines, and what counts how many of them the control thread has taken. */
export const channels = { lines: 'log', begin: 'log-begin' } as const

/** What a data thread sends. */
export interface ThreadLines {
  readonly text: string
  readonly lines: number
  /** Lines dropped since the message before. */
  readonly lost: number
}

/** How long lines are collected after others were sent, in milliseconds. */
const longestWait = 20

/** Characters that are not kept waiting. */
const worthSending = 32 * 1024

/** Most characters that wait here or on the way to the control thread. */
const longestQueue = 1024 * 1024

export class ThreadOutput implements LogOutput {
  readonly #link: Link
  readonly #limit: number
  /** Characters that the control thread has taken, modulo 2^32. It counts them here, so that it need not answer. */
  readonly #taken = new Int32Array(new SharedArrayBuffer(4))
  #sent = 0
  #waiting = ''
  #lines = 0
  #missing = 0
  #scheduled = false
  /** When lines were sent last. */
  #sentAt = -Infinity
  /** The control thread counts those of all threads. */
  readonly lost = 0

  constructor (link: Link, limit = longestQueue) {
    this.#link = link
    this.#limit = limit
    link.send(channels.begin, this.#taken)
    // Also after an uncaught error: what is sent here arrives.
    process.once('exit', () => this.flush())
  }

  write (text: string, lines = 1): void {
    if (this.#onTheWay + this.#waiting.length + text.length > this.#limit) {
      this.lose(lines)
      return
    }
    this.#waiting += text
    this.#lines += lines
    if (this.#waiting.length >= worthSending) this.flush()
    else if (!this.#scheduled) this.#schedule()
  }

  lose (lines: number): void {
    this.#missing += lines
    if (!this.#scheduled) this.#schedule()
  }

  /** The control thread tells, once for all threads. */
  onRecovered (): () => void {
    return () => {}
  }

  /** Sends what waits. */
  flush (): void {
    if (this.#lines === 0 && this.#missing === 0) return
    this.#link.send(channels.lines, { text: this.#waiting, lines: this.#lines, lost: this.#missing } satisfies ThreadLines)
    this.#sent = (this.#sent + this.#waiting.length) | 0
    this.#sentAt = performance.now()
    this.#waiting = ''
    this.#lines = 0
    this.#missing = 0
  }

  get #onTheWay (): number {
    return (this.#sent - Atomics.load(this.#taken, 0)) | 0
  }

  #schedule (): void {
    this.#scheduled = true
    if (performance.now() - this.#sentAt < longestWait) setTimeout(this.#due, longestWait)
    else setImmediate(this.#due)
  }

  readonly #due = (): void => {
    this.#scheduled = false
    this.flush()
  }
}
