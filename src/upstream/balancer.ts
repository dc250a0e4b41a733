/** A balancer picks one of the open targets. */

import type { Exchange } from './exchange.ts'
import type { Target } from './target.ts'
import type { Upstream } from './upstream.ts'
import type { LeaseHolder } from '../leases.ts'
import type { Random } from '../clock.ts'

export interface Balancer {
  /**
   * Picks one of `open`, which has at least two targets and must not be kept or changed.
   * `now` is the gateway's monotonic clock in milliseconds.
   */
  pick (open: readonly Target[], exchange: Exchange, now: number): Target
}

/** What a balancer is made from. */
export interface BalancerContext {
  readonly upstream: Upstream
  readonly leases: LeaseHolder
  readonly random: Random
}

/** Makes the balancer of an upstream; registered by name with `app.addBalancer`. */
export type BalancerFactory = (context: BalancerContext) => Balancer
