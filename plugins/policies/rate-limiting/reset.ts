/** Gives keys of a policy all their units back, wherever they are counted. */

import type { StateTable, Steps } from '../../../src/index.ts'
import { GatewayError, inPieces } from '../../../src/index.ts'
import type { Plan } from './plan.ts'
import type { Pools } from './pools.ts'
import type { RedisConnection } from './redis-connection.ts'
import { forgetScript } from './redis-script.ts'

/**
 * Resets all keys that `/limits` shows in these words. Resolves with their number.
 * @throws GatewayError where the store does not respond
 */
export type Reset = (shown: string) => Promise<number>

/** The keys that are looked at in one step, and the most that are reset at once. */
const rowsAtOnce = 500
const mostKeys = 100

/** Of what this gateway counts by itself. */
export function resetRows (plan: Pick<Plan, 'show'>, entries: StateTable): Reset {
  return async shown => {
    const keys = await inPieces(keysShown(plan, entries.entries(), shown))
    return keys.reduce((sum, key) => sum + entries.removeShown(key), 0)
  }
}

/** What {@link resetShared} needs. */
interface Shared {
  readonly entries: StateTable
  readonly pools: Pick<Pools, 'states' | 'forget'>
  readonly connection: Pick<RedisConnection, 'up' | 'run'>
  /** How long a call to Redis may take, in milliseconds. */
  readonly timeout: number
}

/** Of a limit in Redis: the keys that threads know to be limited. Redis first, or a thread would learn the old state again. */
export function resetShared (plan: Pick<Plan, 'show' | 'tierOf'>, { entries, pools, connection, timeout }: Shared): Reset {
  return async shown => {
    if (!connection.up) throw new GatewayError('limiter-unavailable', { detail: 'the Redis of the policy does not respond' })
    const keys = await inPieces(keysShown(plan, await pools.states(), shown))
    for (const key of keys) await forgetInRedis(connection, `${plan.tierOf(key).keyPrefix}${key}}`, timeout)
    await pools.forget(keys)
    for (const key of keys) removeRow(entries, key)
    return keys.length
  }
}

async function forgetInRedis (connection: Shared['connection'], key: string, timeout: number): Promise<void> {
  try {
    await connection.run(forgetScript, key, [], timeout)
  } catch (cause) {
    throw new GatewayError('limiter-unavailable', { cause, detail: 'the Redis of the policy does not respond; some keys may be reset' })
  }
}

function removeRow (entries: StateTable, key: string): void {
  entries.acquire(key)
  try {
    entries.remove(key)
  } finally {
    entries.release()
  }
}

/** In steps, because there may be many keys. */
function * keysShown (plan: Pick<Plan, 'show'>, all: Iterable<readonly [string, unknown]>, shown: string): Steps<string[]> {
  const found = new Set<string>()
  let looked = 0
  for (const [key] of all) {
    if (++looked % rowsAtOnce === 0) yield
    if (plan.show(key) === shown) found.add(key)
    if (found.size === mostKeys) break
  }
  return [...found]
}
