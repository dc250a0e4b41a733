/** Lets a few pieces of work run at once, in the order in which they came. */

export class Turns {
  readonly #most: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor (most: number) {
    this.#most = most
  }

  /** Runs it when its turn has come. The number of those that wait is that of the callers. */
  async take<T> (work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#most) await new Promise<void>(resolve => { this.#waiting.push(resolve) })
    else this.#running++
    try {
      return await work()
    } finally {
      // The turn goes to the next one that waits, so that a later one cannot overtake it.
      const next = this.#waiting.shift()
      if (next === undefined) this.#running--
      else next()
    }
  }
}
