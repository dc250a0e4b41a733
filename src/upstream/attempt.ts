/** The attempt of the kernel: see {@link Attempt}. */

import type { Reason } from '../contract/errors.ts'
import type { Attempt, AttemptKind, Outcome, Target } from '../contract/target.ts'

export class TargetAttempt implements Attempt {
  readonly target: Target
  kind: AttemptKind = 'first'
  startedAt: number
  answeredAt: number | undefined
  reached = false
  endedAt: number | undefined
  statusCode: number | undefined
  failure: Reason | undefined
  resetCode: number | undefined
  grpcStatus: number | undefined
  trailersOnly = false
  retryAfter: number | undefined
  outcome: Outcome | undefined
  sentAt: number | undefined
  readonly alreadyReported: boolean
  spanId: string | undefined
  readonly tickets: (number | undefined)[] = []

  constructor (target: Target, startedAt: number, alreadyReported = false) {
    this.target = target
    this.startedAt = startedAt
    this.alreadyReported = alreadyReported
  }
}
