/** Balancers by name: how one is made and configured. */

import type { Static, TObject } from '#typebox'
import type { Random } from './clock.ts'
import type { Holder } from './holder.ts'
import type { Report } from './plugin.ts'
import type { Balancer, Upstream } from './upstream.ts'

/** What a balancer is made from. */
export interface BalancerContext<Options = unknown> {
  readonly upstream: Upstream
  /** Takes what outlives the balancer, such as whose turn it is. */
  readonly holder: Holder
  readonly random: Random
  /** Its options as they stand in the file, checked and completed. */
  readonly options: Options
}

/** Makes the balancer of an upstream; registered by name with `app.gateway.addBalancer`. */
export type BalancerFactory<Options = unknown> = (context: BalancerContext<Options>) => Balancer

/** The options of a balancer, written beside `algorithm`: `balance: { algorithm: NAME, … }`. */
export interface BalancerKeys<T extends TObject> {
  readonly options: T
  /** What a schema cannot say; pointers are relative to `balance`. */
  checkOptions? (options: Static<T>, report: Report): void
}

/** A balancer that a plugin offers. */
export interface OfferedBalancer {
  readonly create: BalancerFactory<never>
  /** Undefined where it has none. */
  readonly options: TObject | undefined
  checkOptions? (options: never, report: Report): void
}
