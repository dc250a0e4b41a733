/** Tracks removed names: their series are printed for a while, so that the last scrapes see them, and then removed. */

export class StaleSeries {
  /** When a name was removed, in monotonic milliseconds; Infinity while it exists. */
  readonly #leftAt = new Map<string, number>()
  readonly #max: number

  /** Tracks at most `max` names; the series of further ones stay. */
  constructor (max = 100_000) {
    this.#max = max
  }

  /** Marks a name as existing. */
  join (name: string): void {
    if (this.#leftAt.size < this.#max || this.#leftAt.has(name)) this.#leftAt.set(name, Infinity)
  }

  /** Returns the names that were removed `keep` milliseconds ago or more, and stops tracking them. */
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
