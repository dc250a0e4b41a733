/** How long an open breaker stays open. */

import type { Random } from '../../../src/index.ts'

/** Milliseconds. */
export interface OpenTimeOptions {
  /** The first time. */
  readonly openFor: number
  /** The upper bound, also for Retry-After; never less than `openFor`. */
  readonly maxOpenFor: number
}

/** The largest random reduction of a grown time, so that gateways do not try a target in step. */
const jitter = 0.2

/**
 * Doubles with every probe that fails in a row, and is at least as long as the target's Retry-After, both up to the limit.
 * @param times how often it has opened since it was last closed, this time included
 * @param retryAfter milliseconds; 0 for none
 */
export function openTime ({ openFor, maxOpenFor }: OpenTimeOptions, times: number, retryAfter: number, random: Random): number {
  const most = Math.max(openFor, maxOpenFor)
  const grown = Math.min(openFor * 2 ** (times - 1), most)
  const moved = times === 1 ? grown : Math.max(openFor, grown * (1 - jitter * random()))
  return Math.max(moved, Math.min(retryAfter, most))
}
