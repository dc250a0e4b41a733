/** How long to wait between two looks. */

import type { Random } from '../../../src/index.ts'
import type { Resolution } from './resolution.ts'

/** Bounds of the pause, in milliseconds. */
export interface PauseBounds {
  /** Shortest, whatever time to live the records have. */
  readonly minRefresh: number
  /** The longest pause, and the default where the validity of a result is unknown. */
  readonly refresh: number
}

/**
 * As long as the result is valid, within the bounds; after failures the shortest pause, doubled with each consecutive
 * failure. Reduced by up to a tenth at random, so that gateways do not query in step.
 */
export function pauseAfter (
  { validFor }: Pick<Resolution, 'validFor'>,
  failures: number,
  { minRefresh, refresh }: PauseBounds,
  random: Random
): number {
  const wanted = failures > 0 ? minRefresh * 2 ** Math.min(failures - 1, 20) : validFor ?? refresh
  const shortest = Math.min(minRefresh, refresh)
  const pause = Math.min(refresh, Math.max(shortest, wanted))
  return Math.max(shortest, pause * (1 - random() / 10))
}
