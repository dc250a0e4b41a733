/** A balancer picks one of the open targets. */

import type { Exchange } from '../exchange/exchange.ts'
import type { Target } from '../upstream/target.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { LeaseHolder } from '../state/leases.ts'
import type { Random } from './clock.ts'

export interface Balancer {
  /**
   * Picks one of `open`, which has at least two targets and must not be kept or changed.
   * `now` is the gateway's monotonic clock in milliseconds.
   */
  pick (open: readonly Target[], exchange: Exchange, now: number): Target
  /** What it knows about a target, in words for a person. Changes no state. */
  describe? (target: Target, now: number): string | undefined
}

/** What a balancer is made from. */
export interface BalancerContext<Options = unknown> {
  readonly upstream: Upstream
  readonly leases: LeaseHolder
  readonly random: Random
  /** Its options as they stand in the file, checked and completed. */
  readonly options: Options
}

/** Makes the balancer of an upstream; registered by name with `app.gateway.addBalancer`. */
export type BalancerFactory<Options = unknown> = (context: BalancerContext<Options>) => Balancer
