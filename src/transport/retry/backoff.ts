/** The back-off before another attempt. */

import type { Random } from '../../contract/clock.ts'
import type { BackoffRules } from '../../contract/retries.ts'

/**
 * Exponential back-off with full jitter: uniform between zero and the bound of this attempt, so that clients that failed together do not
 * retry together (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
 * @param attempts made so far, 1 or more
 */
export function backoff ({ base, max }: BackoffRules, attempts: number, random: Random): number {
  return random() * Math.min(max, base * 2 ** (attempts - 1))
}
