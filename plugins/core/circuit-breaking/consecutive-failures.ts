/** Opens a breaker after a number of consecutive failures. */

/** Positions of the cells, which are 0 at the beginning: missing or bad response headers, cut-off bodies, and the last cause. */
const heads = 0
const cuts = 1
const last = 2

/** How many cells there are. */
export const consecutiveCells = 3

/**
 * Counts consecutive failures. A response arrives in two steps, so there are two counts: good response headers reset
 * the count of missing and bad ones, a complete body resets the count of cut-off bodies. With one count a target that
 * cuts off every response would never reach the limit, because good headers would reset it, and one that serves endless
 * streams would never be reset.
 */
export class ConsecutiveFailures {
  readonly #limit: number
  readonly #cells: Float64Array

  constructor (limit: number, cells: Float64Array) {
    this.#limit = limit
    this.#cells = cells
  }

  /** Failures in a row. */
  get count (): number {
    return this.#cells[heads]! + this.#cells[cuts]!
  }

  /** The cause of the last one. */
  get cause (): number {
    return this.#cells[last]!
  }

  /** Good response headers have arrived. */
  answered (): void {
    this.#cells[heads] = 0
  }

  /** A good response is complete. */
  completed (): void {
    this.#cells[cuts] = 0
  }

  /** The response headers are missing or bad. Returns whether the limit is reached. */
  failed (cause: number): boolean {
    this.#cells[heads]!++
    return this.#reached(cause)
  }

  /** Good response headers arrived and the body was cut off. Returns whether the limit is reached. */
  cut (cause: number): boolean {
    this.#cells[cuts]!++
    return this.#reached(cause)
  }

  clear (): void {
    this.#cells.fill(0)
  }

  #reached (cause: number): boolean {
    this.#cells[last] = cause
    return this.count >= this.#limit
  }
}
