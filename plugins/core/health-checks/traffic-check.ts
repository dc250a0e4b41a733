/** One way to judge a target by its traffic. Times are milliseconds of a clock that never jumps. */

import type { Attempt } from '../../../src/index.ts'

/** Where a verdict about health comes from; a label of metrics and log lines. */
export type CheckName = 'active' | 'passive' | 'outliers'

export interface TrafficCheck {
  readonly name: CheckName
  /** The state that was last reported to log and metrics; the current state depends on `now`. */
  readonly told: boolean
  /** When that state was reported first. */
  readonly since: number
  /** Another state is reported. */
  tell (healthy: boolean, now: number): void
  /** An attempt that says something about the target is over. */
  hear (attempt: Attempt, now: number): void
  healthy (now: number): boolean
  /** When the target counts as healthy again without a further request; `now` if it is. */
  recoversAt (now: number): number
  /** The result of the traffic in words. */
  describe (now: number): string
}
