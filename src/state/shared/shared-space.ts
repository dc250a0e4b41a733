/**
 * The memory that all threads of a gateway share, as one of them sees it: where what lies. Addresses are indexes of 32-bit words.
 *
 * The header names the threads; behind it are the buckets of the directory, two words for each page, and the pages.
 */

import { randomFillSync } from 'node:crypto'
import { chunkBytes } from '../cells.ts'
import { LockWords } from './lock-words.ts'

/** Words of a page. */
export const pageWords = chunkBytes / 4

/** Words of a line: what one core writes at once. State of different identities never shares one. */
export const lineWords = 16

/** Most threads of a gateway, the control thread included. */
export const mostThreads = 256

/** Buckets of the directory. */
export const bucketCount = 16_384

/** Addresses in the header. */
const columnsAt = 0
const keyAt = 1
const incarnationsAt = 3
export const topAt = 5
export const lostAt = 4
export const directoryLockAt = 16
export const slabsAt = 32
const threadsAt = 256
export const bucketsAt = pageWords
export const pagesAt = bucketsAt + bucketCount

/**
 * Bytes that are asked for, and the fewest that do. The system gives a page of memory only when it is used, so this is a number of
 * addresses and not of memory. A table of 100 000 keys takes 17 MiB of them, so there is room for 240.
 */
const mostBytes = 2 ** 32
const fewestBytes = 2 ** 26

export class SharedSpace {
  readonly buffer: SharedArrayBuffer
  readonly words: Int32Array
  readonly numbers: Float64Array
  /** This thread. */
  readonly thread: number
  /** Number of threads that each count has a part for, the control thread included. */
  readonly columns: number
  /** The key of all hashes. */
  readonly hashKey: readonly [number, number]
  readonly locks: LockWords

  private constructor (buffer: SharedArrayBuffer, thread: number) {
    this.buffer = buffer
    this.words = new Int32Array(buffer)
    this.numbers = new Float64Array(buffer)
    this.thread = thread
    this.columns = this.words[columnsAt]!
    this.hashKey = [this.words[keyAt]!, this.words[keyAt + 1]!]
    const incarnation = Atomics.add(this.words, incarnationsAt, 1) + 1
    this.locks = new LockWords(this.words, threadsAt, thread, incarnation)
  }

  /** Creates the memory of so many threads, the control thread included, which calls it. */
  static create (threads: number, bytes = mostBytes): SharedSpace {
    if (threads > mostThreads) throw new RangeError(`at most ${mostThreads} threads share memory, not ${threads}`)
    const buffer = reserve(bytes)
    const words = new Int32Array(buffer)
    words[columnsAt] = threads
    randomFillSync(words, keyAt, 2)
    return new SharedSpace(buffer, 0)
  }

  /** The same memory in another thread. */
  static attach (buffer: SharedArrayBuffer, thread: number): SharedSpace {
    return new SharedSpace(buffer, thread)
  }

  get pages (): number {
    return this.words.length / pageWords
  }
}

function reserve (bytes: number): SharedArrayBuffer {
  try {
    return new SharedArrayBuffer(bytes)
  } catch (error) {
    if (bytes <= fewestBytes) throw error
    return reserve(bytes / 2)
  }
}
