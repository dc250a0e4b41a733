/**
 * Smooth weighted round robin, as nginx does it: in every selection each open target gains its weight, and the one with
 * the highest credit is selected and pays the sum of all gains. Weights 5, 1, 1 give A A B A C A A instead of A A A A A
 * B C.
 */

import type { Balancer, BalancerContext, Target, Upstream } from '../../../src/index.ts'
import { PerTarget } from './per-target.ts'

/** Each open target gets a share in proportion to its weight. */
export function createWeightedRoundRobin (context: BalancerContext): Balancer {
  return new WeightedRoundRobin(context)
}

class WeightedRoundRobin implements Balancer {
  readonly #upstream: Upstream
  /** One cell for each target: its credit. */
  readonly #credits: PerTarget<Float64Array>

  constructor (context: BalancerContext) {
    this.#upstream = context.upstream
    this.#credits = new PerTarget(context, { kind: 'weighted-round-robin', cells: [0], create: cells => cells })
  }

  pick (open: readonly Target[]): Target {
    const { targets } = this.#upstream
    const credits = this.#credits.all
    let picked = open[0]!
    let richest: Float64Array | undefined
    let total = 0
    let next = 0
    // `open` is in the order of `targets`, so one walk along both finds every credit.
    for (let position = 0; position < targets.length && next < open.length; position++) {
      const target = targets[position]!
      if (target !== open[next]) continue
      next++
      const credit = credits[position]!
      credit[0]! += target.weight
      total += target.weight
      if (richest !== undefined && credit[0]! <= richest[0]!) continue
      picked = target
      richest = credit
    }
    if (richest !== undefined) richest[0]! -= total
    return picked
  }
}
