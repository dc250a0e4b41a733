/**
 * A sliding window counter: the count of this window plus that of the previous one, weighted by the part that the
 * sliding window still covers.
 *
 *   previous: 8          current: 3              limit 10, a quarter into the current window:
 *   ├──────────────────┼────┬─────────────┤      8 × 0.75 + 3 = 9 → one more
 *        └── sliding window ┘
 *
 * It needs two counts per key instead of a time stamp per request, and prevents a burst of twice the limit at the
 * boundary of two windows. It assumes that the requests of the previous window were evenly spread, which is its only
 * error.
 */

import type { RateValue } from '../../../src/config/index.ts'
import type { Rule } from './rule.ts'

/** The rounding error of a weighted count. */
const forgiven = 1e-9

/** Allows at most `rate.limit` in any window, by that estimate. */
export function slidingWindow (rate: RateValue): Rule {
  const { limit, window } = rate
  return {
    rate,
    capacity: limit,
    // When the current window began, the count of the previous one, and its own.
    fresh: [-Infinity, 0, 0],
    wait (state, at, cost, now) {
      if (cost > limit) return Infinity
      const { elapsed, previous, current } = rotated(state, at, now, window)
      if (weighed(previous, elapsed, window) + current + cost <= limit + forgiven) return 0
      // In this window as soon as enough of the previous one has expired; otherwise in the next one, where this one is the previous.
      const room = limit - cost
      if (current <= room) return window * (1 - (room - current) / previous) - elapsed
      return window - elapsed + window * (1 - room / current)
    },
    charge (state, at, cost, now) {
      const { elapsed, previous, current } = rotated(state, at, now, window)
      state[at] = now - elapsed
      state[at + 1] = previous
      state[at + 2] = current + cost
    },
    left (state, at, now) {
      const { elapsed, previous, current } = rotated(state, at, now, window)
      return Math.max(0, Math.floor(limit - weighed(previous, elapsed, window) - current + forgiven))
    },
    fullAfter (state, at, now) {
      const { elapsed, previous, current } = rotated(state, at, now, window)
      if (current > 0) return 2 * window - elapsed
      return previous > 0 ? window - elapsed : 0
    }
  }
}

function weighed (previous: number, elapsed: number, window: number): number {
  return previous * (1 - elapsed / window)
}

/** The state at `now`: a completed window becomes the previous one, and is dropped one window later. */
function rotated (
  state: ArrayLike<number>,
  at: number,
  now: number,
  window: number
): { elapsed: number, previous: number, current: number } {
  const elapsed = now - state[at]!
  if (elapsed < window) return { elapsed, previous: state[at + 1]!, current: state[at + 2]! }
  if (elapsed < 2 * window) return { elapsed: elapsed - window, previous: state[at + 2]!, current: 0 }
  return { elapsed: 0, previous: 0, current: 0 }
}
