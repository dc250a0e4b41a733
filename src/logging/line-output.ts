/**
 * Lines that are written to a descriptor in order, all of one turn of the event loop in one write, without ever waiting for its reader. What cannot be
 * written at once waits in memory up to a limit; what is beyond it, or cannot be written at all (no reader, a full disk), is dropped and counted.
 */

import { write, writeSync } from 'node:fs'

/** Milliseconds until the next try at a reader that is behind: the first, and the longest. */
const soonestRetry = 1
const longestRetry = 50

/** How long lines of a file wait for others, in milliseconds: each write in the background has its price. */
const fileWait = 20

/** How long the end of the process waits for a reader that is behind, in milliseconds. */
const longestFarewell = 500

export interface LineOutputOptions {
  /** One that answers EAGAIN where it would wait, unless it is `file`. */
  readonly descriptor: number
  /** A file of a disk, which knows no EAGAIN: it is written in the background. */
  readonly file: boolean
  /** Most characters that wait in memory. */
  readonly limit: number
}

export class LineOutput {
  readonly #options: LineOutputOptions
  #waiting = ''
  #lines = 0
  /** What is being written, how much of it is out, and how many lines it is. */
  #sending = Buffer.alloc(0)
  #sent = 0
  #sendingLines = 0
  #busy = false
  #retry = soonestRetry
  /** Lines lost since the last write that succeeded. */
  #missing = 0
  /** Whether the last line that was begun has no end. */
  #torn = false
  #idle: (() => void) | undefined
  /** Lines lost since the start. */
  lost = 0
  /** Called when lines are written again after some were lost, with how many. May write a line. */
  recovered: ((lost: number) => void) | undefined

  constructor (options: LineOutputOptions) {
    this.#options = options
    process.once('exit', () => this.#writeNow())
  }

  /** Adds a line, which ends with a line feed. */
  write (line: string): void {
    if (this.#sending.length - this.#sent + this.#waiting.length + line.length > this.#options.limit) {
      this.#lose(1)
      return
    }
    if (this.#waiting === '' && !this.#busy) this.#schedule()
    this.#waiting += line
    this.#lines++
  }

  /** Resolves when all that was added is written or lost, or after so many milliseconds. */
  async flushed (timeout: number): Promise<void> {
    if (this.#waiting === '' && !this.#busy) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, timeout)
    this.#idle = resolve
    await promise
    clearTimeout(timer)
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
    else this.#lose(this.#sendingLines)
    if (this.#waiting !== '') this.#schedule()
    else this.#idle?.()
  }

  #lose (lines: number): void {
    this.lost += lines
    this.#missing += lines
  }

  #tell (): void {
    const lost = this.#missing
    this.#missing = 0
    if (lost > 0) this.recovered?.(lost)
  }

  /** At the very end nothing runs beside this any more, so it waits, but not for long. */
  #writeNow (): void {
    const until = performance.now() + longestFarewell
    // What a file is being given goes on in its thread.
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
