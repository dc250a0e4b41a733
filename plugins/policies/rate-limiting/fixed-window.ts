/**
 * A fixed window: a count that starts with a key's first request and ends one window later. It is cheap and simple, but
 * around the end of a window up to twice the limit may pass.
 */

import type { RateValue } from '../../../src/config/index.ts'
import type { Rule } from './rule.ts'

/** Allows at most `rate.limit` in each window. */
export function fixedWindow (rate: RateValue): Rule {
  const { limit, window } = rate
  const over = (start: number, now: number): boolean => now - start >= window
  const countAt = (state: ArrayLike<number>, at: number, now: number): number => over(state[at]!, now) ? 0 : state[at + 1]!
  return {
    rate,
    capacity: limit,
    // The start of the window, and the units taken in it.
    fresh: [-Infinity, 0],
    wait (state, at, cost, now) {
      if (cost > limit) return Infinity
      return countAt(state, at, now) + cost <= limit ? 0 : state[at]! + window - now
    },
    charge (state, at, cost, now) {
      if (over(state[at]!, now)) {
        state[at] = now
        state[at + 1] = 0
      }
      state[at + 1]! += cost
    },
    left: (state, at, now) => Math.max(0, limit - countAt(state, at, now)),
    fullAfter: (state, at, now) => Math.max(0, state[at]! + window - now)
  }
}
