/** Health as the traffic itself shows it: the share of failed requests in the last while. */

import { formatDuration } from '../../src/config/units.ts'
import { SlidingWindow } from './sliding-window.ts'

export interface PassiveOptions {
  /** Milliseconds that are looked back. */
  readonly window: number
  /** Share of failed requests, above 0 up to 1, from which the target is unhealthy. */
  readonly errorRate: number
  /** Fewer requests than this in the window say nothing. */
  readonly minRequests: number
}

/**
 * A target that gets no traffic because it is unhealthy is healthy again when the window has forgotten enough.
 * Times are milliseconds of a clock that never jumps.
 */
export class PassiveHealth {
  readonly #options: PassiveOptions
  readonly #window: SlidingWindow
  /** What was last told to the log; the state itself is a matter of `now`. */
  told = true

  constructor (options: PassiveOptions, window = new SlidingWindow(options.window)) {
    this.#options = options
    this.#window = window
  }

  /** Counts one request to the target. */
  record (failed: boolean, now: number): void {
    this.#window.record(failed, now)
  }

  healthy (now: number): boolean {
    return this.#holds(this.#window.requests(now), this.#window.failures(now))
  }

  /** Share of failed requests in the window; 0 without a request. */
  errorRate (now: number): number {
    const requests = this.#window.requests(now)
    return requests === 0 ? 0 : this.#window.failures(now) / requests
  }

  /** When the target counts as healthy again without a further request; `now` if it is. */
  recoversAt (now: number): number {
    return this.#window.when((requests, failures) => this.#holds(requests, failures), now)
  }

  /** In words, such as `6 of 10 requests failed in 30s`. */
  describe (now: number): string {
    return `${this.#window.failures(now)} of ${this.#window.requests(now)} requests failed in ${formatDuration(this.#options.window)}`
  }

  copy (): PassiveHealth {
    const copy = new PassiveHealth(this.#options, this.#window.copy())
    copy.told = this.told
    return copy
  }

  #holds (requests: number, failures: number): boolean {
    return requests < this.#options.minRequests || failures < this.#options.errorRate * requests
  }
}
