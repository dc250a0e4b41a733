/**
 * A token bucket kept as one number: the generic cell rate algorithm in its virtual scheduling form (ITU-T I.371, Annex A).
 *
 * The number is the theoretical arrival time (TAT): when the bucket will be full again. Every request that is let through moves it one
 * interval ahead; a request is refused while the TAT is further ahead of now than the burst allows.
 *
 *        now         TAT              interval = window / limit
 *   ──────┼───────────┼──────▶ time   TAT - now ≤ (burst - 1) × interval → allowed, TAT = max(TAT, now) + interval
 */

import type { RateValue } from '../../src/config/units.ts'

/** What a bucket holds and how fast it fills. Times are milliseconds. */
export interface BucketRules {
  /** Most requests at once. */
  readonly capacity: number
  /** Time after which one more may come. */
  readonly interval: number
  /** How far the TAT may be ahead of now for a request to be let through. */
  readonly tolerance: number
}

/** What became of one request. Times are milliseconds from now. */
export interface Taken {
  readonly allowed: boolean
  /** What is to be kept; unchanged when refused, so that asking too often does not lengthen the wait. */
  readonly tat: number
  /** How many more would be let through right now. */
  readonly remaining: number
  /** Until the next one is let through; 0 when `remaining` is not. */
  readonly retryAfter: number
  /** Until the bucket is full. */
  readonly fullAfter: number
}

/** The TAT of a bucket that nothing was taken from. */
export const full = -Infinity

/** Sums of times carry rounding errors below a microsecond, or a thousandth of a shorter interval. Being that early is forgiven; as the TAT is not moved by it, errors do not add up. */
const forgiven = (interval: number): number => Math.min(interval, 1) / 1000

/**
 * Rules for `rate.limit` requests in `rate.window` milliseconds.
 * @param burst how many may come at once, 1 or more; `rate.limit` unless given, so that a whole window's worth may come at once
 */
export function bucketRules (rate: RateValue, burst: number | undefined): BucketRules {
  const interval = rate.window / rate.limit
  const capacity = burst ?? rate.limit
  return { capacity, interval, tolerance: (capacity - 1) * interval }
}

/** Takes one request out of a bucket. `tat` and `now` are on the same clock. */
export function take (rules: BucketRules, tat: number, now: number): Taken {
  const { interval, tolerance } = rules
  const due = Math.max(tat, now)
  const wait = due - now - tolerance
  if (wait > forgiven(interval)) return { allowed: false, tat, remaining: 0, retryAfter: wait, fullAfter: due - now }
  const next = due + interval
  const fullAfter = next - now
  const remaining = Math.max(0, Math.floor((tolerance + interval - fullAfter + forgiven(interval)) / interval))
  return { allowed: true, tat: next, remaining, retryAfter: remaining > 0 ? 0 : Math.max(0, fullAfter - tolerance), fullAfter }
}
