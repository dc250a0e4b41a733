/** A limit that one gateway counts by itself, in memory. */

import type { Row, StateTable } from '../../../src/index.ts'
import { charge, take, type Rule, type LimitDecision } from './rule.ts'

/**
 * The key of the overflow row. No other key is empty. When the table is full of rows in use, new keys share it until there is room; keys
 * that have a row keep their own.
 */
const overflow = ''

/** Takes `cost` units of all rules for a key, if all of them allow it. */
export function takeLocally (table: StateTable, rules: readonly Rule[], key: string, cost: number, now: number): LimitDecision {
  const known = table.find(key)
  if (known !== undefined) return take(rules, known.cells, cost, now, known.at)
  const slot = slotOf(table, key, now)
  const shared = table.find(slot)
  const { cells, at } = shared ?? table.add(slot)
  const verdict = take(rules, cells, cost, now, at)
  // A key whose first request is rejected is as good as none.
  if (shared === undefined && !verdict.allowed) table.remove(slot)
  return verdict
}

/** Counts `cost` units that another decision admitted. */
export function chargeLocally (table: StateTable, rules: readonly Rule[], key: string, cost: number, now: number): void {
  const { cells, at } = table.find(key) ?? rowOf(table, slotOf(table, key, now))
  charge(rules, cells, cost, now, at)
}

function slotOf (table: StateTable, key: string, now: number): string {
  return table.room(now) ? key : overflow
}

function rowOf (table: StateTable, slot: string): Row {
  return table.find(slot) ?? table.add(slot)
}
