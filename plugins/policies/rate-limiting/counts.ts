/** The counts that a policy keeps across reloads. */

import { createHash } from 'node:crypto'
import type { Clock, GatewayApi, Identity, KeyedCounts, PolicyOptions, StateTable, Stop } from '../../../src/index.ts'
import type { RateLimitOptions, StoreOptions } from './options.ts'
import { freshState, type Rule } from './rule.ts'

/** The interval of the sweep and its number of entries. Without traffic, too, idle entries are removed. */
const sweepEvery = 1000
const sweepCount = 5000

/** What counts depend on. */
type CountedOptions = Pick<RateLimitOptions, 'algorithm' | 'limit' | 'burst' | 'key' | 'tiers' | 'maxKeys' | 'store'> & PolicyOptions

/**
 * What requests have taken, by key, in all threads together.
 * @param tiers all tiers; they share a table, so a row has room for the one with the most limits
 */
export function takeEntries (
  { clock, table, task }: Pick<GatewayApi, 'clock' | 'table' | 'task'>,
  options: CountedOptions,
  tiers: readonly { readonly rules: readonly Rule[] }[]
): StateTable {
  const identity = countedIdentity(options)
  const rules = tiers.map(tier => tier.rules).reduce((most, some) => some.length > most.length ? some : most)
  const entries = table({ ...identity, table: { rows: options.maxKeys, cells: freshState(rules) } })
  task({ ...identity, start: sweeping(entries, clock) })
  return entries
}

/** The requests in progress, by key, in all threads together. */
export function takeProgress ({ counts }: Pick<GatewayApi, 'counts'>, options: CountedOptions): KeyedCounts {
  return counts({ ...countedIdentity(options), keys: options.maxKeys })
}

/** Made of the options that affect decisions, so that a reload which only changes `headers` or the list of routes keeps all counts. */
export function countedIdentity (options: CountedOptions): Identity {
  const { policy, algorithm, limit, burst, key, tiers, maxKeys } = options
  const store = options.store === undefined ? undefined : storeIdentity(options.store)
  return { kind: 'rate-limiting', key: policy, options: { algorithm, limit, burst, key, tiers, maxKeys, store } }
}

/** It refers to no generation. */
function sweeping (table: Pick<StateTable, 'sweep'>, clock: Clock): () => Stop {
  return () => {
    const timer = setInterval(() => table.sweep(clock.now(), sweepCount), sweepEvery).unref()
    return () => clearInterval(timer)
  }
}

/** The identity of a store, without the password that may be in its URL. */
export function storeIdentity ({ redis, prefix }: StoreOptions): string {
  return createHash('sha256').update(JSON.stringify([redis, prefix])).digest('base64url')
}
