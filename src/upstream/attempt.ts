/** An attempt: one try of an exchange against one target, and, once settled, the one report about it. */

import type { Reason } from '../errors.ts'
import type { Target } from './target.ts'

/** What an attempt says about its target. `ignored`: nothing, because the client left or the request was at fault. */
export type Outcome = 'success' | 'failure' | 'ignored'

export class Attempt {
  readonly target: Target
  /** Monotonic milliseconds, like all times here. */
  readonly startedAt: number
  /** When the head of the answer arrived. */
  answeredAt: number | undefined
  /** When it was settled. */
  endedAt: number | undefined
  /** Status of the answer, if one came. */
  statusCode: number | undefined
  /** Why there was no answer, or why it was cut. */
  failure: Reason | undefined
  /** Seconds of the answer's Retry-After, if it gave any. */
  retryAfter: number | undefined
  outcome: Outcome | undefined
  /** What the target's gates handed out at entry, in the order of its gates. */
  readonly tickets: number[] = []

  constructor (target: Target, startedAt: number) {
    this.target = target
    this.startedAt = startedAt
  }
}
