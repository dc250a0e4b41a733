/** Round robin: one target after the other, in file order. */

import type { Balancer, BalancerContext, Target, Upstream } from '../../../src/index.ts'

/** The state that is kept across reloads. */
interface Turn {
  /** URL of the target picked last; undefined before the first pick. */
  last: string | undefined
}

/** Starts at the first target. The requests of closed targets do not always go to the same neighbour. */
export function createRoundRobin ({ upstream, leases }: BalancerContext): Balancer {
  const turn = leases.take<Turn>({
    kind: 'round-robin',
    key: upstream.name,
    create: () => ({ last: undefined }),
    fork: ({ last }) => ({ last })
  })
  return new RoundRobin(upstream, turn)
}

class RoundRobin implements Balancer {
  readonly #upstream: Upstream
  readonly #turn: Turn
  /** The position of the last selected target; looked up again when it has changed. */
  #position = -1

  constructor (upstream: Upstream, turn: Turn) {
    this.#upstream = upstream
    this.#turn = turn
  }

  pick (open: readonly Target[]): Target {
    const { targets } = this.#upstream
    if (targets[this.#position]?.url !== this.#turn.last) this.#position = targets.findIndex(target => target.url === this.#turn.last)
    const picked = open.length === targets.length ? this.#following(targets) : this.#followingOpen(targets, open)
    this.#turn.last = picked.url
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
