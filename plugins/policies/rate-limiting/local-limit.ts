/** A limit that one gateway counts by itself, in memory. */

import { charge, freshState, take, type Rule, type State, type LimitDecision } from './rule.ts'
import type { Entries } from './table.ts'

/** Takes `cost` units of all rules for a key, if all of them allow it. */
export function takeLocally (entries: Entries<State>, rules: readonly Rule[], key: string, cost: number, now: number): LimitDecision {
  const slot = entries.slot(key, now)
  const known = entries.get(slot)
  const state = known ?? freshState(rules)
  const verdict = take(rules, state, cost, now)
  if (known === undefined && verdict.allowed) entries.set(slot, state)
  return verdict
}

/** Counts `cost` units that another decision admitted. */
export function chargeLocally (entries: Entries<State>, rules: readonly Rule[], key: string, cost: number, now: number): void {
  const slot = entries.slot(key, now)
  const known = entries.get(slot)
  const state = known ?? freshState(rules)
  charge(rules, state, cost, now)
  if (known === undefined) entries.set(slot, state)
}
