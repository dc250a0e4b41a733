/**
 * A circuit breaker: the state machine alone, without a clock.
 *
 *              limit reached                  openFor is over, next request
 *   closed ───────────────────▶ open ──────────────────────────────────▶ half-open
 *      ▲                         ▲                                       │  │
 *      │                         └──────────── the probe fails ──────────┘  │
 *      └───────────────────────────── the probe's head is good ─────────────┘
 *
 * Half-open lets one request through, the probe. A probe that says nothing, because its client left, frees the place for the next.
 *
 * Every entry gets a ticket; its reports are heard only as long as the state that gave it out lasts. So an answer that began before
 * the breaker opened can neither close it nor keep it open.
 */

import { ConsecutiveFailures } from './consecutive-failures.ts'

/** Words of the states. */
export type BreakerStateName = 'closed' | 'open' | 'half-open'

/** What decides when a breaker opens and for how long. */
export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number
  /** Milliseconds until a probe is let through. */
  readonly openFor: number
}

type State =
  | { readonly kind: 'closed', readonly row: ConsecutiveFailures }
  | { readonly kind: 'open', readonly until: number, readonly why: string }
  | { readonly kind: 'half-open', readonly probing: boolean }

/** The ticket of an entry that nobody permitted: no state ever gives it out. */
const strayTicket = 0

/** Times are milliseconds of any clock that never jumps, as long as it is always the same. */
export class Breaker {
  readonly #options: BreakerOptions
  #state: State
  /** The ticket whose reports are heard. */
  #ticket = 1

  constructor (options: BreakerOptions) {
    this.#options = options
    this.#state = { kind: 'closed', row: new ConsecutiveFailures(options.failures) }
  }

  /** What was last decided. An open breaker whose time is over stays `open` here until the next request enters. */
  get kind (): BreakerStateName {
    return this.#state.kind
  }

  /** The state as of `now`: an open breaker whose time is over counts as half-open. */
  stateAt (now: number): BreakerStateName {
    return this.#state.kind === 'open' && now >= this.#state.until ? 'half-open' : this.#state.kind
  }

  /** May a request go through? Changes nothing. */
  permits (now: number): boolean {
    const state = this.#state
    if (state.kind === 'closed') return true
    return state.kind === 'open' ? now >= state.until : !state.probing
  }

  /** A request goes through; returns its ticket. */
  enter (now: number): number {
    if (this.#state.kind === 'closed') return this.#ticket
    return this.permits(now) ? this.#become({ kind: 'half-open', probing: true }) : strayTicket
  }

  /** A good head has arrived. This decides about a probe: the body behind it may be a stream without end. */
  answered (ticket: number): void {
    if (ticket !== this.#ticket) return
    if (this.#state.kind === 'closed') this.#state.row.answered()
    else this.#become({ kind: 'closed', row: new ConsecutiveFailures(this.#options.failures) })
  }

  /** A good answer is complete. */
  completed (ticket: number): void {
    if (ticket === this.#ticket && this.#state.kind === 'closed') this.#state.row.completed()
  }

  /** There was no head, or a bad one. `why` is what a person reads. */
  failed (ticket: number, why: string, now: number): void {
    if (ticket !== this.#ticket) return
    if (this.#state.kind !== 'closed') this.#open(`the probe failed: ${why}`, now)
    else if (this.#state.row.failed(why)) this.#open(this.#state.row.describe()!, now)
  }

  /** A good answer broke off in its body. */
  cut (ticket: number, why: string, now: number): void {
    if (ticket !== this.#ticket || this.#state.kind !== 'closed') return
    if (this.#state.row.cut(why)) this.#open(this.#state.row.describe()!, now)
  }

  /** The request says nothing about the target. */
  ignored (ticket: number): void {
    if (ticket === this.#ticket && this.#state.kind === 'half-open') this.#become({ kind: 'half-open', probing: false })
  }

  /** The state as of `now`, why, and when it lets a request through if that is known. */
  describe (now: number): { readonly state: BreakerStateName, readonly why?: string, readonly opensAt?: number } {
    const state = this.#state
    if (state.kind === 'closed') {
      const why = state.row.describe()
      return why === undefined ? { state: 'closed' } : { state: 'closed', why }
    }
    if (state.kind === 'half-open') return { state: 'half-open', why: state.probing ? 'one request is on its way to try the target' : tryNext }
    return now >= state.until ? { state: 'half-open', why: tryNext } : { state: 'open', why: state.why, opensAt: state.until }
  }

  /** A breaker in the same state that goes its own way. */
  copy (): Breaker {
    const copy = new Breaker(this.#options)
    copy.#state = this.#state.kind === 'closed' ? { kind: 'closed', row: this.#state.row.copy() } : this.#state
    copy.#ticket = this.#ticket
    return copy
  }

  #open (why: string, now: number): void {
    this.#become({ kind: 'open', until: now + this.#options.openFor, why })
  }

  /** Tickets given out so far are worth nothing from here on; returns the new one. */
  #become (state: State): number {
    this.#state = state
    return ++this.#ticket
  }
}

const tryNext = 'the next request tries the target'
