/** The keys that a policy rejects at the moment, for `/limits` of the admin listener. */

import type { Steps } from '../../../src/index.ts'
import type { Counts } from './counts.ts'
import type { Plan, Tier } from './plan.ts'
import { windowsOf, type WindowVerdict } from './rule.ts'

/** A key that has used up one of its limits. Times are milliseconds from now. */
export interface LimitedKey {
  readonly tier?: string
  /** In readable form, without secrets. */
  readonly key: string
  readonly left: number
  /** Until one more request is admitted; undefined where that is not known. */
  readonly retryAfterMs: number | undefined
  /** Until all units are available again; undefined where that is not known. */
  readonly resetMs: number | undefined
}

/** Bounds a list of keys, over all policies together. */
export interface ListBudget {
  /** Keys that may still be listed. */
  keys: number
  /** Keys that may still be looked at. */
  rows: number
}

/** The keys that are looked at in one step. */
const rowsAtOnce = 500

/** Where the counts of a policy are: in this gateway, in Redis, or requests in progress. */
export type CountedIn = 'memory' | 'store' | 'progress'

/**
 * The keys that have no unit left, in steps, because there may be many keys. Reads counts and changes nothing.
 * @param budget is reduced by what is listed and looked at; the list ends when one of its numbers is 0
 */
export function * limitedKeys (
  plan: Plan,
  counts: Counts,
  countedIn: CountedIn,
  budget: ListBudget,
  now: number
): Steps<LimitedKey[]> {
  const found: LimitedKey[] = []
  for (const [key, windows] of statesOf(plan, counts, countedIn, now)) {
    if (budget.keys === 0 || budget.rows === 0) break
    budget.rows--
    if (budget.rows % rowsAtOnce === 0) yield
    const wait = Math.max(...windows.map(window => window.wait))
    if (wait <= 0) continue
    const { name } = plan.tierOf(key)
    found.push({
      ...(name === undefined ? {} : { tier: name }),
      key: plan.show(key),
      left: Math.min(...windows.map(({ left }) => left)),
      retryAfterMs: known(wait),
      resetMs: countedIn === 'progress' ? undefined : known(Math.max(...windows.map(({ fullAfter }) => fullAfter)))
    })
    budget.keys--
  }
  return found
}

/** Each key with the state of its limits. */
function * statesOf (plan: Plan, counts: Counts, countedIn: CountedIn, now: number): Generator<[string, readonly WindowVerdict[]]> {
  if (countedIn === 'store') {
    for (const [key, { windows, toldAt }] of counts.pools.entries()) yield [key, windows.map(window => later(window, now - toldAt))]
    return
  }
  for (const [key, { cells, at }] of counts.entries.entries()) {
    const tier = plan.tierOf(key)
    yield [key, countedIn === 'progress' ? [placesOf(tier, counts.concurrency.active(key))] : windowsOf(tier.rules, cells, 1, now, at)]
  }
}

function placesOf ({ atOnce }: Tier, active: number): WindowVerdict {
  return { left: Math.max(0, atOnce - active), wait: active < atOnce ? 0 : Infinity, fullAfter: 0 }
}

function later ({ left, wait, fullAfter }: WindowVerdict, elapsed: number): WindowVerdict {
  return { left, wait: Math.max(0, wait - elapsed), fullAfter: Math.max(0, fullAfter - elapsed) }
}

function known (ms: number): number | undefined {
  return Number.isFinite(ms) ? Math.ceil(ms) : undefined
}
