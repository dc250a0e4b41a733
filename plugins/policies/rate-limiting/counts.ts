/** What a policy remembers from one generation to the next. */

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

/** How often, and how many entries at a time, are looked at for those that are idle; an idle gateway gives its memory back. */
const sweepEvery = 1000
const sweepCount = 5000

/**
 * Today's counts of the policy. Their identity is what decides, so a reload that only changes `headers` or
 * names a longer list of routes forgets nobody.
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

/** What tells one store from another, without the password that may be in it. */
export function storeIdentity ({ redis, prefix }: StoreOptions): string {
  return createHash('sha256').update(JSON.stringify([redis, prefix])).digest('base64url')
}
