/**
 * A bounded table of objects by key, for one thread. What all threads count together is in a table of cells.
 *
 * An idle entry, such as a bucket that is full again, equals no entry and is swept. An entry in use is never evicted,
 * or a client could reset its limit by filling the table. When the table is full of entries in use, new keys share one
 * entry, the overflow, until there is room; existing keys keep their own.
 */

import { MapCycle } from '../../../src/index.ts'

/** The key of the overflow entry. No other key is empty. */
export const overflow = ''

/** The number of entries that a new key checks for an idle one. More than one, so that sweeping is faster than filling. */
const stride = 8

/** All entries of a policy. */
export class Table<T> {
  readonly maxKeys: number
  readonly #idleAt: (entry: T) => number
  readonly #entries = new Map<string, T>()
  readonly #cycle = new MapCycle(this.#entries)

  /**
   * @param maxKeys the most entries, without the overflow
   * @param idleAt the time from which an entry may be dropped
   */
  constructor (maxKeys: number, idleAt: (entry: T) => number) {
    this.maxKeys = maxKeys
    this.#idleAt = idleAt
  }

  get size (): number {
    return this.#entries.size
  }

  /** The key that stores the entry of `key`: itself, or that of the overflow. Takes constant time. */
  slot (key: string, now: number): string {
    if (this.#entries.has(key)) return key
    this.sweep(now, stride)
    return this.#entries.size < this.maxKeys ? key : overflow
  }

  get (slot: string): T | undefined {
    return this.#entries.get(slot)
  }

  set (slot: string, entry: T): void {
    this.#entries.set(slot, entry)
  }

  delete (slot: string): void {
    this.#entries.delete(slot)
  }

  /** All entries by key. */
  entries (): MapIterator<[string, T]> {
    return this.#entries.entries()
  }

  /** Checks the next `count` entries, in a cycle, and deletes those that are idle. */
  sweep (now: number, count: number): void {
    for (let left = Math.min(count, this.#entries.size); left > 0; left--) {
      const [slot, entry] = this.#cycle.next()!
      if (this.#idleAt(entry) <= now) this.#entries.delete(slot)
    }
  }
}
