/** Lets one thing after the other happen, where each has several steps. */

export class Turns {
  #last: Promise<void> = Promise.resolve()

  /** Resolves when all before it have ended, with the function that ends this one. */
  async begin (): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const before = this.#last
    this.#last = promise
    await before
    return resolve
  }

  /** Runs `work` in a turn of its own. */
  async run<T> (work: () => Promise<T>): Promise<T> {
    const end = await this.begin()
    try {
      return await work()
    } finally {
      end()
    }
  }
}
