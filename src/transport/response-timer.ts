/** Limits the time until a target begins its response. */

import { reasons, type Reason } from '../contract/errors.ts'
import type { Attempt } from '../contract/target.ts'
import { patiently, patientlyShared, type PatientTimer } from '../scheduling/patient-timer.ts'

/** The attempt whose time is limited. */
export interface TimedAttempt {
  readonly attempt: Attempt
  /** The target has been silent for longer than a connection may take to open. */
  slow (): void
  /** The time is over. */
  stop (reason: Reason): void
}

export class ResponseTimer {
  readonly #timed: TimedAttempt
  #timer: PatientTimer | undefined
  /** The reason when the time is over, and the time that remains after `slow`, in milliseconds. */
  #reason: Reason | undefined
  #remaining = 0

  constructor (timed: TimedAttempt) {
    this.#timed = timed
  }

  /** Gives the target `time` milliseconds from now on; Infinity for no limit. An earlier limit no longer counts. */
  start (time: number, reason: Reason): void {
    this.clear()
    if (time === Infinity) return
    this.#reason = reason
    const { connect, response } = this.#timed.attempt.target.upstream.config.timeouts
    const usual = time === response
    if (connect === 0 || connect >= time) {
      this.#timer = wait(time, usual, isLate, this)
      return
    }
    this.#remaining = time - connect
    this.#timer = wait(connect, true, isSlow, this)
  }

  /** At present the gateway does not wait for the target. */
  clear (): void {
    this.#timer?.clear()
  }

  slow (): void {
    this.#timer = patiently(this.#remaining, isLate, this)
    this.#timed.slow()
  }

  late (): void {
    const reason = this.#reason!
    this.#timed.stop(this.#dialling && reason.code === 'response-timeout' ? reasons['connect-timeout'] : reason)
  }

  /** Whether the attempt waits for a connection that is being opened, and not in the queue for an existing one. */
  get #dialling (): boolean {
    const { reached, target } = this.#timed.attempt
    return !reached && target.load.here <= target.transport!.capacity
  }
}

/** Durations of the configuration have shared timers; those that depend on the time that is left have not. */
function wait (time: number, configured: boolean, due: (timer: ResponseTimer) => void, timer: ResponseTimer): PatientTimer {
  return configured ? patientlyShared(time, due, timer) : patiently(time, due, timer)
}

/** One function for all attempts, as below, instead of a closure for each request. */
function isSlow (timer: ResponseTimer): void {
  timer.slow()
}

function isLate (timer: ResponseTimer): void {
  timer.late()
}
