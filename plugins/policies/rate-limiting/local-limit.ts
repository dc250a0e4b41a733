/** A limit that one gateway counts by itself, in memory that its threads share. */

import type { StateTable } from '../../../src/index.ts'
import { charge, take, type Rule, type LimitDecision } from './rule.ts'

/**
 * The key of the overflow row. No other key is empty. When the table is full of rows in use, new keys share it until there is room; keys
 * that have a row keep their own.
 */
const overflow = ''

/**
 * Takes `cost` units of all rules for a key, if all of them allow it. No other thread decides about the key meanwhile.
 * @param now is called while the thread has the key, so that the times of a row never go back
 */
export function takeLocally (table: StateTable, rules: readonly Rule[], key: string, cost: number, now: () => number): LimitDecision {
  table.acquire(key)
  try {
    const time = now()
    const row = table.find(key)
    if (row !== undefined) return take(rules, row.cells, cost, time, row.at)
    if (table.room(time)) return takeFirst(table, rules, key, cost, time)
  } finally {
    table.release()
  }
  table.acquire(overflow)
  try {
    const time = now()
    const row = table.find(overflow)
    return row === undefined ? takeFirst(table, rules, overflow, cost, time) : take(rules, row.cells, cost, time, row.at)
  } finally {
    table.release()
  }
}

/** Counts `cost` units that another decision admitted. */
export function chargeLocally (table: StateTable, rules: readonly Rule[], key: string, cost: number, now: () => number): void {
  if (chargeOwn(table, rules, key, cost, now)) return
  table.acquire(overflow)
  try {
    const { cells, at } = table.find(overflow) ?? table.add(overflow)
    charge(rules, cells, cost, now(), at)
  } finally {
    table.release()
  }
}

/** Returns false where the key has no row and there is no room for one. */
function chargeOwn (table: StateTable, rules: readonly Rule[], key: string, cost: number, now: () => number): boolean {
  table.acquire(key)
  try {
    const time = now()
    const row = table.find(key) ?? (table.room(time) ? table.add(key) : undefined)
    if (row === undefined) return false
    charge(rules, row.cells, cost, time, row.at)
    return true
  } finally {
    table.release()
  }
}

/** A key whose first request is rejected is as good as none, and gets no row. */
function takeFirst (table: StateTable, rules: readonly Rule[], key: string, cost: number, now: number): LimitDecision {
  const { cells, at } = table.add(key)
  const verdict = take(rules, cells, cost, now, at)
  if (!verdict.allowed) table.remove(key)
  return verdict
}
