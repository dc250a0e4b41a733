/**
 * Smooth weighted round robin, as nginx does it: in every turn each open target gains its weight, the richest is picked and pays
 * what all gained together. Weights 5, 1, 1 give A A B A C A A instead of A A A A A B C.
 */

import type { Balancer, BalancerContext, Target, Upstream } from '../../../src/index.ts'

/** What a target has gained and not yet paid. */
interface Credit {
  amount: number
}

/** Credits by URL of the target; a reload keeps them. */
type Credits = Map<string, Credit>

/** Each target gets its share of the weights of those that are open. */
export function createWeightedRoundRobin ({ upstream, leases }: BalancerContext): Balancer {
  const credits = leases.take<Credits>({
    kind: 'weighted-round-robin',
    key: upstream.name,
    create: () => new Map(),
    fork: live => new Map(Array.from(live, ([url, { amount }]) => [url, { amount }]))
  })
  return new WeightedRoundRobin(upstream, credits)
}

class WeightedRoundRobin implements Balancer {
  readonly #upstream: Upstream
  readonly #credits: Credits
  /** The targets whose credits are at hand, and these credits in the same order. */
  #targets: readonly Target[] = []
  #atHand: readonly Credit[] = []

  constructor (upstream: Upstream, credits: Credits) {
    this.#upstream = upstream
    this.#credits = credits
  }

  pick (open: readonly Target[]): Target {
    if (this.#targets !== this.#upstream.targets) this.#collect()
    const targets = this.#targets
    let picked = open[0]!
    let richest: Credit | undefined
    let total = 0
    let next = 0
    // `open` is in the order of `targets`, so one walk along both finds every credit.
    for (let position = 0; position < targets.length && next < open.length; position++) {
      const target = targets[position]!
      if (target !== open[next]) continue
      next++
      const credit = this.#atHand[position]!
      credit.amount += target.weight
      total += target.weight
      if (richest !== undefined && credit.amount <= richest.amount) continue
      picked = target
      richest = credit
    }
    if (richest !== undefined) richest.amount -= total
    return picked
  }

  /** Finds the credits of the targets there are now, and forgets those of targets that have gone. */
  #collect (): void {
    const { targets } = this.#upstream
    const stay = new Set(targets.map(target => target.url))
    for (const url of this.#credits.keys()) if (!stay.has(url)) this.#credits.delete(url)
    this.#atHand = targets.map(target => this.#creditOf(target.url))
    this.#targets = targets
  }

  #creditOf (url: string): Credit {
    let credit = this.#credits.get(url)
    if (credit === undefined) this.#credits.set(url, credit = { amount: 0 })
    return credit
  }
}
