/** A gate may close a target: a breaker, a health check, a cap, a user's own. */

import type { Attempt } from '../transport/attempt.ts'
import type { Exchange } from '../exchange/exchange.ts'
import type { Target } from '../upstream/target.ts'

/** One gate in front of one target. All times are milliseconds of the gateway's monotonic clock. */
export interface Gate {
  /** Names the concern in `explain`, the admin page and the log. */
  readonly name: string
  /** True: this gate is overruled when heeding it would leave the upstream without any target (fail-open). */
  readonly failOpen?: boolean
  /** True: closing says that the target is busy, not that it was away, so that it is not warmed up when the gate opens again. */
  readonly momentary?: boolean
  /** May the target be used at `now`? Changes no state. */
  permits (now: number): boolean
  /** An attempt goes through. The number returned comes back with `answered` and `settle`, so that a late report can be told from a current one. */
  enter? (now: number): number
  /** The answer's head has arrived (`attempt.statusCode`). Not called for an attempt that failed before. */
  answered? (attempt: Attempt, ticket: number, now: number): void
  /** The attempt is over (`attempt.outcome`). Called exactly once for every `enter`. */
  settle? (attempt: Attempt, ticket: number, now: number): void
  /** Another concern has found the target well again, such as a probe: a gate that only waits for its time may try the target now. */
  recovered? (now: number): void
  /** What to show a person. Changes no state. */
  describe (now: number): GateState
}

/** A gate as a person sees it. */
export interface GateState {
  /** One word of the gate's own, such as `half-open` or `unhealthy`. */
  readonly state: string
  /** Why, in words. */
  readonly why?: string
  /** When a closed gate may open again, if it can tell. */
  readonly opensAt?: number
}

/**
 * Narrows the open targets of one selection: priority groups, slow start, stickiness. Gets at least one target and must give at least one
 * back; `open` must not be kept or changed. Filters run in the order in which they were added, after the gates and before the balancer.
 */
export type TargetFilter = (open: readonly Target[], exchange: Exchange, now: number) => readonly Target[]

/** Makes the gate of a target, also of targets that join later; undefined where the target needs none. */
export type GateFactory = (target: Target) => Gate | undefined
