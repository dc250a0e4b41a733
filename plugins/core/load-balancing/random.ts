/** Random: selects each open target with a probability by its weight. Keeps no state, so gateways need no coordination. */

import type { Balancer, BalancerContext, Target } from '../../../src/index.ts'

/** Even over many requests, not over few: of n requests to equal targets, about the square root of n deviate from an even distribution. */
export function createRandom ({ random }: Pick<BalancerContext, 'random'>): Balancer {
  return { pick: open => open[pointIn(open, random())]! }
}

/** The place of the target on which the point `at` of [0, 1) falls when all are laid out by weight. */
function pointIn (open: readonly Target[], at: number): number {
  let total = 0
  for (const target of open) total += target.weight
  let point = at * total
  for (let index = 0; index < open.length; index++) {
    point -= open[index]!.weight
    if (point < 0) return index
  }
  // Reached only through rounding.
  return open.length - 1
}
