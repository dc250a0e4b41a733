/** Counts the concurrent requests of each key. */

/** Counts by key. A key without requests in progress is removed, so there are never more keys than requests. */
export class Concurrency {
  readonly #active = new Map<string, number>()
  /** The counts that a view for rehearsals adds to. */
  readonly #base: Concurrency | undefined

  constructor (base?: Concurrency) {
    this.#base = base
  }

  /** Number of keys with requests in progress. */
  get size (): number {
    if (this.#base === undefined) return this.#active.size
    let added = 0
    for (const key of this.#active.keys()) if (this.#base.active(key) === 0) added++
    return this.#base.size + added
  }

  /** Requests of a key in progress. */
  active (key: string): number {
    return (this.#active.get(key) ?? 0) + (this.#base?.active(key) ?? 0)
  }

  /** Adds a request. */
  enter (key: string): void {
    this.#active.set(key, (this.#active.get(key) ?? 0) + 1)
  }

  /** Removes a request. To be called exactly once for each `enter`. */
  leave (key: string): void {
    const left = (this.#active.get(key) ?? 0) - 1
    if (left > 0) this.#active.set(key, left)
    else this.#active.delete(key)
  }

  /** A view for rehearsals: it reads from the original and keeps its own changes. */
  copy (): Concurrency {
    return new Concurrency(this)
  }
}
