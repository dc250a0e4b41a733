/** Names that were there once and are there no more: their series are printed for a while, for the last scrapes to see, and then left out. */

export class Departed {
  /** When a name left, in monotonic milliseconds; Infinity while it is there. */
  readonly #leftAt = new Map<string, number>()
  readonly #max: number

  /** `max` names are remembered at most; those beyond keep their series. */
  constructor (max = 100_000) {
    this.#max = max
  }

  /** A name is there now. */
  join (name: string): void {
    if (this.#leftAt.size < this.#max || this.#leftAt.has(name)) this.#leftAt.set(name, Infinity)
  }

  /** Those of the known names that left `keep` milliseconds ago or more. They are known no longer. */
  expire (present: ReadonlySet<string>, now: number, keep: number): Set<string> {
    for (const name of present) this.join(name)
    const expired = new Set<string>()
    for (const [name, leftAt] of this.#leftAt) {
      if (present.has(name)) continue
      if (leftAt === Infinity) this.#leftAt.set(name, now)
      if (now - Math.min(leftAt, now) < keep) continue
      expired.add(name)
      this.#leftAt.delete(name)
    }
    return expired
  }
}
