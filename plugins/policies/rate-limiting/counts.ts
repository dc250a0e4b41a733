/** The counts that a policy keeps across reloads. */

import { createHash } from 'node:crypto'
import type { GatewayApi, PolicyOptions } from '../../../src/index.ts'
import { Concurrency } from './concurrency.ts'
import type { RateLimitOptions, StoreOptions } from './options.ts'
import { idleAt, type State } from './rule.ts'
import type { Pool } from './shared-limit.ts'
import { Table, type Entries } from './table.ts'

/** State that outlives generations. */
export interface Counts {
  readonly entries: Entries<State>
  readonly pools: Entries<Pool>
  readonly concurrency: Concurrency
  readonly sweeper: NodeJS.Timeout | undefined
}

/** The interval of the sweep and its number of entries. Without traffic, too, idle entries are removed. */
const sweepEvery = 1000
const sweepCount = 5000

/**
 * The current counts of the policy. Their identity consists of the options that affect decisions, so a reload that only
 * changes `headers` or the list of routes keeps all counts.
 */
export function takeCounts (
  gateway: GatewayApi,
  { policy, algorithm, limit, burst, key, tiers, maxKeys, store }: RateLimitOptions & PolicyOptions
): Counts {
  const { clock, leases, rehearsal } = gateway
  return leases.take<Counts>({
    kind: 'rate-limiting',
    key: policy,
    options: { algorithm, limit, burst, key, tiers, maxKeys, store: store === undefined ? undefined : storeIdentity(store) },
    create () {
      const entries = new Table<State>(maxKeys, { idleAt, copy: state => [...state] })
      const pools = new Table<Pool>(maxKeys, { idleAt: pool => pool.idleAt, copy: pool => ({ ...pool }) })
      const sweep = (): void => { for (const table of [entries, pools]) table.sweep(clock.now(), sweepCount) }
      return { entries, pools, concurrency: new Concurrency(), sweeper: rehearsal ? undefined : setInterval(sweep, sweepEvery).unref() }
    },
    fork: ({ entries, pools, concurrency }) => ({
      entries: forked(entries),
      pools: forked(pools),
      concurrency: concurrency.copy(),
      sweeper: undefined
    }),
    close: ({ sweeper }) => clearInterval(sweeper)
  })
}

function forked<T> (entries: Entries<T>): Entries<T> {
  return entries instanceof Table ? entries.fork() as Entries<T> : entries
}

/** The identity of a store, without the password that may be in its URL. */
export function storeIdentity ({ redis, prefix }: StoreOptions): string {
  return createHash('sha256').update(JSON.stringify([redis, prefix])).digest('base64url')
}
