/**
 * What is remembered by key, never for more keys than a given number.
 *
 * An entry that is idle (a bucket that is full again) is as good as none and is swept away. One that is not idle is
 * never thrown out: a client could else get a fresh limit by filling the table with others. So when the table is full
 * of entries in use, keys that are not in it share one entry, the overflow, until there is room; keys that are in it
 * keep their own.
 */

/** Where entries are found and kept. An entry that was got may be changed in place. */
export interface Entries<T> {
  /** Number of entries. */
  readonly size: number
  /** The key under which the entry of `key` is kept: itself, or that of the overflow. */
  slot (key: string, now: number): string
  get (slot: string): T | undefined
  set (slot: string, entry: T): void
}

/** How entries are told to be idle, and copied for rehearsals. */
export interface EntryKind<T> {
  /** From when on it may be forgotten. */
  idleAt (entry: T): number
  copy (entry: T): T
}

/** The slot that new keys share while the table is full of entries in use. No key is empty. */
export const overflow = ''

/** How many entries a new key looks at for one that is idle. More than one, so that sweeping is faster than filling. */
const stride = 8

/** All entries of a policy. */
export class Table<T> implements Entries<T> {
  readonly maxKeys: number
  readonly #kind: EntryKind<T>
  readonly #entries = new Map<string, T>()
  /** Where sweeping goes on; a Map's iterator survives whatever is added and deleted meanwhile. */
  #cursor: Iterator<[string, T]> = this.#entries.entries()

  /** @param maxKeys most entries, the overflow not counted */
  constructor (maxKeys: number, kind: EntryKind<T>) {
    this.maxKeys = maxKeys
    this.#kind = kind
  }

  get size (): number {
    return this.#entries.size
  }

  /** Costs the same whatever the number of entries. */
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

  /** Looks at the next `count` entries, round and round, and deletes those that are idle. */
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

  /** A copy for rehearsals that costs nothing: it reads through, and what it hands out is its own. */
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
