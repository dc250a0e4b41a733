/** How long to wait before another attempt. */

import type { Random } from '../../contract/clock.ts'

/** Milliseconds. */
export interface BackoffRules {
  /** Longest wait before the second attempt; doubled for each one after it. */
  readonly base: number
  /** Longest wait of all. */
  readonly max: number
}

/**
 * Exponential back-off with full jitter: uniform between nothing and the bound of this turn, so that clients that failed together do not come back together
 * (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
 * @param attempts made so far, 1 or more
 */
export function backoff ({ base, max }: BackoffRules, attempts: number, random: Random): number {
  return random() * Math.min(max, base * 2 ** (attempts - 1))
}
