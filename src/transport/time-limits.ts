/** The time limits of an exchange at one upstream: `timeouts.response`, `timeouts.total` and `timeouts.exchange`. */

import { reasons } from '../contract/errors.ts'
import type { UpstreamConfig } from '../config/types.ts'
import { patiently, type PatientTimer } from '../scheduling/patient-timer.ts'
import type { ResponseTimer } from './response-timer.ts'

export class TimeLimits {
  readonly #timeouts: UpstreamConfig['timeouts']
  /** When the exchange must be over. */
  readonly #endsAt: number
  #end: PatientTimer | undefined
  /** The latest time for the headers of the response to arrive. */
  deadline = Infinity

  /**
   * Times are monotonic milliseconds.
   * @param startedAt when the exchange began
   * @param before limits of the upstream whose fallback this one is: what is left of them counts too
   */
  constructor (timeouts: UpstreamConfig['timeouts'], startedAt: number, before: TimeLimits | undefined) {
    this.#timeouts = timeouts
    const endsAt = timeouts.exchange > 0 ? startedAt + timeouts.exchange : Infinity
    this.#endsAt = before === undefined ? endsAt : Math.min(endsAt, before.#endsAt)
    if (before !== undefined) this.deadline = before.deadline
  }

  /** Calls `over` with `subject` when the whole exchange has lasted too long, where that has a limit. */
  bound<T> (now: number, over: (subject: T) => void, subject: T): void {
    if (this.#endsAt !== Infinity) this.#end = patiently(Math.max(1, this.#endsAt - now), over, subject)
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
