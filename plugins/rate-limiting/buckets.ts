/**
 * The buckets of one policy, by key, never more than a given number.
 *
 * A bucket is its TAT (see `token-bucket.ts`). One that is full again is as good as none and is swept away. One that is not full is never
 * thrown out: a client could else get a fresh bucket by filling the table with others. So when the table is full of buckets in use, keys that
 * are not in it share one bucket, the overflow, until there is room; keys that are in it keep their own.
 */

import { full } from './token-bucket.ts'

/** Where the state of buckets is read and kept. */
export interface BucketStore {
  /** Number of buckets. */
  readonly size: number
  /** The key under which the bucket of `key` is kept: itself, or that of the overflow. */
  slot (key: string, now: number): string
  /** The TAT of a slot. */
  get (slot: string): number
  set (slot: string, tat: number): void
  has (slot: string): boolean
}

/** The slot that new keys share while the table is full of buckets in use. No key is empty. */
export const overflow = ''

/** How many buckets a new key looks at for one that is full. More than one, so that sweeping is faster than filling. */
const stride = 8

/** All buckets of a policy. */
export class Buckets implements BucketStore {
  readonly maxKeys: number
  readonly #tats = new Map<string, number>()
  /** Where sweeping goes on; a Map's iterator survives whatever is added and deleted meanwhile. */
  #cursor: Iterator<[string, number]> = this.#tats.entries()

  /** @param maxKeys most buckets, the overflow not counted */
  constructor (maxKeys: number) {
    this.maxKeys = maxKeys
  }

  get size (): number {
    return this.#tats.size
  }

  /** Costs the same whatever the number of buckets. */
  slot (key: string, now: number): string {
    if (this.#tats.has(key)) return key
    this.sweep(now, stride)
    return this.#tats.size < this.maxKeys ? key : overflow
  }

  get (slot: string): number {
    return this.#tats.get(slot) ?? full
  }

  set (slot: string, tat: number): void {
    this.#tats.set(slot, tat)
  }

  has (slot: string): boolean {
    return this.#tats.has(slot)
  }

  /** Looks at the next `count` buckets, round and round, and deletes those that are full. */
  sweep (now: number, count: number): void {
    for (let left = Math.min(count, this.#tats.size); left > 0; left--) {
      let next = this.#cursor.next()
      if (next.done === true) {
        this.#cursor = this.#tats.entries()
        next = this.#cursor.next()
        if (next.done === true) return
      }
      const [slot, tat] = next.value
      if (tat <= now) this.#tats.delete(slot)
    }
  }

  /** A copy for rehearsals that costs nothing: it reads through, and keeps what is written to itself. */
  fork (): BucketStore {
    return new ForkedBuckets(this)
  }
}

class ForkedBuckets implements BucketStore {
  readonly #base: Buckets
  readonly #own = new Map<string, number>()

  constructor (base: Buckets) {
    this.#base = base
  }

  get size (): number {
    let added = 0
    for (const slot of this.#own.keys()) if (!this.#base.has(slot)) added++
    return this.#base.size + added
  }

  slot (key: string): string {
    if (this.has(key)) return key
    return this.size < this.#base.maxKeys ? key : overflow
  }

  get (slot: string): number {
    return this.#own.get(slot) ?? this.#base.get(slot)
  }

  set (slot: string, tat: number): void {
    this.#own.set(slot, tat)
  }

  has (slot: string): boolean {
    return this.#own.has(slot) || this.#base.has(slot)
  }
}
