/** Tells the first of many occurrences from the rest, so that something that happens on every request is reported once. */

export class QuietPeriod {
  readonly #length: number
  #last = -Infinity

  /** @param length milliseconds without an occurrence after which the next one is a first one again */
  constructor (length = 60_000) {
    this.#length = length
  }

  /** Notes an occurrence at `now`, on a clock that never jumps; says whether it is a first one. */
  isFirst (now: number): boolean {
    const first = now - this.#last >= this.#length
    this.#last = now
    return first
  }
}
