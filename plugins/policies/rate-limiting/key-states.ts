/** The keys of a policy with the state of their limits, wherever they are counted. Reading them changes nothing. */

import type { KeyedCounts, StateTable } from '../../../src/index.ts'
import type { Plan } from './plan.ts'
import { windowsOf, type WindowVerdict } from './rule.ts'
import type { Pool } from './shared-limit.ts'
import type { Table } from './table.ts'

/** A key and the state of its limits for a request that costs one unit. */
export type KeyState = readonly [key: string, windows: readonly WindowVerdict[]]

/** Of a table that requests change meanwhile: a row is read without its key, so it may be half of one moment and half of the next. */
export function * statesOfRows ({ tierOf }: Pick<Plan, 'tierOf'>, entries: StateTable, now: number): Generator<KeyState> {
  for (const [key, { cells, at }] of entries.entries()) yield [key, windowsOf(tierOf(key).rules, cells, 1, now, at)]
}

/** Of requests in progress. When one of them ends is not known. */
export function * statesOfProgress ({ tierOf }: Pick<Plan, 'tierOf'>, progress: KeyedCounts): Generator<KeyState> {
  for (const [key, active] of progress.entries()) {
    const left = Math.max(0, tierOf(key).atOnce - active)
    yield [key, [{ left, wait: left > 0 ? 0 : Infinity, fullAfter: Infinity }]]
  }
}

/** Of a limit in Redis: what it said last. */
export function * statesOfPools (pools: Table<Pool>, now: number): Generator<KeyState> {
  for (const [key, { windows, toldAt }] of pools.entries()) yield [key, windows.map(window => later(window, now - toldAt))]
}

function later ({ left, wait, fullAfter }: WindowVerdict, elapsed: number): WindowVerdict {
  return { left, wait: Math.max(0, wait - elapsed), fullAfter: Math.max(0, fullAfter - elapsed) }
}
