/**
 * Least connections: the open target with the fewest requests for its weight. A request is open while it waits for its
 * response or streams it. Ties are resolved by weighted round robin, as in nginx, so that an idle upstream is used
 * evenly.
 */

import type { Balancer, BalancerContext, Exchange, Target } from '../../../src/index.ts'
import { createWeightedRoundRobin } from './weighted-round-robin.ts'

/** A reload keeps the open requests and the position of the round robin. */
export function createLeastConnections (context: BalancerContext): Balancer {
  return new LeastConnections(createWeightedRoundRobin(context))
}

class LeastConnections implements Balancer {
  readonly #turns: Balancer
  /** Reused, so that picking allocates nothing. */
  readonly #tied: Target[] = []

  constructor (turns: Balancer) {
    this.#turns = turns
  }

  pick (open: readonly Target[], exchange: Exchange, now: number): Target {
    const tied = this.#tied
    tied.length = 0
    let least = Infinity
    for (const target of open) {
      const load = target.load.active / target.weight
      if (load > least) continue
      if (load < least) {
        least = load
        tied.length = 0
      }
      tied.push(target)
    }
    const picked = tied.length === 1 ? tied[0]! : this.#turns.pick(tied, exchange, now)
    exchange.decisions?.push({
      by: 'load-balancing',
      verdict: 'least',
      why: `${picked.url} has ${picked.load.active} open for weight ` +
        `${picked.weight}${tied.length === 1 ? '' : `, as few as ${tied.length - 1} more`}`
    })
    return picked
  }
}
