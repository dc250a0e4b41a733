/** An upstream: a named group of interchangeable targets with one balancer and any number of gates. */

import type { GatewayError } from './errors.ts'
import type { Retries } from './retries.ts'
import type { Exchange, ServingUpstream } from './exchange.ts'
import type { Lock } from './state.ts'
import type { Attempt, GateFactory, Target, TargetDefinition } from './target.ts'

export interface Upstream extends ServingUpstream {
  /**
   * The lock of its state and that of its targets. The kernel has it while it selects a target and while it tells gates, balancers,
   * admissions, filters and observers of attempts what has happened, so these see each other's state as if there were one thread. Other
   * code that reads and then changes such state, such as a task, acquires it.
   */
  readonly lock: Lock
  /** Called for every attempt, once, when it is settled. */
  readonly observers: AttemptObserver[]
  /** Called for every response when its status line and headers have arrived: what is known before a long body ends. */
  readonly headObservers: AttemptObserver[]
  /** What plugins have to say about a target to a person, beside its gates. */
  readonly notes: TargetNote[]
  /**
   * While fewer than this share of the targets that could be used is open, gates that fail open are overruled; 0
   * overrules them only when none is open. A target that another gate closes, a breaker or a drain, could not be used.
   */
  panicBelow: number
  /** Set by the proxying plugin before the first request. */
  retries: Retries | undefined
  /** Set by the load-balancing plugin before the first request. */
  balancer: Balancer | undefined
  /** What `/upstreams` shows of it beside its targets, by name; fill it when you register. */
  readonly descriptions: Map<string, (now: number) => unknown>
  /** Replaces all targets. New ones get all gates; those that stay keep theirs; those that go finish what they have. */
  setTargets (targets: readonly Target[]): void
  /**
   * Replaces the targets that one source has found; those of other sources stay. What a source says for the first time was there from the
   * start, what it adds later starts slowly where the upstream has slow start. Of two definitions with one URL the first counts.
   */
  setSource (source: string, targets: readonly TargetDefinition[], now: number): void
  /** Logs what went wrong beside a request. */
  report (error: unknown, what: string): void
  /** Adds an admission behind those that are there. */
  addAdmission (admission: Admission): void
  /** Puts a gate before every target, also those that join later. */
  addGate (create: GateFactory): void
  /** Adds a filter behind those that are there. */
  addFilter (filter: TargetFilter): void
}

/** Picks one of the open targets. */
export interface Balancer {
  /**
   * Picks one of `open`, which has at least two targets and must not be kept or changed.
   * `now` is the gateway's monotonic clock in milliseconds.
   */
  pick (open: readonly Target[], exchange: Exchange, now: number): Target
  /** What it knows about a target, in words for a person. Changes no state. */
  describe? (target: Target, now: number): string | undefined
}

/** Called once for every attempt, when it is settled. */
export type AttemptObserver = (attempt: Attempt, now: number) => void

/**
 * Members that `/upstreams` shows of a target; undefined where there is nothing to say. Changes no state. `wallTime` gives the milliseconds
 * since 1970 of a time of the monotonic clock.
 */
export type TargetNote = (
  target: Target,
  now: number,
  wallTime: (time: number) => number
) => Readonly<Record<string, unknown>> | undefined

/**
 * Looks at every attempt before a target is selected for it, and gives the error that refuses it, or undefined. A retry that is refused
 * is not made: the failure at hand stands.
 */
export type Admission = (exchange: Exchange, now: number) => GatewayError | undefined

/**
 * Narrows the open targets of one selection: priority groups, slow start, stickiness. Gets at least one target and must give at least one
 * back; `open` must not be kept or changed. Filters run in the order in which they were added, after the gates and before the balancer.
 */
export type TargetFilter = (open: readonly Target[], exchange: Exchange, now: number) => readonly Target[]
