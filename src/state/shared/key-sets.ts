/**
 * Rows by key in shared memory: sets of 64 rows, each with a lock. A key belongs into one set, in which it is found by its hash. The key of
 * the overflow has a set of its own, so that it is never waited for while another key is held.
 *
 * The number of sets in use grows with the number of rows, one set at a time (linear hashing): each new one takes its keys from the one set
 * in which they were before. So few keys use little memory, however many there may be.
 */

import { KeyedHash } from './keyed-hash.ts'
import { lockAt, mostSetsAt, rowsInSet, setsAt, sizeAt } from './key-layout.ts'
import { KeyRows } from './key-rows.ts'
import type { LockWords } from './lock-words.ts'
import type { SharedSpace } from './shared-space.ts'

/** Rows in use of each set, on average, at which another set comes into use. The sets that are next have up to twice as many. */
const fill = 16

export class KeySets extends KeyRows {
  readonly #locks: LockWords
  readonly #at: number
  readonly #mostSets: number
  readonly #hash: KeyedHash
  /** The hash of the key that was acquired last. */
  #low = 0
  #high = 0

  constructor ({ words, locks, hashKey }: SharedSpace, at: number) {
    super(words, at)
    this.#locks = locks
    this.#at = at
    this.#mostSets = words[at + mostSetsAt]!
    this.#hash = new KeyedHash(...hashKey)
  }

  /** Number of rows. A thread that dies while it adds or removes one may leave it wrong by one. */
  get size (): number {
    return Atomics.load(this.words, this.#at + sizeAt)
  }

  /** Number of sets in use, that of the overflow included. */
  get sets (): number {
    return this.words[this.#at + setsAt]! + 1
  }

  /** Acquires the set of a key. What is found or added next is this key. Returns the address of the set. */
  acquireKey (key: string): number {
    this.#hash.of(key)
    const high = this.#hash.high
    this.#low = this.#hash.low
    this.#high = high
    // No other key is empty.
    if (key === '') {
      this.acquire(this.setAt(0))
      return this.setAt(0)
    }
    for (;;) {
      const set = this.#setOf(high)
      this.acquire(set)
      // While it waited, the key may have moved to a new set.
      if (this.#setOf(high) === set) return set
      this.release(set)
    }
  }

  acquire (set: number): void {
    if (this.#locks.acquire(set + lockAt)) this.#repair(set)
  }

  tryAcquire (set: number): boolean {
    return this.#locks.tryAcquire(set + lockAt)
  }

  release (set: number): void {
    this.#locks.release(set + lockAt)
  }

  /** The row of the key that was acquired last; -1 when it has none. */
  find (set: number): number {
    return this.findRow(set, this.#low, this.#high)
  }

  /** Adds the row of the key that was acquired last. The set is not full. The row is visible when {@link show} is called. */
  add (set: number, key: string): number {
    const row = this.freeRow(set, this.#low)
    this.writeKey(set, row, key)
    return row
  }

  show (set: number, row: number): void {
    this.showRow(set, row, this.#low, this.#high)
    const size = Atomics.add(this.words, this.#at + sizeAt, 1) + 1
    // Two, so that it keeps up where one could not be divided because another thread had it.
    if (this.#grow(set, size)) this.#grow(set, size)
  }

  remove (set: number, row: number): void {
    this.hideRow(set, row)
    Atomics.sub(this.words, this.#at + sizeAt, 1)
  }

  /** The set of a hash: its last bits, and one bit less where that set is not in use yet. */
  #setOf (high: number): number {
    const sets = this.words[this.#at + setsAt]!
    const bits = 32 - Math.clz32(sets - 1)
    let index = high & (1 << bits) - 1
    if (index >= sets) index &= (1 << bits - 1) - 1
    return this.setAt(index + 1)
  }

  /** Brings another set into use, where there are so many rows. Returns whether it did. @param own the set that this thread has */
  #grow (own: number, size: number): boolean {
    const sets = this.words[this.#at + setsAt]!
    if (size <= sets * fill || sets >= this.#mostSets) return false
    const from = this.setAt(sets - (1 << 31 - Math.clz32(sets)) + 1)
    // Its holder may want the set that this thread has.
    if (from === own || !this.tryAcquire(from)) return false
    const grows = this.words[this.#at + setsAt] === sets
    if (grows) this.#divide(from, sets)
    this.release(from)
    return grows
  }

  /** Takes the set number `sets` into use. No thread reads it before that, nor reads the rows that move there in `from` after it. */
  #divide (from: number, sets: number): void {
    const to = this.setAt(sets + 1)
    const mask = (1 << 32 - Math.clz32(sets)) - 1
    // A thread that died here may have left something.
    this.clear(to)
    let moved = 0
    for (let row = 0; row < rowsInSet; row++) {
      if (!this.isUsed(from, row) || (this.highOf(from, row) & mask) !== sets) continue
      this.copyRow(from, row, to)
      moved++
    }
    Atomics.store(this.words, this.#at + setsAt, sets + 1)
    Atomics.add(this.words, this.#at + sizeAt, moved)
    this.#removeMoved(from)
  }

  #removeMoved (set: number): void {
    for (let row = 0; row < rowsInSet; row++) {
      if (this.isUsed(set, row) && this.#setOf(this.highOf(set, row)) !== set) this.remove(set, row)
    }
  }

  /** A thread has died with the lock, perhaps while it divided the set. */
  #repair (set: number): void {
    Atomics.add(this.words, this.#at + sizeAt, this.recount(set))
    if (set !== this.setAt(0)) this.#removeMoved(set)
  }
}
