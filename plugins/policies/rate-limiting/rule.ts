/** The interface of a rate-limiting algorithm as arithmetic on a few numbers, and the decision of several limits together. */

import type { RateValue } from '../../../src/config/index.ts'

/** Numbers that a rule changes: cells of a table, or a list. */
export type State = Float64Array | number[]

/**
 * One limit: a number of units per period. Its state is `fresh.length` numbers, from `at` on in cells that it shares
 * with the other limits of the same key. All times are milliseconds of one clock, that of the gateway or of Redis.
 */
export interface Rule {
  readonly rate: RateValue
  /** The most units at once. */
  readonly capacity: number
  /** The state of a key that has taken nothing. */
  readonly fresh: readonly number[]
  /** How long until `cost` units may be taken: 0 for now, Infinity for never. */
  wait (state: ArrayLike<number>, at: number, cost: number, now: number): number
  /** Takes units unconditionally. */
  charge (state: State, at: number, cost: number, now: number): void
  /** How many whole units may be taken now. */
  left (state: ArrayLike<number>, at: number, now: number): number
  /** How long until the state equals a fresh one. */
  fullAfter (state: ArrayLike<number>, at: number, now: number): number
}

/** The state of one limit after a request. Times are milliseconds from now. */
export interface WindowVerdict {
  /** How many more units would be admitted now. */
  readonly left: number
  /** Until all units are available again. */
  readonly fullAfter: number
  /** Until this limit would admit the request; 0 where it does. */
  readonly wait: number
}

/** The decision of all limits of a policy about a request. */
export interface LimitDecision {
  readonly allowed: boolean
  /** Milliseconds until the request would be admitted; 0 when it is, Infinity when that is unknown or never. */
  readonly retryAfter: number
  /** One for each limit, in the order of the configuration. */
  readonly windows: readonly WindowVerdict[]
}

/** Where the state of the first rule begins. Before it is the time from which the state equals a fresh one. */
const first = 1

/** The state of a key that nothing was taken from. */
export function freshState (rules: readonly Rule[]): number[] {
  return [-Infinity, ...rules.flatMap(rule => rule.fresh)]
}

/**
 * Takes `cost` units of all rules if all of them allow it, and none otherwise, so a rejected request costs nothing. The state of
 * the key begins at `from`.
 */
export function take (rules: readonly Rule[], state: State, cost: number, now: number, from = 0): LimitDecision {
  const waits = waitsOf(rules, state, cost, now, from)
  const retryAfter = Math.max(...waits)
  const allowed = retryAfter === 0
  if (allowed) charge(rules, state, cost, now, from)
  return { allowed, retryAfter, windows: describe(rules, state, waits, now, from) }
}

/** The state of all limits of a key for a request of `cost` units. Changes nothing. */
export function windowsOf (rules: readonly Rule[], state: ArrayLike<number>, cost: number, now: number, from: number): WindowVerdict[] {
  return describe(rules, state, waitsOf(rules, state, cost, now, from), now, from)
}

function describe (rules: readonly Rule[], state: ArrayLike<number>, waits: readonly number[], now: number, from: number): WindowVerdict[] {
  let at = from + first
  return rules.map((rule, index) => {
    const window = { left: rule.left(state, at, now), fullAfter: rule.fullAfter(state, at, now), wait: waits[index]! }
    at += rule.fresh.length
    return window
  })
}

/** Takes `cost` units of all rules unconditionally. */
export function charge (rules: readonly Rule[], state: State, cost: number, now: number, from = 0): void {
  let at = from + first
  let fullAfter = 0
  for (const rule of rules) {
    rule.charge(state, at, cost, now)
    fullAfter = Math.max(fullAfter, rule.fullAfter(state, at, now))
    at += rule.fresh.length
  }
  state[from] = now + fullAfter
}

function waitsOf (rules: readonly Rule[], state: ArrayLike<number>, cost: number, now: number, from: number): number[] {
  let at = from + first
  return rules.map(rule => {
    const wait = rule.wait(state, at, cost, now)
    at += rule.fresh.length
    return wait
  })
}
