/** Runs work that must not slow requests down: one job after the other, with rests in between and a limit on waiting jobs. */

import { GatewayError } from '../contract/errors.ts'

/** How long jobs run before the queue rests, in milliseconds. */
const stretch = 10

/** The rest, as a multiple of the time for which jobs have run since the last one. */
const restFactor = 3

/** The longest rest, in milliseconds. */
const longestRest = 1000

/** A queue of jobs. */
export class OneAtATime {
  readonly #most: number
  #before: Promise<void> = Promise.resolve()
  #waiting = 0
  /** How long jobs have run since the last rest, in milliseconds. */
  #worked = 0

  /** @param most the most jobs that wait, the running one included */
  constructor (most: number) {
    this.#most = most
  }

  /**
   * Runs `work` after the jobs before it.
   * @throws GatewayError `overloaded` when too many jobs wait, or what `work` throws
   */
  async run<T> (work: () => Promise<T>): Promise<T> {
    if (this.#waiting === this.#most) throw new GatewayError('overloaded', { headers: { 'retry-after': '1' } })
    this.#waiting++
    const before = this.#before
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#before = promise
    await before
    const startedAt = performance.now()
    try {
      return await work()
    } finally {
      this.#waiting--
      this.#worked += performance.now() - startedAt
      if (this.#worked < stretch) setImmediate(resolve)
      else this.#rest(resolve)
    }
  }

  #rest (done: () => void): void {
    setTimeout(done, Math.min(longestRest, this.#worked * restFactor)).unref()
    this.#worked = 0
  }
}
