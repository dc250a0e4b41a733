/** How many requests of each key are on their way at once. */

/** Counts by key. A key without requests on their way is not kept, so there are never more than requests. */
export class Concurrency {
  readonly #active: Map<string, number>

  constructor (active: ReadonlyMap<string, number> = new Map()) {
    this.#active = new Map(active)
  }

  /** Number of keys with requests on their way. */
  get size (): number {
    return this.#active.size
  }

  /** Requests of a key on their way. */
  active (key: string): number {
    return this.#active.get(key) ?? 0
  }

  /** One more. */
  enter (key: string): void {
    this.#active.set(key, this.active(key) + 1)
  }

  /** One less; exactly one call for each `enter`. */
  leave (key: string): void {
    const left = this.active(key) - 1
    if (left > 0) this.#active.set(key, left)
    else this.#active.delete(key)
  }

  /** A copy for rehearsals. */
  copy (): Concurrency {
    return new Concurrency(this.#active)
  }
}
