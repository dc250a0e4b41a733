/** How many requests of each key are on their way at once. */

/** Counts by key. A key without requests on their way is not kept, so there are never more than requests. */
export class Concurrency {
  readonly #active = new Map<string, number>()
  /** What its own requests are counted on top of. */
  readonly #base: Concurrency | undefined

  constructor (base?: Concurrency) {
    this.#base = base
  }

  /** Number of keys with requests on their way. */
  get size (): number {
    if (this.#base === undefined) return this.#active.size
    let added = 0
    for (const key of this.#active.keys()) if (this.#base.active(key) === 0) added++
    return this.#base.size + added
  }

  /** Requests of a key on their way. */
  active (key: string): number {
    return (this.#active.get(key) ?? 0) + (this.#base?.active(key) ?? 0)
  }

  /** One more. */
  enter (key: string): void {
    this.#active.set(key, (this.#active.get(key) ?? 0) + 1)
  }

  /** One less; exactly one call for each `enter`. */
  leave (key: string): void {
    const left = (this.#active.get(key) ?? 0) - 1
    if (left > 0) this.#active.set(key, left)
    else this.#active.delete(key)
  }

  /** A copy for rehearsals that costs nothing: it reads through. */
  copy (): Concurrency {
    return new Concurrency(this)
  }
}
