/** Divides the concurrency limit of an upstream among priorities: each has a guaranteed share, and unused capacity is open to all. */

import type { Count } from '../../../src/index.ts'
import { Gradient, gradientCells, type GradientOptions } from './gradient.ts'
import { priorities, type Priority, type Rank } from './priority.ts'

export interface LimiterOptions extends GradientOptions {
  /** Share of the limit, from 0 to 1, up to which a priority is let through even when the limit is reached. */
  readonly shares: Readonly<Record<Priority, number>>
}

/** Requests that wait for their response, in all threads. */
export interface Waiting {
  readonly all: Count
  readonly byRank: readonly Count[]
}

/** Those of a limiter. @param count returns the count of this name */
export function waitingOf (count: (name: string) => Count): Waiting {
  return { all: count('all'), byRank: priorities.map(count) }
}

/** Its functions must be called with the lock of the upstream, except those that only read. */
export class Limiter {
  readonly #options: LimiterOptions
  readonly #gradient: Gradient
  readonly #waiting: Waiting

  /** @param cells the state of its limit, as {@link gradientCells} at the beginning */
  constructor (options: LimiterOptions, waiting: Waiting, cells: Float64Array = Float64Array.from(gradientCells(options))) {
    this.#options = options
    this.#waiting = waiting
    this.#gradient = new Gradient(options, cells)
  }

  get limit (): number {
    return this.#gradient.limit
  }

  /** Requests that wait for their response. */
  get active (): number {
    return this.#waiting.all.value
  }

  /** May one more of this rank go? Changes no state. */
  admits (rank: Rank): boolean {
    const { limit } = this.#gradient
    const { all, byRank } = this.#waiting
    return all.value < limit || byRank[rank]!.value < this.#options.shares[priorities[rank]] * limit
  }

  enter (rank: Rank): void {
    this.#waiting.byRank[rank]!.add(1)
    this.#waiting.all.add(1)
  }

  /** It waits no longer. `latency` in milliseconds; undefined when how long it took says nothing about the upstream. */
  leave (rank: Rank, latency: number | undefined, now: number): void {
    if (latency !== undefined) this.#gradient.sample(latency, this.#waiting.all.value, now)
    this.#waiting.byRank[rank]!.add(-1)
    this.#waiting.all.add(-1)
  }
}
