/** Whether an upstream is in use: probes of one that is not may rest, until it is. */

/** The probers of this thread that rest. */
export type Resting = Set<() => void>

/** The cells of an upstream that was never used: when the last request went to one of the targets. */
export const usageCells: readonly number[] = [-Infinity]

/** Times are milliseconds of a clock that never jumps. */
export class Usage {
  readonly #cells: Float64Array
  readonly #resting: Resting

  /**
   * @param cells its state, as {@link usageCells} at the beginning
   * @param resting the probers to wake; none in a rehearsal, whose requests wake no prober
   */
  constructor (cells: Float64Array = Float64Array.from(usageCells), resting: Resting = new Set()) {
    this.#cells = cells
    this.#resting = resting
  }

  /** When the last request went to one of the targets. */
  get lastAt (): number {
    return this.#cells[0]!
  }

  /** A request goes to one of the targets. Wakes the probers that rest, once. */
  note (now: number): void {
    this.#cells[0] = now
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
}
