/** Divides the concurrency limit of an upstream among priorities: each has a guaranteed share, and unused capacity is open to all. */

import { Gradient, type GradientOptions } from './gradient.ts'
import { priorities, type Priority, type Rank } from './priority.ts'

export interface LimiterOptions extends GradientOptions {
  /** Share of the limit, from 0 to 1, up to which a priority is let through even when the limit is reached. */
  readonly shares: Readonly<Record<Priority, number>>
}

export class Limiter {
  readonly #options: LimiterOptions
  readonly #gradient: Gradient
  /** Requests that wait for their response, by rank. */
  readonly #waiting = [0, 0, 0, 0]
  #all = 0

  constructor (options: LimiterOptions, gradient = new Gradient(options)) {
    this.#options = options
    this.#gradient = gradient
  }

  get limit (): number {
    return this.#gradient.limit
  }

  /** Requests that wait for their response. */
  get active (): number {
    return this.#all
  }

  /** May one more of this rank go? Changes no state. */
  admits (rank: Rank): boolean {
    const { limit } = this.#gradient
    return this.#all < limit || this.#waiting[rank]! < this.#options.shares[priorities[rank]] * limit
  }

  enter (rank: Rank): void {
    this.#waiting[rank]!++
    this.#all++
  }

  /** It waits no longer. `latency` in milliseconds; undefined when how long it took says nothing about the upstream. */
  leave (rank: Rank, latency: number | undefined, now: number): void {
    if (latency !== undefined) this.#gradient.sample(latency, this.#all, now)
    this.#waiting[rank]!--
    this.#all--
  }

  /** An independent copy of the state. */
  copy (): Limiter {
    const copy = new Limiter(this.#options, this.#gradient.copy())
    for (const [rank, count] of this.#waiting.entries()) copy.#waiting[rank] = count
    copy.#all = this.#all
    return copy
  }
}
