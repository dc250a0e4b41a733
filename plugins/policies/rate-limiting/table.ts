/**
 * A bounded table of entries by key.
 *
 * An idle entry, such as a bucket that is full again, equals no entry and is swept. An entry in use is never evicted,
 * or a client could reset its limit by filling the table. When the table is full of entries in use, new keys share one
 * entry, the overflow, until there is room; existing keys keep their own.
 */

/** Stores entries by key. A returned entry may be changed in place. */
export interface Entries<T> {
  /** Number of entries. */
  readonly size: number
  /** The key that stores the entry of `key`: itself, or that of the overflow. */
  slot (key: string, now: number): string
  get (slot: string): T | undefined
  set (slot: string, entry: T): void
}

/** Tells which entries are idle, and copies entries for rehearsals. */
export interface EntryKind<T> {
  /** The time from which the entry may be dropped. */
  idleAt (entry: T): number
  copy (entry: T): T
}

/** The key of the overflow entry. No other key is empty. */
export const overflow = ''

/** The number of entries that a new key checks for an idle one. More than one, so that sweeping is faster than filling. */
const stride = 8

/** All entries of a policy. */
export class Table<T> implements Entries<T> {
  readonly maxKeys: number
  readonly #kind: EntryKind<T>
  readonly #entries = new Map<string, T>()
  /** The position of the sweep. A Map's iterator remains valid while entries are added and deleted. */
  #cursor: Iterator<[string, T]> = this.#entries.entries()

  /** @param maxKeys the most entries, without the overflow */
  constructor (maxKeys: number, kind: EntryKind<T>) {
    this.maxKeys = maxKeys
    this.#kind = kind
  }

  get size (): number {
    return this.#entries.size
  }

  /** Takes constant time. */
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

  /** Checks the next `count` entries, in a cycle, and deletes those that are idle. */
  sweep (now: number, count: number): void {
    for (let left = Math.min(count, this.#entries.size); left > 0; left--) {
      let next = this.#cursor.next()
      if (next.done === true) {
        this.#cursor = this.#entries.entries()
        next = this.#cursor.next()
        if (next.done === true) return
      }
      const [slot, entry] = next.value
      if (this.#kind.idleAt(entry) <= now) this.#entries.delete(slot)
    }
  }

  /** A copy-on-read view for rehearsals: it reads from the original and returns copies of entries. */
  fork (): Entries<T> {
    return new ForkedTable(this, this.#kind)
  }
}

class ForkedTable<T> implements Entries<T> {
  readonly #base: Table<T>
  readonly #kind: EntryKind<T>
  readonly #own = new Map<string, T>()

  constructor (base: Table<T>, kind: EntryKind<T>) {
    this.#base = base
    this.#kind = kind
  }

  get size (): number {
    let added = 0
    for (const slot of this.#own.keys()) if (this.#base.get(slot) === undefined) added++
    return this.#base.size + added
  }

  slot (key: string): string {
    if (this.#own.has(key) || this.#base.get(key) !== undefined) return key
    return this.size < this.#base.maxKeys ? key : overflow
  }

  get (slot: string): T | undefined {
    const own = this.#own.get(slot)
    if (own !== undefined) return own
    const base = this.#base.get(slot)
    if (base === undefined) return undefined
    const copy = this.#kind.copy(base)
    this.#own.set(slot, copy)
    return copy
  }

  set (slot: string, entry: T): void {
    this.#own.set(slot, entry)
  }
}
