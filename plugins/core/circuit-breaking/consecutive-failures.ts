/** When a closed breaker opens, part one: after so many failures in a row. */

/**
 * Counts failures in a row. An answer shows itself in two steps, so there are two counts: a good head ends a row of missing and
 * bad heads, a complete body ends a row of cuts. With one count a target that cuts every answer would never reach the limit,
 * because each good head would start the row anew; and one that serves endless streams would never leave it.
 */
export class ConsecutiveFailures {
  readonly #limit: number
  #heads = 0
  #cuts = 0
  #last = ''

  constructor (limit: number) {
    this.#limit = limit
  }

  /** A good head has arrived. */
  answered (): void {
    this.#heads = 0
  }

  /** A good answer is complete. */
  completed (): void {
    this.#cuts = 0
  }

  /** No head came, or a bad one. Returns whether the limit is reached. */
  failed (why: string): boolean {
    this.#heads++
    return this.#reached(why)
  }

  /** A good head came and its body broke off. Returns whether the limit is reached. */
  cut (why: string): boolean {
    this.#cuts++
    return this.#reached(why)
  }

  /** The row in words; undefined when there is none. */
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
