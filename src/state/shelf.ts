/** Things by identity, each kept as long as it has a holder. */

/** Must not refer to the generation that created the thing, which would then live as long as the thing. */
interface Entry<T> {
  readonly thing: T
  holders: number
}

export class Shelf<T> {
  readonly #entries = new Map<string, Entry<T>>()

  get size (): number {
    return this.#entries.size
  }

  find (id: string): T | undefined {
    return this.#entries.get(id)?.thing
  }

  /** Adds a holder. Each call needs one of `release`. */
  take (id: string, create: () => T): T {
    let entry = this.#entries.get(id)
    if (entry === undefined) this.#entries.set(id, entry = { thing: create(), holders: 0 })
    entry.holders++
    return entry.thing
  }

  /** Removes a holder. Returns whether it was the last one, with which the thing leaves. */
  release (id: string): boolean {
    const entry = this.#entries.get(id)!
    if (--entry.holders > 0) return false
    this.#entries.delete(id)
    return true
  }
}
