/** Whether an upstream is in use: probes of one that is not may rest, until it is. */

/** Times are milliseconds of a clock that never jumps. */
export class Usage {
  /** When the last request went to one of the targets. */
  lastAt = -Infinity
  readonly #resting = new Set<() => void>()

  /** A request goes to one of the targets. Wakes who rests, once. */
  note (now: number): void {
    this.lastAt = now
    if (this.#resting.size === 0) return
    const woken = [...this.#resting]
    this.#resting.clear()
    for (const wake of woken) wake()
  }

  /** Calls `wake` with the next request. */
  rest (wake: () => void): void {
    this.#resting.add(wake)
  }

  /** Takes it back. */
  rise (wake: () => void): void {
    this.#resting.delete(wake)
  }

  /** For rehearsals: their requests wake no prober. */
  copy (): Usage {
    const copy = new Usage()
    copy.lastAt = this.lastAt
    return copy
  }
}
