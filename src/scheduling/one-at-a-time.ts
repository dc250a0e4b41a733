/** Work for people that must not slow requests down: one piece after the other, with pauses, and only so many that wait. */

import { GatewayError } from '../contract/errors.ts'

/** How long it rests after each piece, in times of what that took. */
const restFactor = 3

/** The longest rest, in milliseconds. */
const longestRest = 1000

export class OneAtATime {
  readonly #most: number
  #before: Promise<void> = Promise.resolve()
  #waiting = 0

  /** @param most how many may wait, with the one that runs */
  constructor (most: number) {
    this.#most = most
  }

  /** Runs `work` when its turn comes. @throws GatewayError `overloaded` when too many wait already, or what `work` throws */
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
      setTimeout(resolve, Math.min(longestRest, (performance.now() - startedAt) * restFactor)).unref()
    }
  }
}
