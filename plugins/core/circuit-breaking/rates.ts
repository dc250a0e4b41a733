/** Opens a breaker by rates: when too large a share of recent requests failed or was slow. */

import { SlidingWindow, windowCells } from '../../../src/index.ts'

/** The thresholds, the least number of requests, and the window. */
export interface RateOptions {
  /** Share of failures, above 0 up to 1. */
  readonly failureRate: number
  /** Share of slow responses, above 0 up to 1. */
  readonly slowCallRate: number
  /** Length of the window in milliseconds. */
  readonly window: number
  /** With fewer requests than this in the window the target is not judged. */
  readonly minRequests: number
}

/** The exceeded rate: so many of all requests in the window. */
export interface TooMany {
  readonly reason: 'failure-rate' | 'slow-calls'
  readonly part: number
  readonly all: number
}

const requests = 0
const failures = 1
const slow = 2

/** How many cells there are. They are 0 at the beginning. */
export const rateCells = windowCells(3)

/** Times are milliseconds of a clock that never jumps. */
export class Rates {
  readonly #options: RateOptions
  readonly #window: SlidingWindow

  constructor (options: RateOptions, cells: Float64Array) {
    this.#options = options
    this.#window = new SlidingWindow(options.window, 3, cells)
  }

  /** Counts one request when its response headers have arrived, or it has failed before. */
  record (failed: boolean, wasSlow: boolean, now: number): void {
    this.#window.add(requests, now)
    if (failed) this.#window.add(failures, now)
    if (wasSlow) this.#window.add(slow, now)
  }

  /** Turns a request that was counted as successful into a failure: its response was cut off. */
  spoil (now: number): void {
    this.#window.add(failures, now)
  }

  /** The exceeded rate; undefined when there is none, or too few requests. */
  tooMany (now: number): TooMany | undefined {
    const all = this.#window.total(requests, now)
    if (all < this.#options.minRequests) return undefined
    const failed = this.#window.total(failures, now)
    if (failed >= this.#options.failureRate * all) return { reason: 'failure-rate', part: failed, all }
    const late = this.#window.total(slow, now)
    return late >= this.#options.slowCallRate * all ? { reason: 'slow-calls', part: late, all } : undefined
  }

  clear (): void {
    this.#window.clear()
  }
}
