/** A limit over time as arithmetic on a few numbers: what every algorithm is, and how several of them decide together. */

import type { RateValue } from '../../../src/config/index.ts'

/**
 * One limit: so many units in so long. Its state is `fresh.length` numbers, from `at` on in an array that it shares
 * with the other limits of the same key. All times are milliseconds of one clock; whether that is the gateway's or
 * Redis' own is not its business.
 */
export interface Rule {
  readonly rate: RateValue
  /** Most units at once. */
  readonly capacity: number
  /** The state of a key that has taken nothing. */
  readonly fresh: readonly number[]
  /** How long until `cost` units may be taken: 0 for now, Infinity for never. */
  wait (state: readonly number[], at: number, cost: number, now: number): number
  /** Takes units, whether they may be taken or not. */
  charge (state: number[], at: number, cost: number, now: number): void
  /** How many whole units may be taken now. */
  left (state: readonly number[], at: number, now: number): number
  /** How long until the state is as good as fresh. */
  fullAfter (state: readonly number[], at: number, now: number): number
}

/** What one limit says to a request, after it. Times are milliseconds from now. */
export interface WindowVerdict {
  /** How many more units would be let through right now. */
  readonly left: number
  /** Until all of them are there again. */
  readonly fullAfter: number
  /** Until the request would be let through; 0 where this limit does not stand in its way. */
  readonly wait: number
}

/** What all limits of a policy say to a request. */
export interface LimitDecision {
  readonly allowed: boolean
  /** Milliseconds until it would be let through; 0 when it is, Infinity when that cannot be known or never comes. */
  readonly retryAfter: number
  /** One for each limit, in the order of the file. */
  readonly windows: readonly WindowVerdict[]
}

/** The state of a key: when it is as good as none, which is when it may be forgotten, and then the numbers of each rule. */
export type State = number[]

/** Where the state of the first rule begins. */
const first = 1

/** The state of a key that nothing was taken from. */
export function freshState (rules: readonly Rule[]): State {
  // A copy is exactly as large as it must be; what was spread into has room for ten more.
  return [-Infinity, ...rules.flatMap(rule => rule.fresh)].slice()
}

/** When a state may be forgotten. */
export function idleAt (state: State): number {
  return state[0]!
}

/** Takes `cost` units of all rules if all of them allow it, and none of any otherwise: asking too often costs nothing. */
export function take (rules: readonly Rule[], state: State, cost: number, now: number): LimitDecision {
  const waits = waitsOf(rules, state, cost, now)
  const retryAfter = Math.max(...waits)
  const allowed = retryAfter === 0
  if (allowed) charge(rules, state, cost, now)
  let at = first
  const windows = rules.map((rule, index) => {
    const window = { left: rule.left(state, at, now), fullAfter: rule.fullAfter(state, at, now), wait: waits[index]! }
    at += rule.fresh.length
    return window
  })
  return { allowed, retryAfter, windows }
}

/** Takes `cost` units of all rules, whatever they say. */
export function charge (rules: readonly Rule[], state: State, cost: number, now: number): void {
  let at = first
  let fullAfter = 0
  for (const rule of rules) {
    rule.charge(state, at, cost, now)
    fullAfter = Math.max(fullAfter, rule.fullAfter(state, at, now))
    at += rule.fresh.length
  }
  state[0] = now + fullAfter
}

function waitsOf (rules: readonly Rule[], state: State, cost: number, now: number): number[] {
  let at = first
  return rules.map(rule => {
    const wait = rule.wait(state, at, cost, now)
    at += rule.fresh.length
    return wait
  })
}
