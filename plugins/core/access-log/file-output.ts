/**
 * A file that lines are added to, in the background: a slow disk delays no request. Lines wait a moment for others,
 * because each write has its price; all that wait, and all that come while the disk is busy, are one write. What does
 * not fit into memory, or cannot be written, is dropped and counted.
 */

import { close, closeSync, fstatSync, openSync, write, writeSync } from 'node:fs'

/** How long a line waits for others, in milliseconds. */
const longestWait = 20

/** Characters that are not kept waiting. */
const worthWriting = 64 * 1024

/** Most bytes that a pipe takes at once, without those of other writers in between: PIPE_BUF of Linux. */
const pipeBuffer = 4096

export interface FileOutputOptions {
  readonly path: string
  /** Whether other threads write to it as well. */
  readonly shared: boolean
  /** Most characters that wait in memory. */
  readonly limit: number
  /** Called when lines begin to be lost, with the error of the file, if it has one. */
  failed (error: Error | undefined): void
  /** Called when a new file could not be opened: lines go on into the old one. */
  kept (error: Error): void
  /** Called when lines are written again, with how many were lost meanwhile. */
  recovered (lost: number): void
  /** Called for lines that are lost. */
  lost (lines: number): void
}

export class FileOutput {
  readonly #options: FileOutputOptions
  #descriptor: number
  /** Whether it is a pipe of several writers. Those of a file always add all that is written at once. */
  #piecemeal = false
  /** The file of before, while a write to it is under way. */
  #former: number | undefined
  #waiting = ''
  #lines = 0
  #busy = false
  #timer: NodeJS.Timeout | undefined
  /** Lines lost in the outage that is on; undefined while all is well. */
  #missing: number | undefined
  /** Whether the last write ended in the middle of a line. */
  #torn = false
  #idle: (() => void) | undefined
  readonly #last = (): void => this.#writeNow()

  /** Opens the file. @throws the error of the system, such as ENOENT */
  constructor (options: FileOutputOptions) {
    this.#options = options
    this.#descriptor = this.#open()
    process.on('exit', this.#last)
  }

  /** Adds a line, which ends with a line feed. */
  write (line: string): void {
    if (this.#waiting.length + line.length > this.#options.limit) {
      this.#lose(1, undefined)
      return
    }
    this.#waiting += line
    this.#lines++
    this.#schedule()
  }

  /** Reopens the file by its name, after it was moved away (log rotation). */
  reopen (): void {
    let next: number
    try {
      next = this.#open()
    } catch (error) {
      this.#options.kept(error as Error)
      return
    }
    this.#flush()
    const old = this.#descriptor
    this.#descriptor = next
    this.#torn = false
    if (this.#busy && this.#former === undefined) this.#former = old
    else close(old, () => {})
  }

  /** Readable by owner and group only: the lines contain personal data. */
  #open (): number {
    const { path, shared } = this.#options
    const descriptor = openSync(path, 'a', 0o640)
    this.#piecemeal = shared && !fstatSync(descriptor).isFile()
    return descriptor
  }

  /** Writes what waits and closes the file. */
  async close (): Promise<void> {
    process.off('exit', this.#last)
    this.#flush()
    if (this.#busy) await new Promise<void>(resolve => { this.#idle = resolve })
    closeSync(this.#descriptor)
  }

  #schedule (): void {
    if (this.#waiting.length >= worthWriting) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), longestWait)
  }

  #flush (): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#busy || this.#waiting === '') return
    const bytes = Buffer.from(this.#torn ? `\n${this.#waiting}` : this.#waiting)
    const lines = this.#lines
    this.#waiting = ''
    this.#lines = 0
    this.#busy = true
    this.#add(this.#descriptor, bytes, 0, lines)
  }

  #add (descriptor: number, bytes: Buffer, from: number, lines: number): void {
    const length = this.#piecemeal ? wholeLines(bytes, from) : bytes.length - from
    write(descriptor, bytes, from, length, null, (error, written) => {
      if (error === null && from + written < bytes.length) {
        this.#add(descriptor, bytes, from + written, lines)
        return
      }
      this.#torn = error !== null && (from > 0 || this.#torn) && descriptor === this.#descriptor
      this.#busy = false
      if (error === null) this.#well()
      else this.#lose(lines, error)
      if (this.#former !== undefined) {
        close(this.#former, () => {})
        this.#former = undefined
      }
      if (this.#idle !== undefined) this.#flush()
      else if (this.#waiting !== '') this.#schedule()
      if (!this.#busy) this.#idle?.()
    })
  }

  #lose (lines: number, error: Error | undefined): void {
    if (this.#missing === undefined) this.#options.failed(error)
    this.#missing = (this.#missing ?? 0) + lines
    this.#options.lost(lines)
  }

  #well (): void {
    if (this.#missing === undefined) return
    const lost = this.#missing
    this.#missing = undefined
    this.#options.recovered(lost)
  }

  /** At the very end there is no background any more. */
  #writeNow (): void {
    try {
      if (this.#waiting !== '') writeSync(this.#descriptor, this.#waiting)
    } catch {
      // There is no listener at this point.
    }
  }
}

/** The number of bytes from `from` on that are lines which a pipe takes at once; at least those of one line. */
function wholeLines (bytes: Buffer, from: number): number {
  if (bytes.length - from <= pipeBuffer) return bytes.length - from
  const end = bytes.lastIndexOf('\n', from + pipeBuffer - 1)
  return (end < from ? bytes.indexOf('\n', from) : end) + 1 - from
}
