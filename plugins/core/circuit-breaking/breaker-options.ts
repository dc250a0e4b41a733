/** The settings of a breaker, and what it is told of failures. */

import type { OpenTimeOptions } from './open-time.ts'
import type { RateOptions } from './rates.ts'

/** The settings that decide when a breaker opens and for how long. */
export interface BreakerOptions extends RateOptions, OpenTimeOptions {
  /** Failures in a row that open it. */
  readonly failures: number
  /** Requests that half-open admits, and successes that close it. */
  readonly probes: number
}

/** A failure as reported to the breaker. */
export interface Failure {
  /** The status or reason, as `causeOf` numbers it. */
  readonly cause: number
  /** It took longer than `slowerThan`. */
  readonly slow: boolean
  /** The target limits requests (429). It counts in the rate, but is not a sign that the target is down. */
  readonly throttled?: boolean
  /** Milliseconds after which the target wants to be asked again. */
  readonly retryAfter?: number | undefined
}
