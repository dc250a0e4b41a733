/**
 * Rows by key in shared memory: sets of 64 rows, each with a lock. A key belongs into one set, in which it is found by its hash. The key of
 * the overflow has a set of its own, so that it is never waited for while another key is held.
 *
 * There are twice as many rows as keys may be at once: with all of them, one set in ten million is full.
 */

import { KeyedHash } from './keyed-hash.ts'
import { readKey, textWords, writeKey } from './key-text.ts'
import { lineWords, type SharedSpace } from './shared-space.ts'

/** Rows of a set. */
export const rowsInSet = 64

/** Words of a set: its lock and the number of its rows in use, the hashes of the rows, their words, their keys. */
const lockAt = 0
const usedAt = 1
const hashesAt = lineWords
const rowsAt = hashesAt + 2 * rowsInSet

/** Words before the sets. */
const sizeAt = 0
const setsAt = 1
const rowWordsAt = 2
const headerWords = lineWords

/** How the sets of so many keys lie. */
export interface KeySetsShape {
  readonly sets: number
  readonly rowWords: number
}

export function shapeOf (keys: number, rowWords: number): KeySetsShape {
  return { sets: keys <= rowsInSet ? 1 : Math.ceil(2 * keys / rowsInSet), rowWords: rowWords + rowWords % 2 }
}

/** Lines of sets with this shape, the one of the overflow included. */
export function keySetsLines ({ sets, rowWords }: KeySetsShape): number {
  return Math.ceil((headerWords + (sets + 1) * setWords(rowWords)) / lineWords)
}

function setWords (rowWords: number): number {
  return rowsAt + rowsInSet * (rowWords + textWords)
}

/** Writes the shape into new memory, so that the control thread can read it without a definition. */
export function writeShape (words: Int32Array, at: number, { sets, rowWords }: KeySetsShape): void {
  words[at + setsAt] = sets
  words[at + rowWordsAt] = rowWords
}

export class KeySets {
  readonly words: Int32Array
  /** Number of sets, that of the overflow not included, which is the one behind the others. */
  readonly sets: number
  readonly #space: SharedSpace
  readonly #at: number
  readonly #rowWords: number
  readonly #setWords: number
  readonly #hash: KeyedHash
  /** The hash of the key that was located last. */
  #low = 0
  #high = 0

  constructor (space: SharedSpace, at: number) {
    this.#space = space
    this.words = space.words
    this.#at = at
    this.sets = space.words[at + setsAt]!
    this.#rowWords = space.words[at + rowWordsAt]!
    this.#setWords = setWords(this.#rowWords)
    this.#hash = new KeyedHash(...space.hashKey)
  }

  /** Number of rows. A thread that dies while it adds or removes one may leave it wrong by one. */
  get size (): number {
    return Atomics.load(this.words, this.#at + sizeAt)
  }

  /** The set of a key, as its address. What is found or added next is this key. */
  locate (key: string): number {
    this.#hash.of(key)
    this.#low = this.#hash.low
    this.#high = this.#hash.high
    // No other key is empty.
    return this.setAt(key === '' ? this.sets : Math.floor((this.#high >>> 0) / 0x1_0000_0000 * this.sets))
  }

  setAt (index: number): number {
    return this.#at + headerWords + index * this.#setWords
  }

  acquire (set: number): void {
    if (this.#space.locks.acquire(set + lockAt)) this.#recount(set)
  }

  tryAcquire (set: number): boolean {
    return this.#space.locks.tryAcquire(set + lockAt)
  }

  release (set: number): void {
    this.#space.locks.release(set + lockAt)
  }

  /** Whether all rows of the set are in use. */
  isFull (set: number): boolean {
    return this.words[set + usedAt]! >= rowsInSet
  }

  /** The row of the key that was located last; -1 when it has none. */
  find (set: number): number {
    const words = this.words
    const low = this.#low
    const high = this.#high
    const hashes = set + hashesAt
    // Rows are added from a place on that the hash names, so that most are found at once.
    for (let left = words[set + usedAt]!, step = 0; left > 0 && step < rowsInSet; step++) {
      const row = (low + step) & rowsInSet - 1
      const known = words[hashes + 2 * row]!
      if (known === low && words[hashes + 2 * row + 1] === high) return row
      if (known !== 0) left--
    }
    return -1
  }

  /** Adds the row of the key that was located last. The set is not full. The row is visible when {@link show} is called. */
  add (set: number, key: string): number {
    let row = this.#low & rowsInSet - 1
    while (this.isUsed(set, row)) row = (row + 1) & rowsInSet - 1
    writeKey(this.words, set + rowsAt + rowsInSet * this.#rowWords + row * textWords, key)
    return row
  }

  show (set: number, row: number): void {
    const at = set + hashesAt + 2 * row
    this.words[at + 1] = this.#high
    this.words[at] = this.#low
    this.words[set + usedAt]!++
    Atomics.add(this.words, this.#at + sizeAt, 1)
  }

  remove (set: number, row: number): void {
    this.words[set + hashesAt + 2 * row] = 0
    this.words[set + usedAt]!--
    Atomics.sub(this.words, this.#at + sizeAt, 1)
  }

  isUsed (set: number, row: number): boolean {
    return this.words[set + hashesAt + 2 * row] !== 0
  }

  /** Whether the set has rows. Also without its lock, as a hint. */
  hasRows (set: number): boolean {
    return this.words[set + usedAt] !== 0
  }

  /** Where the words of a row are. */
  rowAt (set: number, row: number): number {
    return set + rowsAt + row * this.#rowWords
  }

  /** The key of a row; of a long one the beginning. */
  keyOf (set: number, row: number): string {
    return readKey(this.words, set + rowsAt + rowsInSet * this.#rowWords + row * textWords)
  }

  /** A thread has died with the lock. */
  #recount (set: number): void {
    let used = 0
    for (let row = 0; row < rowsInSet; row++) if (this.isUsed(set, row)) used++
    Atomics.add(this.words, this.#at + sizeAt, used - this.words[set + usedAt]!)
    this.words[set + usedAt] = used
  }
}
