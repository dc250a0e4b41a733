/** Divides the concurrency limit of an upstream among priorities: each has a guaranteed share, and unused capacity is open to all. */

import { Gradient, gradientCells, type GradientOptions } from './gradient.ts'
import { priorities, type Priority, type Rank } from './priority.ts'

export interface LimiterOptions extends GradientOptions {
  /** Share of the limit, from 0 to 1, up to which a priority is let through even when the limit is reached. */
  readonly shares: Readonly<Record<Priority, number>>
}

/** Positions of the cells: requests that wait for their response, together and by rank. Those of the gradient follow. */
const all = 0
const byRank = 1
const ownCells = byRank + priorities.length

/** The cells of a limiter without requests. */
export function limiterCells (options: LimiterOptions): readonly number[] {
  return [0, ...priorities.map(() => 0), ...gradientCells(options)]
}

export class Limiter {
  readonly #options: LimiterOptions
  readonly #gradient: Gradient
  readonly #cells: Float64Array

  /** @param cells its state, as {@link limiterCells} at the beginning */
  constructor (options: LimiterOptions, cells: Float64Array = Float64Array.from(limiterCells(options))) {
    this.#options = options
    this.#cells = cells
    this.#gradient = new Gradient(options, cells.subarray(ownCells))
  }

  get limit (): number {
    return this.#gradient.limit
  }

  /** Requests that wait for their response. */
  get active (): number {
    return this.#cells[all]!
  }

  /** May one more of this rank go? Changes no state. */
  admits (rank: Rank): boolean {
    const { limit } = this.#gradient
    return this.#cells[all]! < limit || this.#cells[byRank + rank]! < this.#options.shares[priorities[rank]] * limit
  }

  enter (rank: Rank): void {
    this.#cells[byRank + rank]!++
    this.#cells[all]!++
  }

  /** It waits no longer. `latency` in milliseconds; undefined when how long it took says nothing about the upstream. */
  leave (rank: Rank, latency: number | undefined, now: number): void {
    if (latency !== undefined) this.#gradient.sample(latency, this.#cells[all]!, now)
    this.#cells[byRank + rank]!--
    this.#cells[all]!--
  }
}
