/**
 * The time limits of an exchange at one upstream: `timeouts.response`, `timeouts.total` and `timeouts.exchange`, and the deadline of a
 * gRPC client.
 */

import { reasons, type Reason } from '../contract/errors.ts'
import type { UpstreamConfig } from '../config/types.ts'
import { patiently, type PatientTimer } from '../scheduling/patient-timer.ts'
import type { ResponseTimer } from './response-timer.ts'

export class TimeLimits {
  readonly #timeouts: UpstreamConfig['timeouts']
  /** When the exchange must be over; Infinity where it may last as long as it likes. */
  readonly endsAt: number
  /** Why, when that time has come. */
  readonly expiry: Reason
  #end: PatientTimer | undefined
  /** The latest time for the headers of the response to arrive. */
  deadline = Infinity

  /**
   * Times are monotonic milliseconds.
   * @param startedAt when the exchange began
   * @param wished when it must be over by the wish of its client; Infinity where it has none
   * @param before limits of the upstream whose fallback this one is: what is left of them counts too
   */
  constructor (timeouts: UpstreamConfig['timeouts'], startedAt: number, wished: number, before: TimeLimits | undefined) {
    this.#timeouts = timeouts
    const longest = timeouts.exchange > 0 ? startedAt + timeouts.exchange : Infinity
    const allowed = before === undefined ? longest : Math.min(longest, before.endsAt)
    this.endsAt = Math.min(allowed, wished)
    this.expiry = reasons[wished <= allowed && wished !== Infinity ? 'deadline-exceeded' : 'exchange-timeout']
    if (before !== undefined) this.deadline = before.deadline
  }

  /** Calls `over` with `subject` when the whole exchange has lasted too long, where that has a limit. */
  bound<T> (now: number, over: (subject: T) => void, subject: T): void {
    if (this.endsAt !== Infinity) this.#end = patiently(Math.max(1, this.endsAt - now), over, subject)
  }

  /** The exchange may last as long as it likes from now on. */
  unbound (): void {
    this.#end?.clear()
  }

  /** The whole request is there: `timeouts.total` begins, unless it has begun already. */
  start (now: number): void {
    const { total } = this.#timeouts
    if (total > 0) this.deadline = Math.min(this.deadline, now + total)
  }

  /** Gives an attempt the time until its response must begin. */
  limit (timer: ResponseTimer, now: number): void {
    const response = this.#timeouts.response || Infinity
    const left = Math.max(1, this.deadline - now)
    if (response <= left) timer.start(response, reasons['response-timeout'])
    else timer.start(left, reasons['total-timeout'])
  }
}
