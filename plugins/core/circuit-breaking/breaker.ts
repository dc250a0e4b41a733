/**
 * A circuit breaker: the state machine alone, without a clock.
 *
 *              limit reached                  its time is over, next request
 *   closed ───────────────────▶ open ──────────────────────────────────▶ half-open
 *      ▲                         ▲                                       │  │
 *      │                         └────────────── a probe fails ──────────┘  │
 *      └─────────────────────── the heads of all probes are good ───────────┘
 *
 * Half-open admits a number of requests, the probes. A probe without a result, because its client left, frees its place
 * for the next one. So does a probe without a report for `openFor`, so that a target that never responds cannot block
 * the breaker.
 *
 * Every admitted request gets a ticket. Its reports count only while the state that issued it lasts. So a response that
 * began before the breaker opened can neither close it nor keep it open.
 */

import { ConsecutiveFailures } from './consecutive-failures.ts'
import { openTime, type OpenTimeOptions } from './open-time.ts'
import { Rates, type RateOptions } from './rates.ts'
import type { Random } from '../../../src/index.ts'

/** The names of the states. */
export type BreakerStateName = 'closed' | 'open' | 'half-open'

/** The reasons for opening. */
export type TripReason = 'failures' | 'failure-rate' | 'slow-calls' | 'probe'

/** The settings that decide when a breaker opens and for how long. */
export interface BreakerOptions extends RateOptions, OpenTimeOptions {
  /** Failures in a row that open it. */
  readonly failures: number
  /** Requests that half-open admits, and successes that close it. */
  readonly probes: number
}

/** A failure as reported to the breaker. */
export interface Failure {
  /** A readable reason. */
  readonly why: string
  /** It took longer than `slowerThan`. */
  readonly slow: boolean
  /** The target limits requests (429). It counts in the rate, but is not a sign that the target is down. */
  readonly throttled?: boolean
  /** Milliseconds after which the target wants to be asked again. */
  readonly retryAfter?: number | undefined
}

type State =
  | { readonly kind: 'closed', readonly row: ConsecutiveFailures, readonly rates: Rates }
  | { readonly kind: 'open', readonly until: number, readonly why: string, readonly times: number }
  | { readonly kind: 'half-open', readonly taken: number, readonly passed: number, readonly forgottenAt: number, readonly times: number }

type HalfOpen = Extract<State, { kind: 'half-open' }>

/** The ticket of a request that the breaker did not admit. No state issues it. */
const strayTicket = 0

/** Times are milliseconds of any clock that never jumps, as long as it is always the same. */
export class Breaker {
  readonly #options: BreakerOptions
  readonly #random: Random
  #state: State
  /** The ticket whose reports count. */
  #ticket = 1
  /** What opened it last. */
  reason: TripReason = 'failures'

  /** @param random uniform in [0, 1) */
  constructor (options: BreakerOptions, random: Random) {
    this.#options = options
    this.#random = random
    this.#state = this.#closed()
  }

  /** The last recorded state. An open breaker whose time is over stays `open` here until the next request enters. */
  get kind (): BreakerStateName {
    return this.#state.kind
  }

  /** The state as of `now`: an open breaker whose time is over counts as half-open. */
  stateAt (now: number): BreakerStateName {
    return this.#state.kind === 'open' && now >= this.#state.until ? 'half-open' : this.#state.kind
  }

  /** Whether a request may pass. Changes no state. */
  permits (now: number): boolean {
    const state = this.#state
    if (state.kind === 'closed') return true
    return state.kind === 'open' ? now >= state.until : state.taken < this.#options.probes || now >= state.forgottenAt
  }

  /** Admits a request and returns its ticket. */
  enter (now: number): number {
    const state = this.#state
    if (state.kind === 'closed') return this.#ticket
    if (!this.permits(now)) return strayTicket
    const forgottenAt = now + this.#options.openFor
    if (state.kind === 'open') return this.#become({ kind: 'half-open', taken: 1, passed: 0, forgottenAt, times: state.times })
    if (state.taken < this.#options.probes) return this.#stay({ ...state, taken: state.taken + 1, forgottenAt })
    // The pending probes had no report for too long. Later reports are ignored.
    return this.#become({ ...state, taken: state.passed + 1, forgottenAt })
  }

  /**
   * Good response headers have arrived. This decides a probe, because the body may be an endless stream. A slow probe has failed.
   */
  answered (ticket: number, slow: boolean, now: number): void {
    if (ticket !== this.#ticket) return
    const state = this.#state
    if (state.kind === 'half-open') {
      if (slow) this.#open('probe', 'the probe failed: its answer was slow', state.times + 1, 0, now)
      else if (state.passed + 1 < this.#options.probes) this.#stay({ ...state, passed: state.passed + 1 })
      else this.#become(this.#closed())
    } else if (state.kind === 'closed') {
      state.row.answered()
      state.rates.record(false, slow, now)
      this.#judge(state.rates, 0, now)
    }
  }

  /** A good response is complete. */
  completed (ticket: number): void {
    if (ticket === this.#ticket && this.#state.kind === 'closed') this.#state.row.completed()
  }

  /** The response headers are missing or bad. */
  failed (ticket: number, { why, slow, throttled = false, retryAfter = 0 }: Failure, now: number): void {
    if (ticket !== this.#ticket) return
    const state = this.#state
    if (state.kind === 'half-open') {
      this.#open('probe', `the probe failed: ${why}`, state.times + 1, retryAfter, now)
    } else if (state.kind === 'closed') {
      state.rates.record(true, slow, now)
      if (!throttled && state.row.failed(why)) this.#open('failures', state.row.describe()!, 1, retryAfter, now)
      else this.#judge(state.rates, retryAfter, now)
    }
  }

  /** The body of a good response was cut off. */
  cut (ticket: number, why: string, now: number): void {
    if (ticket !== this.#ticket || this.#state.kind !== 'closed') return
    const { row, rates } = this.#state
    rates.spoil(now)
    if (row.cut(why)) this.#open('failures', row.describe()!, 1, 0, now)
    else this.#judge(rates, 0, now)
  }

  /** The request says nothing about the target. */
  ignored (ticket: number): void {
    const state = this.#state
    if (ticket === this.#ticket && state.kind === 'half-open') this.#stay({ ...state, taken: state.taken - 1 })
  }

  /** A health check found the target healthy: an open breaker admits the next request as a probe without waiting. */
  recovered (now: number): void {
    if (this.#state.kind === 'open' && now < this.#state.until) this.#become({ ...this.#state, until: now })
  }

  /** The state as of `now`, its reason, and when it admits a request, if known. */
  describe (now: number): { readonly state: BreakerStateName, readonly why?: string, readonly opensAt?: number } {
    const state = this.#state
    if (state.kind === 'closed') {
      const why = state.row.describe()
      return why === undefined ? { state: 'closed' } : { state: 'closed', why }
    }
    if (state.kind === 'half-open') return { state: 'half-open', why: this.permits(now) ? tryNext : onTheirWay(state) }
    return now >= state.until ? { state: 'half-open', why: tryNext } : { state: 'open', why: state.why, opensAt: state.until }
  }

  /** An independent copy in the same state. */
  copy (): Breaker {
    const copy = new Breaker(this.#options, this.#random)
    const state = this.#state
    copy.#state = state.kind === 'closed' ? { kind: 'closed', row: state.row.copy(), rates: state.rates.copy() } : state
    copy.#ticket = this.#ticket
    copy.reason = this.reason
    return copy
  }

  #closed (): State {
    return { kind: 'closed', row: new ConsecutiveFailures(this.#options.failures), rates: new Rates(this.#options) }
  }

  #judge (rates: Rates, retryAfter: number, now: number): void {
    const found = rates.tooMany(now)
    if (found !== undefined) this.#open(found.reason, found.why, 1, retryAfter, now)
  }

  #open (reason: TripReason, why: string, times: number, retryAfter: number, now: number): void {
    this.reason = reason
    this.#become({ kind: 'open', until: now + openTime(this.#options, times, retryAfter, this.#random), why, times })
  }

  /** The same state with other settings. Tickets stay valid. */
  #stay (state: HalfOpen): number {
    this.#state = state
    return this.#ticket
  }

  /** Invalidates all issued tickets and returns the new one. */
  #become (state: State): number {
    this.#state = state
    return ++this.#ticket
  }
}

const tryNext = 'the next request tries the target'

function onTheirWay ({ taken, passed }: HalfOpen): string {
  const waiting = taken - passed
  return waiting === 1 ? 'one request is on its way to try the target' : `${waiting} requests are on their way to try the target`
}
