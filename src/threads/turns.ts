/** Runs one thing after the other. */

export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  /** Runs `work` when all before it has ended, in whatever way. */
  async run<T> (work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work)
    this.#last = turn.catch(() => {})
    return await turn
  }
}
