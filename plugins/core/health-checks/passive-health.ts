/** Health as the traffic itself shows it: the share of failed requests in the last while, and what the target asked for. */

import { type Attempt, SlidingWindow, windowCells } from '../../../src/index.ts'
import { formatDuration } from '../../../src/config/index.ts'
import type { TrafficCheck } from './traffic-check.ts'

export interface PassiveOptions {
  /** Length of the window in milliseconds. */
  readonly window: number
  /** Share of failed requests, above 0 up to 1, from which the target is unhealthy. */
  readonly errorRate: number
  /** With fewer requests than this in the window the target is not judged. */
  readonly minRequests: number
  /** The longest Retry-After that is respected, in milliseconds. */
  readonly maxPause: number
  /** Whether the Retry-After of a response with this status is respected. */
  readonly mayPause: (status: number) => boolean
}

const requests = 0
const failures = 1

/**
 * Positions of the cells: 1 when it was last reported to be healthy, and since when; until when the target asked for a pause. The window
 * follows.
 */
const told = 0
const since = 1
const pausedUntil = 2
const windowAt = 3

/** The cells of a target without traffic. */
export const passiveCells: readonly number[] = [1, -Infinity, 0, ...Array.from({ length: windowCells(2) }, () => 0)]

/**
 * A target that gets no traffic because it is unhealthy is healthy again when the window has forgotten enough.
 * Times are milliseconds of a clock that never jumps.
 */
export class PassiveHealth implements TrafficCheck {
  readonly name = 'passive'
  readonly #options: PassiveOptions
  readonly #cells: Float64Array
  readonly #window: SlidingWindow

  /** @param cells its state, as {@link passiveCells} at the beginning */
  constructor (options: PassiveOptions, cells: Float64Array = Float64Array.from(passiveCells)) {
    this.#options = options
    this.#cells = cells
    this.#window = new SlidingWindow(options.window, 2, cells.subarray(windowAt))
  }

  get told (): boolean {
    return this.#cells[told] === 1
  }

  get since (): number {
    return this.#cells[since]!
  }

  tell (healthy: boolean, now: number): void {
    this.#cells[told] = healthy ? 1 : 0
    this.#cells[since] = now
  }

  hear ({ outcome, statusCode, retryAfter }: Attempt, now: number): void {
    this.record(outcome === 'failure', now)
    if (retryAfter !== undefined && statusCode !== undefined && this.#options.mayPause(statusCode)) this.pause(retryAfter * 1000, now)
  }

  /** Counts one request to the target. */
  record (failed: boolean, now: number): void {
    this.#window.add(requests, now)
    if (failed) this.#window.add(failures, now)
  }

  /** Records a Retry-After in milliseconds. A shorter one does not shorten a longer one. */
  pause (time: number, now: number): void {
    this.#cells[pausedUntil] = Math.max(this.#cells[pausedUntil]!, now + Math.min(time, this.#options.maxPause))
  }

  healthy (now: number): boolean {
    return now >= this.#cells[pausedUntil]! && this.#holds(this.#window.total(requests, now), this.#window.total(failures, now))
  }

  /** Share of failed requests in the window; 0 without a request. */
  errorRate (now: number): number {
    const all = this.#window.total(requests, now)
    return all === 0 ? 0 : this.#window.total(failures, now) / all
  }

  recoversAt (now: number): number {
    return Math.max(this.#cells[pausedUntil]!, this.#window.when(([all = 0, failed = 0]) => this.#holds(all, failed), now))
  }

  /** In words, such as `6 of 10 requests failed in 30s`. */
  describe (now: number): string {
    const rate = `${this.#window.total(failures, now)} of ${this.#window.total(requests, now)} requests failed in ` +
      `${formatDuration(this.#options.window)}`
    return now < this.#cells[pausedUntil]! ? `the target asked for a pause (Retry-After); ${rate}` : rate
  }

  #holds (all: number, failed: number): boolean {
    return all < this.#options.minRequests || failed < this.#options.errorRate * all
  }
}
