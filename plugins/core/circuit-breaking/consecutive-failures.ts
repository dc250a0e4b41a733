/** Opens a breaker after a number of consecutive failures. */

/**
 * Counts consecutive failures. A response arrives in two steps, so there are two counts: good response headers reset
 * the count of missing and bad ones, a complete body resets the count of cut-off bodies. With one count a target that
 * cuts off every response would never reach the limit, because good headers would reset it, and one that serves endless
 * streams would never be reset.
 */
export class ConsecutiveFailures {
  readonly #limit: number
  #heads = 0
  #cuts = 0
  #last = ''

  constructor (limit: number) {
    this.#limit = limit
  }

  /** Good response headers have arrived. */
  answered (): void {
    this.#heads = 0
  }

  /** A good response is complete. */
  completed (): void {
    this.#cuts = 0
  }

  /** The response headers are missing or bad. Returns whether the limit is reached. */
  failed (why: string): boolean {
    this.#heads++
    return this.#reached(why)
  }

  /** Good response headers arrived and the body was cut off. Returns whether the limit is reached. */
  cut (why: string): boolean {
    this.#cuts++
    return this.#reached(why)
  }

  /** A description of the failures; undefined when there are none. */
  describe (): string | undefined {
    const row = this.#heads + this.#cuts
    return row === 0 ? undefined : `${row} ${row === 1 ? 'failure' : 'failures'} in a row, last: ${this.#last}`
  }

  copy (): ConsecutiveFailures {
    const copy = new ConsecutiveFailures(this.#limit)
    copy.#heads = this.#heads
    copy.#cuts = this.#cuts
    copy.#last = this.#last
    return copy
  }

  #reached (why: string): boolean {
    this.#last = why
    return this.#heads + this.#cuts >= this.#limit
  }
}
