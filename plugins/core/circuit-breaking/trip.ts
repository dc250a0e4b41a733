/** What opened a breaker, and its description. */

import { describeCause } from '../../../src/index.ts'
import { formatDuration } from '../../../src/config/index.ts'

/** The reasons for opening. State keeps the position. */
export const tripReasons = ['failures', 'failure-rate', 'slow-calls', 'probe', 'operator'] as const

export type TripReason = typeof tripReasons[number]

/** The cause of a probe that failed because its response was slow. No other cause is negative. */
export const slowAnswer = -1

/** What opened a breaker. */
export interface Trip {
  readonly reason: TripReason
  /** Requests that failed or were slow: in a row, or of `all` in the window. */
  readonly part: number
  readonly all: number
  /** Of the last failure. */
  readonly cause: number
  /** Milliseconds. */
  readonly window: number
}

/** In words. */
export function describeTrip ({ reason, part, all, cause, window }: Trip): string {
  switch (reason) {
    case 'failures': return `${part} ${part === 1 ? 'failure' : 'failures'} in a row, last: ${describeCause(cause)}`
    case 'failure-rate': return `${part} of ${all} requests failed in ${formatDuration(window)}`
    case 'slow-calls': return `${part} of ${all} requests were slow in ${formatDuration(window)}`
    case 'probe': return `the probe failed: ${cause === slowAnswer ? 'its response was slow' : describeCause(cause)}`
    case 'operator': return 'opened by an operator'
  }
}
