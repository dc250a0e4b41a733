/**
 * Writes lines to a descriptor in order, all lines of an event-loop tick in one write, without ever waiting for the reader. What cannot be
 * written at once is kept in memory up to a limit. Lines above it, or that cannot be written at all (no reader, a full disk), are dropped
 * and counted.
 */

import { write, writeSync } from 'node:fs'
import type { LogOutput } from './log-output.ts'

/** First and longest pause before the next write to a reader that is behind, in milliseconds. */
const soonestRetry = 1
const longestRetry = 50

/** How long lines of a file are collected, in milliseconds, because each write in the background has a cost. */
const fileWait = 20

/** How long the process waits at its end for a reader that is behind, in milliseconds. */
const longestFarewell = 500

export interface LineOutputOptions {
  /** A non-blocking descriptor, which gives EAGAIN where it would wait, unless `file` is set. */
  readonly descriptor: number
  /** Whether it is a file on disk, which never gives EAGAIN and is written in the background. */
  readonly file: boolean
  /** Most characters that are kept in memory. */
  readonly limit: number
}

export class LineOutput implements LogOutput {
  readonly #options: LineOutputOptions
  #waiting = ''
  #lines = 0
  /** What is being written, how much of it has been written, and its number of lines. */
  #sending = Buffer.alloc(0)
  #sent = 0
  #sendingLines = 0
  #busy = false
  #retry = soonestRetry
  /** Lines dropped since the last successful write. */
  #missing = 0
  /** Whether the last line is written only in part. */
  #torn = false
  /** Lines dropped since the start. */
  lost = 0
  readonly #listeners = new Set<(lost: number) => void>()

  constructor (options: LineOutputOptions) {
    this.#options = options
    process.once('exit', () => this.#writeNow())
  }

  write (text: string, lines = 1): void {
    if (this.#sending.length - this.#sent + this.#waiting.length + text.length > this.#options.limit) {
      this.lose(lines)
      return
    }
    if (this.#waiting === '' && !this.#busy) this.#schedule()
    this.#waiting += text
    this.#lines += lines
  }

  lose (lines: number): void {
    this.lost += lines
    this.#missing += lines
  }

  onRecovered (listener: (lost: number) => void): () => void {
    this.#listeners.add(listener)
    return () => { this.#listeners.delete(listener) }
  }

  #schedule (): void {
    if (this.#options.file) setTimeout(() => this.#flush(), fileWait)
    else setImmediate(() => this.#flush())
  }

  #flush (): void {
    if (this.#busy || this.#waiting === '') return
    this.#busy = true
    this.#take()
    if (this.#options.file) this.#writeBehind()
    else this.#writeReady()
  }

  #take (): void {
    this.#sending = Buffer.from(this.#torn ? `\n${this.#waiting}` : this.#waiting)
    this.#sent = 0
    this.#sendingLines = this.#lines
    this.#waiting = ''
    this.#lines = 0
  }

  /** Writes as much as the reader has room for. */
  readonly #writeReady = (): void => {
    try {
      while (this.#sent < this.#sending.length) {
        this.#sent += writeSync(this.#options.descriptor, this.#sending, this.#sent)
        this.#retry = soonestRetry
      }
      this.#done(true)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') {
        this.#done(false)
        return
      }
      setTimeout(this.#writeReady, this.#retry).unref()
      this.#retry = Math.min(longestRetry, this.#retry * 2)
    }
  }

  #writeBehind (): void {
    write(this.#options.descriptor, this.#sending, this.#sent, this.#sending.length - this.#sent, null, (error, written) => {
      this.#sent += error === null ? written : 0
      if (error === null && this.#sent < this.#sending.length) this.#writeBehind()
      else this.#done(error === null)
    })
  }

  #done (whole: boolean): void {
    this.#torn = !whole && (this.#sent > 0 || this.#torn)
    this.#busy = false
    this.#sending = Buffer.alloc(0)
    this.#sent = 0
    if (whole) this.#tell()
    else this.lose(this.#sendingLines)
    if (this.#waiting !== '') this.#schedule()
  }

  #tell (): void {
    const lost = this.#missing
    this.#missing = 0
    if (lost > 0) for (const listener of this.#listeners) listener(lost)
  }

  /** Writes at the end of the process, where nothing else runs, so it may wait for a short time. */
  #writeNow (): void {
    const until = performance.now() + longestFarewell
    // A write to a file goes on in its thread.
    if (!this.#options.file && !this.#drain(until)) return
    this.#take()
    if (!this.#drain(until)) return
    this.#tell()
    this.#take()
    this.#drain(until)
  }

  #drain (until: number): boolean {
    while (this.#sent < this.#sending.length) {
      try {
        this.#sent += writeSync(this.#options.descriptor, this.#sending, this.#sent)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || performance.now() > until) return false
        Atomics.wait(sleeper, 0, 0, soonestRetry)
      }
    }
    return true
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4))
