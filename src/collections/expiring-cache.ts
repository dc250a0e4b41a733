/** A map with a limited number of entries that expire. The least recently used entry is evicted first. */

interface Entry<V> {
  readonly value: V
  /** The time at which it expires. */
  readonly until: number
}

/** The cache. Times are milliseconds of a monotonic clock. */
export class ExpiringCache<V> {
  readonly #maximum: number
  /** In order of use, the least recently used first. */
  readonly #entries = new Map<string, Entry<V>>()

  /** @param maximum most entries; 0 keeps nothing */
  constructor (maximum: number) {
    this.#maximum = maximum
  }

  get size (): number {
    return this.#entries.size
  }

  /** The value, which counts as used now. */
  use (key: string, now: number): V | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    if (now >= entry.until) return undefined
    this.#entries.set(key, entry)
    return entry.value
  }

  /** The value; changes nothing. */
  peek (key: string, now: number): V | undefined {
    const entry = this.#entries.get(key)
    return entry === undefined || now >= entry.until ? undefined : entry.value
  }

  set (key: string, value: V, until: number): void {
    this.#entries.delete(key)
    if (this.#maximum === 0) return
    if (this.#entries.size >= this.#maximum) this.#entries.delete(this.#entries.keys().next().value!)
    this.#entries.set(key, { value, until })
  }

  delete (key: string): void {
    this.#entries.delete(key)
  }
}
