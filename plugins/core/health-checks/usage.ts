/** Whether an upstream is in use: probes of one that is not may rest, until it is. */

/** The probers that rest, in the thread that probes. */
export type Resting = Set<() => void>

/** Positions of the cells: when the last request went to one of the targets; 1 while a prober may rest. */
const last = 0
const restful = 1

/** The cells of an upstream that was never used. */
export const usageCells: readonly number[] = [-Infinity, 0]

/** Wakes all that rest. */
export function wakeAll (resting: Resting): void {
  const woken = [...resting]
  resting.clear()
  for (const wake of woken) wake()
}

/** Must be called with the lock of the upstream. Times are milliseconds of a clock that never jumps. */
export class Usage {
  readonly #cells: Float64Array
  readonly #resting: Resting
  readonly #call: () => void

  /**
   * @param cells its state, as {@link usageCells} at the beginning
   * @param resting the probers of this thread
   * @param call wakes those that rest, in whatever thread they are; by default those of this one
   */
  constructor (
    cells: Float64Array = Float64Array.from(usageCells),
    resting: Resting = new Set(),
    call: () => void = () => wakeAll(resting)
  ) {
    this.#cells = cells
    this.#resting = resting
    this.#call = call
  }

  /** When the last request went to one of the targets. */
  get lastAt (): number {
    return this.#cells[last]!
  }

  /** A request goes to one of the targets. Wakes the probers that rest, once. */
  note (now: number): void {
    this.#cells[last] = now
    if (this.#cells[restful] === 0) return
    this.#cells[restful] = 0
    this.#call()
  }

  /** Calls `wake` with the next request. */
  rest (wake: () => void): void {
    this.#resting.add(wake)
    this.#cells[restful] = 1
  }

  /** Takes it back. */
  rise (wake: () => void): void {
    this.#resting.delete(wake)
  }
}
