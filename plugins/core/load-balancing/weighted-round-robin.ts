/**
 * Smooth weighted round robin, as nginx does it: in every selection each open target gains its weight, and the one with
 * the highest credit is selected and pays the sum of all gains. Weights 5, 1, 1 give A A B A C A A instead of A A A A A
 * B C.
 */

import type { Balancer, BalancerContext, Target, Upstream } from '../../../src/index.ts'

/** The credit of a target. */
interface Credit {
  amount: number
}

/** The state that is kept across reloads. */
interface Credits {
  /** Credits by URL of the target. */
  readonly byTarget: Map<string, Credit>
}

/** Each open target gets a share in proportion to its weight. */
export function createWeightedRoundRobin ({ upstream, leases }: BalancerContext): Balancer {
  const credits = leases.take<Credits>({
    kind: 'weighted-round-robin',
    key: upstream.name,
    create: () => ({ byTarget: new Map() }),
    fork: ({ byTarget }) => ({ byTarget: new Map(Array.from(byTarget, ([url, { amount }]) => [url, { amount }])) })
  })
  return new WeightedRoundRobin(upstream, credits)
}

class WeightedRoundRobin implements Balancer {
  readonly #upstream: Upstream
  readonly #credits: Credits
  /** The targets whose credits are at hand, where these credits are kept, and the credits themselves in the order of the targets. */
  #targets: readonly Target[] = []
  #kept: Credits['byTarget'] | undefined
  #atHand: readonly Credit[] = []

  constructor (upstream: Upstream, credits: Credits) {
    this.#upstream = upstream
    this.#credits = credits
  }

  pick (open: readonly Target[]): Target {
    // Each rehearsal has other credits.
    if (this.#targets !== this.#upstream.targets || this.#kept !== this.#credits.byTarget) this.#collect()
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

  /** Finds the credits of the current targets, and drops those of removed targets. */
  #collect (): void {
    const { targets } = this.#upstream
    const stay = new Set(targets.map(target => target.url))
    const { byTarget } = this.#credits
    for (const url of byTarget.keys()) if (!stay.has(url)) byTarget.delete(url)
    this.#atHand = targets.map(target => creditOf(byTarget, target.url))
    this.#kept = byTarget
    this.#targets = targets
  }
}

function creditOf (credits: Map<string, Credit>, url: string): Credit {
  let credit = credits.get(url)
  if (credit === undefined) credits.set(url, credit = { amount: 0 })
  return credit
}
