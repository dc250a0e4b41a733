/**
 * A circuit breaker: the state machine alone, without a clock.
 *
 *              limit reached                  its time is over, next request
 *   closed ───────────────────▶ open ──────────────────────────────────▶ half-open
 *      ▲                         ▲                                       │  │
 *      │                         └────────────── a probe fails ──────────┘  │
 *      └─────────────────────── the headers of all probes are good ───────────┘
 *
 * Half-open admits a number of requests, the probes. A probe without a result, because its client left, frees its place
 * for the next one. So does a probe without a report for `openFor`, so that a target that never responds cannot block
 * the breaker.
 *
 * Every admitted request gets a ticket. Its reports count only while the state that issued it lasts. So a response that
 * began before the breaker opened can neither close it nor keep it open.
 */

import { breakerCells, kinds, layout, phases, ratesAt, rowAt, strayTicket, type BreakerStateName } from './breaker-cells.ts'
import { describeBreaker, type BreakerDescription } from './breaker-words.ts'
import type { BreakerOptions, Failure } from './breaker-options.ts'
import { ConsecutiveFailures } from './consecutive-failures.ts'
import { openTime } from './open-time.ts'
import { Rates } from './rates.ts'
import type { Random } from '../../../src/index.ts'
import { slowAnswer, tripReasons, type TripReason } from './trip.ts'

// Constants of this file, because imported ones are read anew each time.
const cell = layout
const { closed, open, halfOpen } = phases

/** Times are milliseconds of any clock that never jumps, as long as it is always the same. */
export class Breaker {
  readonly #options: BreakerOptions
  readonly #random: Random
  readonly #cells: Float64Array
  readonly #row: ConsecutiveFailures
  readonly #rates: Rates

  /**
   * @param random uniform in [0, 1)
   * @param cells its state, as {@link breakerCells} at the beginning
   */
  constructor (options: BreakerOptions, random: Random, cells: Float64Array = Float64Array.from(breakerCells)) {
    this.#options = options
    this.#random = random
    this.#cells = cells
    this.#row = new ConsecutiveFailures(options.failures, cells.subarray(rowAt, ratesAt))
    this.#rates = new Rates(options, cells.subarray(ratesAt))
  }

  /** What opened it last. */
  get reason (): TripReason {
    return tripReasons[this.#cells[cell.reason]!]!
  }

  /** A number for each state, to notice changes. */
  get phase (): number {
    return this.#cells[cell.kind]!
  }

  /** The last recorded state. An open breaker whose time is over stays `open` here until the next request enters. */
  get kind (): BreakerStateName {
    return kinds[this.#cells[cell.kind]!]!
  }

  /** The state as of `now`: an open breaker whose time is over counts as half-open. */
  stateAt (now: number): BreakerStateName {
    return this.#cells[cell.kind] === open && now >= this.#cells[cell.until]! ? 'half-open' : this.kind
  }

  /** Whether a request may pass. Changes no state. */
  permits (now: number): boolean {
    const cells = this.#cells
    const kind = cells[cell.kind]
    if (kind === closed) return true
    return kind === open ? now >= cells[cell.until]! : cells[cell.taken]! < this.#options.probes || now >= cells[cell.forgottenAt]!
  }

  /** Admits a request and returns its ticket. */
  enter (now: number): number {
    const cells = this.#cells
    if (cells[cell.kind] === closed) return cells[cell.ticket]!
    if (!this.permits(now)) return strayTicket
    cells[cell.forgottenAt] = now + this.#options.openFor
    if (cells[cell.kind] === open) {
      cells[cell.taken] = 1
      cells[cell.passed] = 0
      return this.#become(halfOpen, now)
    }
    if (cells[cell.taken]! < this.#options.probes) {
      cells[cell.taken]!++
      return cells[cell.ticket]!
    }
    // The pending probes had no report for too long. Later reports are ignored.
    cells[cell.taken] = cells[cell.passed]! + 1
    return this.#become(halfOpen, now)
  }

  /**
   * Good response headers have arrived. This decides a probe, because the body may be an endless stream. A slow probe has failed.
   */
  answered (ticket: number, slow: boolean, now: number): void {
    const cells = this.#cells
    if (ticket !== cells[cell.ticket]) return
    if (cells[cell.kind] === halfOpen) {
      if (slow) this.#probeFailed(slowAnswer, 0, now)
      else if (++cells[cell.passed]! >= this.#options.probes) this.#close(now)
    } else if (cells[cell.kind] === closed) {
      this.#row.answered()
      this.#rates.record(false, slow, now)
      this.#judge(0, now)
    }
  }

  /** A good response is complete. */
  completed (ticket: number): void {
    if (ticket === this.#cells[cell.ticket] && this.#cells[cell.kind] === closed) this.#row.completed()
  }

  /** The response headers are missing or bad. */
  failed (ticket: number, { cause, slow, throttled = false, retryAfter = 0 }: Failure, now: number): void {
    const cells = this.#cells
    if (ticket !== cells[cell.ticket]) return
    if (cells[cell.kind] === halfOpen) {
      this.#probeFailed(cause, retryAfter, now)
    } else if (cells[cell.kind] === closed) {
      this.#rates.record(true, slow, now)
      if (!throttled && this.#row.failed(cause)) this.#rowReached(retryAfter, now)
      else this.#judge(retryAfter, now)
    }
  }

  /** The body of a good response was cut off. */
  cut (ticket: number, cause: number, now: number): void {
    if (ticket !== this.#cells[cell.ticket] || this.#cells[cell.kind] !== closed) return
    this.#rates.spoil(now)
    if (this.#row.cut(cause)) this.#rowReached(0, now)
    else this.#judge(0, now)
  }

  /** The request says nothing about the target. */
  ignored (ticket: number): void {
    if (ticket === this.#cells[cell.ticket] && this.#cells[cell.kind] === halfOpen) this.#cells[cell.taken]!--
  }

  /** A health check found the target healthy: an open breaker admits the next request, unless an operator has opened it. */
  recovered (now: number): void {
    const cells = this.#cells
    if (cells[cell.kind] !== open || now >= cells[cell.until]! || this.reason === 'operator') return
    cells[cell.until] = now
    this.#become(open, now)
  }

  /** An operator opens it until a time, whatever its state. Then requests try the target, as after any opening. */
  openUntil (until: number, now: number): void {
    this.#trip('operator', 0, 0, 0)
    this.#cells[cell.until] = until
    // A probe that fails opens it for `openFor`, and not longer.
    this.#cells[cell.times] = 0
    this.#become(open, now)
  }

  /** An operator closes it. One that is closed keeps what it has counted. */
  close (now: number): void {
    if (this.#cells[cell.kind] !== closed) this.#close(now)
  }

  /** The state as of `now`, its reason, and when it admits a request, if known. */
  describe (now: number): BreakerDescription {
    return describeBreaker(this.#cells, { row: this.#row, window: this.#options.window, permits: this.permits(now), now })
  }

  #judge (retryAfter: number, now: number): void {
    const found = this.#rates.tooMany(now)
    if (found === undefined) return
    this.#trip(found.reason, found.part, found.all, this.#row.cause)
    this.#open(1, retryAfter, now)
  }

  #rowReached (retryAfter: number, now: number): void {
    this.#trip('failures', this.#row.count, 0, this.#row.cause)
    this.#open(1, retryAfter, now)
  }

  #probeFailed (cause: number, retryAfter: number, now: number): void {
    this.#trip('probe', 0, 0, cause)
    this.#open(this.#cells[cell.times]! + 1, retryAfter, now)
  }

  #trip (reason: TripReason, part: number, all: number, cause: number): void {
    const cells = this.#cells
    cells[cell.reason] = tripReasons.indexOf(reason)
    cells[cell.part] = part
    cells[cell.all] = all
    cells[cell.cause] = cause
  }

  #open (times: number, retryAfter: number, now: number): void {
    this.#cells[cell.until] = now + openTime(this.#options, times, retryAfter, this.#random)
    this.#cells[cell.times] = times
    this.#become(open, now)
  }

  #close (now: number): void {
    this.#row.clear()
    this.#rates.clear()
    this.#become(closed, now)
  }

  /** Invalidates all issued tickets and returns the new one. */
  #become (kind: number, now: number): number {
    if (this.#cells[cell.kind] !== kind) this.#cells[cell.since] = now
    this.#cells[cell.kind] = kind
    return ++this.#cells[cell.ticket]!
  }
}
