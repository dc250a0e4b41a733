/** What a policy allows, and how many keys it knows, for `/limits` of the admin listener. */

import type { PolicyOptions } from '../../../src/index.ts'
import type { RateLimitOptions } from './options.ts'
import type { Plan } from './plan.ts'
import type { RedisConnection } from './redis-connection.ts'

/** Times are milliseconds. */
export function describePolicy (
  { policy, algorithm, mode }: RateLimitOptions & PolicyOptions,
  { tiers }: Plan,
  keys: number,
  connection: RedisConnection | undefined
): object {
  return {
    policy,
    algorithm,
    mode,
    limits: tiers.map(({ name, promised }) => ({
      ...(name === undefined ? {} : { tier: name }),
      limits: promised.map(({ capacity, rate }) => ({
        atOnce: capacity,
        ...(rate === undefined ? {} : { limit: rate.limit, windowMs: rate.window })
      }))
    })),
    keys,
    ...(connection === undefined ? {} : { store: {
      up: connection.up,
      gateways: connection.gateways,
      ...(connection.failure === undefined ? {} : { failure: connection.failure.message })
    } })
  }
}
