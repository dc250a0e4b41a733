/**
 * A token bucket kept as one number: the generic cell rate algorithm in its virtual scheduling form (ITU-T I.371, Annex A).
 *
 * The number is the theoretical arrival time (TAT): when the bucket will be full again. Every unit that is taken moves
 * it one interval ahead. A request is rejected when the capacity minus its cost is less than the distance from now to
 * the TAT.
 *
 *        now         TAT              interval = window / limit
 *   ──────┼───────────┼──────▶ time   TAT - now ≤ (capacity - cost) × interval → allowed, TAT = max(TAT, now) + cost × interval
 */

import type { RateValue } from '../../../src/config/index.ts'
import type { Rule } from './rule.ts'

/**
 * A bucket that fills with `rate.limit` in `rate.window`.
 * @param capacity most units at once, 1 or more; a whole window's worth unless given
 */
export function tokenBucket (rate: RateValue, capacity: number = rate.limit): Rule {
  const interval = rate.window / rate.limit
  const span = capacity * interval
  // Sums of times have rounding errors below a microsecond, or a thousandth of a shorter interval. A request that is so early is
  // forgiven; as the TAT is
  // not moved by it, errors do not add up.
  const forgiven = Math.min(interval, 1) / 1000
  return {
    rate,
    capacity,
    fresh: [-Infinity],
    wait (state, at, cost, now) {
      if (cost > capacity) return Infinity
      const wait = Math.max(state[at]!, now) + cost * interval - now - span
      return wait > forgiven ? wait : 0
    },
    charge (state, at, cost, now) {
      // The bucket is at most empty: units that were taken unconditionally must not lock a client out for longer.
      state[at] = Math.min(Math.max(state[at]!, now) + cost * interval, now + span + forgiven)
    },
    left: (state, at, now) => Math.max(0, Math.floor((span - Math.max(0, state[at]! - now) + forgiven) / interval)),
    fullAfter: (state, at, now) => Math.max(0, state[at]! - now)
  }
}
