/** Opens a breaker by rates: when too large a share of recent requests failed or was slow. */

import { SlidingWindow } from '../../../src/index.ts'
import { formatDuration } from '../../../src/config/index.ts'

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

/** The exceeded rate, and a description. */
export interface TooMany {
  readonly reason: 'failure-rate' | 'slow-calls'
  readonly why: string
}

const requests = 0
const failures = 1
const slow = 2

/** Times are milliseconds of a clock that never jumps. */
export class Rates {
  readonly #options: RateOptions
  readonly #window: SlidingWindow

  constructor (options: RateOptions, window = new SlidingWindow(options.window, 3)) {
    this.#options = options
    this.#window = window
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
    if (failed >= this.#options.failureRate * all) return { reason: 'failure-rate', why: this.#words(failed, all, 'failed') }
    const late = this.#window.total(slow, now)
    return late >= this.#options.slowCallRate * all ? { reason: 'slow-calls', why: this.#words(late, all, 'were slow') } : undefined
  }

  copy (): Rates {
    return new Rates(this.#options, this.#window.copy())
  }

  #words (part: number, all: number, what: string): string {
    return `${part} of ${all} requests ${what} in ${formatDuration(this.#options.window)}`
  }
}
