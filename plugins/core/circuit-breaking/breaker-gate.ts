/** The gate of a breaker: reports attempts to the breaker, and calls a listener for each change of state. */

import { causeOf, judgedStatus, reasonCause, type Attempt, type Gate, type GateState } from '../../../src/index.ts'
import type { Breaker } from './breaker.ts'
import type { BreakerStateName } from './breaker-cells.ts'
import type { Failure } from './breaker-options.ts'

/** Called for every change of state, with its reason. */
export type ChangeListener = (to: BreakerStateName, why: string | undefined) => void

/** Who opened a breaker by hand, and why. Outlives a reload. */
export interface OperatorNote {
  by: string
  reason: string | undefined
}

/** The options of a gate. */
export interface BreakerGateOptions {
  readonly breaker: Breaker
  /** Shared by all generations; one of its own by default. */
  readonly note?: OperatorNote
  /** Whether a response with this status is a failure. */
  readonly isFailure: (status: number) => boolean
  /** Milliseconds to the response headers above which it is slow; Infinity where none is. */
  readonly slowerThan: number
  readonly onChange: ChangeListener
}

/** Too Many Requests (RFC 6585 §4). */
const tooManyRequests = 429

export class BreakerGate implements Gate {
  readonly name = 'circuit-breaking'
  readonly breaker: Breaker
  readonly #note: OperatorNote
  readonly #isFailure: (status: number) => boolean
  readonly #slowerThan: number
  readonly #onChange: ChangeListener

  constructor (options: BreakerGateOptions) {
    this.breaker = options.breaker
    this.#note = options.note ?? { by: 'an operator', reason: undefined }
    this.#isFailure = options.isFailure
    this.#slowerThan = options.slowerThan
    this.#onChange = options.onChange
  }

  permits (now: number): boolean {
    return this.breaker.permits(now)
  }

  enter (now: number): number {
    const before = this.breaker.phase
    const ticket = this.breaker.enter(now)
    this.#tell(before, now)
    return ticket
  }

  answered (attempt: Attempt, ticket: number, now: number): void {
    const before = this.breaker.phase
    if (this.#isFailure(judgedStatus(attempt)!)) this.breaker.failed(ticket, this.#failure(attempt, now), now)
    else this.breaker.answered(ticket, this.#isSlow(attempt, now), now)
    this.#tell(before, now)
  }

  settle (attempt: Attempt, ticket: number, now: number): void {
    const before = this.breaker.phase
    this.#report(attempt, ticket, now)
    this.#tell(before, now)
  }

  recovered (now: number): void {
    this.breaker.recovered(now)
  }

  /** An operator opens the breaker until a time of the monotonic clock. Only for who has the lock of the upstream, as all changes. */
  openUntil (until: number, { by, reason }: OperatorNote, now: number): void {
    const before = this.breaker.phase
    this.#note.by = by
    this.#note.reason = reason
    this.breaker.openUntil(until, now)
    this.#tell(before, now)
  }

  /** An operator closes the breaker. */
  close (now: number): void {
    const before = this.breaker.phase
    this.breaker.close(now)
    this.#tell(before, now)
  }

  describe (now: number): GateState {
    const described = this.breaker.describe(now)
    if (described.state !== 'open' || this.breaker.reason !== 'operator') return described
    const { by, reason } = this.#note
    return { ...described, why: `opened by ${by}${reason === undefined ? '' : `: ${reason}`}` }
  }

  #report (attempt: Attempt, ticket: number, now: number): void {
    const { outcome, statusCode, failure } = attempt
    // Headers that arrived were reported, even if the client has left since.
    if (outcome === 'ignored') return statusCode === undefined ? this.breaker.ignored(ticket) : undefined
    if (statusCode === undefined) return this.breaker.failed(ticket, this.#failure(attempt, now), now)
    const isFailure = this.#isFailure(judgedStatus(attempt)!)
    // A bad status was already counted when it arrived, unless it came with the trailers.
    if (isFailure && (attempt.grpcStatus === undefined || attempt.trailersOnly)) return
    if (failure !== undefined) return this.breaker.cut(ticket, reasonCause(failure.code), now)
    if (isFailure) return this.breaker.cut(ticket, causeOf(attempt), now)
    this.breaker.completed(ticket)
  }

  #failure (attempt: Attempt, now: number): Failure {
    const { statusCode, retryAfter } = attempt
    return {
      cause: causeOf(attempt),
      slow: this.#isSlow(attempt, now),
      throttled: statusCode === tooManyRequests,
      retryAfter: retryAfter === undefined ? undefined : retryAfter * 1000
    }
  }

  /** Measured from the end of the request, so that a client that sends its body slowly does not make the target look slow. */
  #isSlow ({ sentAt }: Attempt, now: number): boolean {
    return sentAt !== undefined && now - sentAt > this.#slowerThan
  }

  #tell (before: number, now: number): void {
    if (this.breaker.phase !== before) this.#onChange(this.breaker.kind, this.breaker.describe(now).why)
  }
}
