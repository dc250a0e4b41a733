/** The keys that a policy rejects at the moment, for `/limits` of the admin listener. */

import type { Steps } from '../../../src/index.ts'
import type { KeyState } from './key-states.ts'
import type { Plan } from './plan.ts'

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

/**
 * The keys that have no unit left, the longest wait first; in steps, because there may be many keys.
 * @param budget is reduced by what is listed and looked at; the list ends when one of its numbers is 0
 */
export function * limitedKeys (plan: Pick<Plan, 'tierOf' | 'show'>, states: Iterable<KeyState>, budget: ListBudget): Steps<LimitedKey[]> {
  const found: LimitedKey[] = []
  for (const [key, windows] of states) {
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
      resetMs: known(Math.max(...windows.map(({ fullAfter }) => fullAfter)))
    })
    budget.keys--
  }
  return found.sort(byWait)
}

/** The longest wait first; one that is not known counts as the longest. */
function byWait ({ retryAfterMs: a = Number.MAX_VALUE }: LimitedKey, { retryAfterMs: b = Number.MAX_VALUE }: LimitedKey): number {
  return b - a
}

function known (ms: number): number | undefined {
  return Number.isFinite(ms) ? Math.ceil(ms) : undefined
}
