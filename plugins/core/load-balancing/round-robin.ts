/** Round robin: one target after the other, in file order. */

import { type Balancer, type BalancerContext, fingerprint, type Target, type Upstream } from '../../../src/index.ts'

/** Starts at the first target. The requests of closed targets do not always go to the same neighbour. */
export function createRoundRobin ({ upstream, holder }: BalancerContext): Balancer {
  return new RoundRobin(upstream, holder.state({ kind: 'round-robin', key: upstream.name, cells: 1 }))
}

class RoundRobin implements Balancer {
  readonly #upstream: Upstream
  /** One cell: the fingerprint of the target picked last, 0 before the first pick. */
  readonly #last: Float64Array
  /** The targets that were last seen, and their fingerprints. */
  #targets: readonly Target[] = []
  #fingerprints: readonly number[] = []
  /** The position of the last selected target; looked up again when it has changed. */
  #position = -1

  constructor (upstream: Upstream, last: Float64Array) {
    this.#upstream = upstream
    this.#last = last
  }

  pick (open: readonly Target[]): Target {
    const { targets } = this.#upstream
    if (targets !== this.#targets) {
      this.#targets = targets
      this.#fingerprints = targets.map(({ url }) => fingerprint(url))
    }
    if (this.#fingerprints[this.#position] !== this.#last[0]) this.#position = this.#fingerprints.indexOf(this.#last[0]!)
    const picked = open.length === targets.length ? this.#following(targets) : this.#followingOpen(targets, open)
    this.#last[0] = this.#fingerprints[this.#position]!
    return picked
  }

  #following (targets: readonly Target[]): Target {
    this.#position = (this.#position + 1) % targets.length
    return targets[this.#position]!
  }

  /** The first open target after the last one. `open` is in the order of `targets`, so one pass over both finds it. */
  #followingOpen (targets: readonly Target[], open: readonly Target[]): Target {
    let next = 0
    for (let position = 0; position < targets.length && next < open.length; position++) {
      if (targets[position] !== open[next]) continue
      if (position > this.#position) {
        this.#position = position
        return open[next]!
      }
      next++
    }
    this.#position = targets.indexOf(open[0]!)
    return open[0]!
  }
}
