/** A place where threads wait for each other. */

export class Barrier {
  readonly #threads: number
  /** How many have arrived, and how often all have gone on. */
  readonly #words: Int32Array

  /** @param words two words of shared memory, 0 at the beginning */
  constructor (words: Int32Array, threads: number) {
    this.#words = words
    this.#threads = threads
  }

  /** Returns when all threads have come here. */
  wait (): void {
    const round = Atomics.load(this.#words, 1)
    if (Atomics.add(this.#words, 0, 1) + 1 === this.#threads) {
      Atomics.store(this.#words, 0, 0)
      Atomics.add(this.#words, 1, 1)
      Atomics.notify(this.#words, 1)
      return
    }
    while (Atomics.load(this.#words, 1) === round) Atomics.wait(this.#words, 1, round, 1000)
  }
}
