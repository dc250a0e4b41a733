/** Random: each open target with a chance by its weight. Keeps no state, so any number of gateways side by side need not agree. */

import type { Balancer, BalancerContext, Target } from '../../../src/index.ts'

/** Fair over many requests, not over few: of n requests to equal targets about the square root of n land elsewhere than in turn. */
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
  // Only rounding comes here.
  return open.length - 1
}
