/** What a thread knows of the counts of Redis, and what all threads together do. */

import type { GatewayApi, Identity } from '../../../src/index.ts'
import { statesOfPools, type KeyState } from './key-states.ts'
import type { Pool } from './shared-limit.ts'
import { Table } from './table.ts'

/** What is known of the keys of one policy. */
export interface Pools {
  /** In this thread. */
  readonly own: Table<Pool>
  /** In all threads that serve clients: those of their keys that are limited. */
  readonly states: () => Iterable<KeyState> | Promise<Iterable<KeyState>>
  /** Forgets what threads know of keys. What a call under way reports of them is forgotten too. */
  readonly forget: (keys: readonly string[]) => Promise<void>
}

type PoolsGateway = Pick<GatewayApi, 'clock' | 'resource' | 'task' | 'threads'>

const channel = 'rate-limiting-pools'
const forgetChannel = 'rate-limiting-pools-forget'
/** The most keys that a thread answers with, and the milliseconds that it may take. */
const mostKeys = 100
const longestAnswer = 1000

/** The interval of the sweep and its number of entries. Without traffic, too, idle entries are removed. */
const sweepEvery = 1000
const sweepCount = 5000

/** The pools of a policy. They outlive generations. */
export function takePools ({ clock, resource, task, threads }: PoolsGateway, { kind, key, options }: Identity, maxKeys: number): Pools {
  const identity = { kind: `${kind}-pools`, key, options }
  const own = resource({ ...identity, create: () => new Table<Pool>(maxKeys, pool => pool.idleAt) })
  const { toControl, toThreads } = threads
  /** The pools in use by policy, so that this thread can answer for them. */
  const all = resource({
    kind: `${kind}-all-pools`,
    key: '',
    create () {
      const known = new Map<string, Table<Pool>>()
      toControl?.answer(channel, (asked: string) => limitedOf(known.get(asked), clock.now()))
      toControl?.answer(forgetChannel, ([asked, keys]: readonly [string, readonly string[]]) => forgetKeys(known.get(asked), keys))
      return known
    }
  })
  task({
    ...identity,
    per: 'thread',
    start () {
      all.set(key, own)
      const timer = setInterval(() => own.sweep(clock.now(), sweepCount), sweepEvery).unref()
      return () => {
        clearInterval(timer)
        if (all.get(key) === own) all.delete(key)
      }
    }
  })
  if (toThreads === undefined) {
    return { own, states: () => statesOfPools(own, clock.now()), forget: async keys => forgetKeys(own, keys) }
  }
  return {
    own,
    states: async () => joined([...(await toThreads.askAll(channel, key, longestAnswer)).values()] as KeyState[][]),
    forget: async keys => { await toThreads.askAll(forgetChannel, [key, keys], longestAnswer) }
  }
}

/** The keys that are limited now. */
function limitedOf (pools: Table<Pool> | undefined, now: number): KeyState[] {
  const found: KeyState[] = []
  for (const state of pools === undefined ? [] : statesOfPools(pools, now)) {
    if (waitOf(state) > 0) found.push(state)
    if (found.length === mostKeys) break
  }
  return found
}

function forgetKeys (pools: Table<Pool> | undefined, keys: readonly string[]): void {
  for (const key of keys) pools?.delete(key)
}

/** Of a key that several threads know, the longest wait counts. */
function joined (answers: readonly (readonly KeyState[])[]): Iterable<KeyState> {
  const states = new Map<string, KeyState>()
  for (const state of answers.flat()) {
    const known = states.get(state[0])
    if (known === undefined || waitOf(known) < waitOf(state)) states.set(state[0], state)
  }
  return states.values()
}

function waitOf ([, windows]: KeyState): number {
  return Math.max(...windows.map(({ wait }) => wait))
}
