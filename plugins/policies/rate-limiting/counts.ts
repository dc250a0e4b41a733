/** The counts that a policy keeps across reloads. */

import { createHash } from 'node:crypto'
import type { Clock, GatewayApi, PolicyOptions, StateTable, Stop } from '../../../src/index.ts'
import { Concurrency, concurrencyCells } from './concurrency.ts'
import type { RateLimitOptions, StoreOptions } from './options.ts'
import { freshState, type Rule } from './rule.ts'
import type { Pool } from './shared-limit.ts'
import { Table } from './table.ts'

/** What outlives generations. */
export interface Counts {
  readonly entries: StateTable
  /** What this gateway knows of the counts of Redis. */
  readonly pools: Table<Pool>
  readonly concurrency: Concurrency
}

/** The interval of the sweep and its number of entries. Without traffic, too, idle entries are removed. */
const sweepEvery = 1000
const sweepCount = 5000

/** What counts depend on. */
type CountedOptions = Pick<RateLimitOptions, 'algorithm' | 'limit' | 'burst' | 'key' | 'tiers' | 'maxKeys' | 'store'> & PolicyOptions

/**
 * The current counts of the policy. Their identity consists of the options that affect decisions, so a reload that only
 * changes `headers` or the list of routes keeps all counts.
 * @param tiers all tiers; they share a table, so a row has room for the one with the most limits
 */
export function takeCounts (
  { clock, table, resource, task }: Pick<GatewayApi, 'clock' | 'table' | 'resource' | 'task'>,
  { policy, algorithm, limit, burst, key, tiers: by, maxKeys, store }: CountedOptions,
  tiers: readonly { readonly rules: readonly Rule[] }[]
): Counts {
  const options = { algorithm, limit, burst, key, tiers: by, maxKeys, store: store === undefined ? undefined : storeIdentity(store) }
  const identity = { kind: 'rate-limiting', key: policy, options }
  const rules = tiers.map(tier => tier.rules).reduce((most, some) => some.length > most.length ? some : most)
  const counted = algorithm === 'concurrency' ? { rows: Infinity, cells: concurrencyCells } : { rows: maxKeys, cells: freshState(rules) }
  const entries = table({ ...identity, table: counted })
  const pools = resource({ ...identity, create: () => new Table<Pool>(maxKeys, pool => pool.idleAt) })
  if (algorithm !== 'concurrency') task({ ...identity, start: sweeping([entries, pools], clock) })
  return { entries, pools, concurrency: new Concurrency(entries) }
}

/** It refers to no generation. */
function sweeping (tables: readonly Pick<StateTable, 'sweep'>[], clock: Clock): () => Stop {
  return () => {
    const timer = setInterval(() => { for (const table of tables) table.sweep(clock.now(), sweepCount) }, sweepEvery).unref()
    return () => clearInterval(timer)
  }
}

/** The identity of a store, without the password that may be in its URL. */
export function storeIdentity ({ redis, prefix }: StoreOptions): string {
  return createHash('sha256').update(JSON.stringify([redis, prefix])).digest('base64url')
}
