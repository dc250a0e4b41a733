/** When a closed breaker opens, part two: when too large a share of the last requests failed, or was slow. */

import { SlidingWindow } from '../../../src/index.ts'
import { formatDuration } from '../../../src/config/index.ts'

/** From which shares on, of how many requests, in which time. */
export interface RateOptions {
  /** Share of failures, above 0 up to 1. */
  readonly failureRate: number
  /** Share of slow answers, above 0 up to 1. */
  readonly slowCallRate: number
  /** Milliseconds that are looked back. */
  readonly window: number
  /** Fewer requests than this in the window say nothing. */
  readonly minRequests: number
}

/** What is too much, and the same in words. */
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

  /** Counts one request whose head has come, or will not come. */
  record (failed: boolean, wasSlow: boolean, now: number): void {
    this.#window.add(requests, now)
    if (failed) this.#window.add(failures, now)
    if (wasSlow) this.#window.add(slow, now)
  }

  /** One of the requests counted as good has failed after all: its answer broke off. */
  spoil (now: number): void {
    this.#window.add(failures, now)
  }

  /** What is too much; undefined when all is well or there is too little to tell. */
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
