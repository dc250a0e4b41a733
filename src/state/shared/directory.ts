/** Finds state in shared memory by its identity, and keeps it as long as a thread has it. */

import { KeyedHash } from './keyed-hash.ts'
import { SharedHeap } from './shared-heap.ts'
import { bucketCount, bucketsAt, directoryLockAt, lineWords, mostThreads, type SharedSpace } from './shared-space.ts'

/** What lies at an address. */
export const kinds = { cells: 1, table: 2, lock: 3, count: 4, counts: 5 } as const
export type Kind = keyof typeof kinds

/** Words of an entry, which is the line before what it names. The threads that have it are bits of the last words. */
const nextAt = 0
const lowAt = 1
const highAt = 2
const lengthAt = 3
const kindAt = 4
const linesAt = 5
const holdersAt = 8
const holderWords = mostThreads / 32

export class Directory {
  readonly #space: SharedSpace
  readonly #words: Int32Array
  readonly #heap: SharedHeap
  readonly #hash: KeyedHash

  constructor (space: SharedSpace, seconds?: () => number) {
    this.#space = space
    this.#words = space.words
    this.#heap = new SharedHeap(space, seconds)
    this.#hash = new KeyedHash(...space.hashKey)
  }

  /**
   * Returns the address of what has this identity; of new memory where no thread has it.
   * @param lines its size
   * @param fill called with new memory, which is all 0
   * @returns undefined when there is no room
   */
  take (id: string, kind: Kind, lines: number, fill: (address: number) => void = () => {}): number | undefined {
    return this.#locked(() => {
      const known = this.#find(id)
      const entry = known ?? this.#heap.allocate(lines + 1)
      if (entry === undefined) return undefined
      if (known === undefined) fill(entry + lineWords)
      this.#words[entry + holdersAt + (this.#space.thread >> 5)]! |= 1 << (this.#space.thread & 31)
      if (known === undefined) this.#link(entry, id, kind, lines + 1)
      return entry + lineWords
    })
  }

  /** This thread no longer has it. */
  release (id: string): void {
    this.#locked(() => {
      const entry = this.#find(id)
      if (entry !== undefined) this.#drop(entry, this.#space.thread)
    })
  }

  /** The thread no longer has anything. */
  died (thread: number): void {
    this.#locked(() => { for (const entry of Array.from(this.#entries())) this.#drop(entry, thread) })
  }

  /** Calls `visit` with the address of everything of one kind. */
  each (kind: Kind, visit: (address: number) => void): void {
    this.#locked(() => {
      for (const entry of this.#entries()) if (this.#words[entry + kindAt] === kinds[kind]) visit(entry + lineWords)
    })
  }

  /** How many identities there are. */
  get size (): number {
    return this.#locked(() => Array.from(this.#entries()).length)
  }

  /**
   * All changes are such that a thread may die between any two of them: another one then finds a sound directory, and at worst a block
   * that is lost.
   */
  #locked<T> (work: () => T): T {
    this.#space.locks.acquire(directoryLockAt)
    try {
      return work()
    } finally {
      this.#space.locks.release(directoryLockAt)
    }
  }

  #find (id: string): number | undefined {
    const words = this.#words
    this.#hash.of(id)
    const { low, high } = this.#hash
    for (let entry = words[this.#bucket(low)]!; entry !== 0; entry = words[entry + nextAt]!) {
      if (words[entry + lowAt] === low && words[entry + highAt] === high && words[entry + lengthAt] === id.length) return entry
    }
    return undefined
  }

  /** Visible with the last store. `#find` has hashed the identity. */
  #link (entry: number, id: string, kind: Kind, lines: number): void {
    const words = this.#words
    const { low, high } = this.#hash
    words[entry + nextAt] = words[this.#bucket(low)]!
    words[entry + lowAt] = low
    words[entry + highAt] = high
    words[entry + lengthAt] = id.length
    words[entry + kindAt] = kinds[kind]
    words[entry + linesAt] = lines
    words[this.#bucket(low)] = entry
  }

  #drop (entry: number, thread: number): void {
    const words = this.#words
    const at = entry + holdersAt
    words[at + (thread >> 5)]! &= ~(1 << (thread & 31))
    if (words.subarray(at, at + holderWords).some(bits => bits !== 0)) return
    let link = this.#bucket(words[entry + lowAt]!)
    while (words[link] !== entry) link = words[link]! + nextAt
    words[link] = words[entry + nextAt]!
    this.#heap.free(entry, words[entry + linesAt]!)
  }

  * #entries (): Generator<number> {
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      for (let entry = this.#words[bucketsAt + bucket]!; entry !== 0; entry = this.#words[entry + nextAt]!) yield entry
    }
  }

  #bucket (low: number): number {
    return bucketsAt + (low & bucketCount - 1)
  }
}
