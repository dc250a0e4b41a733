/** The three ways in which a policy counts: what decides, and what there is to see of it. */

import type { GatewayApi, PolicyOptions } from '../../../src/index.ts'
import { countedIdentity, takeEntries, takeProgress } from './counts.ts'
import { statesOfProgress, statesOfRows, type KeyState } from './key-states.ts'
import { takeFrom, takePlace, takeShared, type Taker } from './limiter.ts'
import type { RateLimitOptions, StoreOptions } from './options.ts'
import type { Plan } from './plan.ts'
import { takePools } from './pools.ts'
import type { RedisConnection } from './redis-connection.ts'
import { resetRows, resetShared, type Reset } from './reset.ts'
import { SharedLimit } from './shared-limit.ts'

export interface Counting {
  readonly take: Taker
  /** Number of keys that are counted separately. */
  readonly keys: () => number
  /** All keys with the state of their limits. */
  readonly states: () => Iterable<KeyState> | Promise<Iterable<KeyState>>
  /** Undefined where nothing can be reset: requests in progress. */
  readonly reset: Reset | undefined
}

type Options = RateLimitOptions & PolicyOptions

/** @param connection of a policy with a store */
export function countingOf (gateway: GatewayApi, options: Options, plan: Plan, connection: RedisConnection | undefined): Counting {
  const { algorithm, store } = options
  if (algorithm === 'concurrency') return countProgress(gateway, options, plan)
  if (store === undefined || connection === undefined) return countHere(gateway, options, plan)
  return countTogether(gateway, { ...options, store }, plan, connection)
}

/** Requests in progress. */
function countProgress (gateway: GatewayApi, options: Options, plan: Plan): Counting {
  const progress = takeProgress(gateway, options)
  return { take: takePlace(progress), keys: () => progress.size, states: () => statesOfProgress(plan, progress), reset: undefined }
}

/** What requests have taken, in memory. */
function countHere (gateway: GatewayApi, options: Options, plan: Plan): Counting {
  const entries = takeEntries(gateway, options, plan.tiers)
  const now = (): number => gateway.clock.now()
  return {
    take: takeFrom(entries, now),
    keys: () => entries.size,
    states: () => statesOfRows(plan, entries, now()),
    reset: resetRows(plan, entries)
  }
}

/** What requests have taken, together with other gateways. */
function countTogether (
  gateway: GatewayApi,
  options: Options & { readonly store: StoreOptions },
  plan: Plan,
  connection: RedisConnection
): Counting {
  const entries = takeEntries(gateway, options, plan.tiers)
  const pools = takePools(gateway, countedIdentity(options), options.maxKeys)
  const { threads, rehearsal } = gateway
  const { timeout, lease, whenUnavailable } = options.store
  const now = (): number => gateway.clock.now()
  const limit = new SharedLimit({
    connection,
    counts: { entries, pools: pools.own },
    now,
    timeout,
    lease,
    alone: whenUnavailable === 'local',
    threads: threads.count,
    rehearsal
  })
  return {
    take: takeShared(limit, rehearsal),
    keys: () => entries.size,
    states: pools.states,
    reset: resetShared(plan, { entries, pools, connection, timeout })
  }
}
