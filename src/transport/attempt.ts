/** An attempt: one try of an exchange against one target, and, once settled, the one report about it. */

import type { Reason } from '../contract/errors.ts'
import type { Target } from '../upstream/target.ts'

/** Why it was made: the first of its exchange, again after a failure, beside one that is slow, or the first at a fallback. */
export type AttemptKind = 'first' | 'retry' | 'hedge' | 'fallback'

/** What an attempt says about its target. `ignored`: nothing, because the client left or the request was at fault. */
export type Outcome = 'success' | 'failure' | 'ignored'

export class Attempt {
  readonly target: Target
  kind: AttemptKind = 'first'
  /** Monotonic milliseconds, like all times here. */
  startedAt: number
  /** When the head of the answer arrived. */
  answeredAt: number | undefined
  /** Whether it was given a connection to its target. */
  reached = false
  /** When it was settled. */
  endedAt: number | undefined
  /** Status of the answer, if one came. */
  statusCode: number | undefined
  /** Why there was no answer, or why it was cut. */
  failure: Reason | undefined
  /** Seconds of the answer's Retry-After, if it gave any. */
  retryAfter: number | undefined
  outcome: Outcome | undefined
  /** When the request had gone out whole; undefined while bytes of the client's body are still to come, for which no target is to blame. */
  sentAt: number | undefined
  /** Whether the exchange had already got a report about this target from an earlier attempt: one request is one signal. */
  readonly alreadyReported: boolean
  /** 16 hex digits where the attempt has a span of its own in the trace of its exchange. */
  spanId: string | undefined
  /** What the target's gates handed out at entry, in the order of its gates; undefined for one that failed. */
  readonly tickets: (number | undefined)[] = []

  constructor (target: Target, startedAt: number, again = false) {
    this.target = target
    this.startedAt = startedAt
    this.alreadyReported = again
  }
}
