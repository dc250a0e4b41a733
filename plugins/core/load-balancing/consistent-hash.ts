/**
 * Consistent hashing: the same key goes to the same target as long as it is open, for caches and sessions. The keys of a target that closes
 * or leaves are spread over the others; all other keys stay where they are. With a bounded load a target that has its share gives the
 * next requests of its keys to the next target of the ring (Mirrokni, Thorup, Zadimoghaddam 2016).
 */

import Type, { type Static } from '#typebox'
import {
  type Balancer, type BalancerContext, type BalancerKeys, compileKey, type Exchange, keyProblem, type RequestKey,
  type Target, type Upstream
} from '../../../src/index.ts'
import { HashRing } from './hash-ring.ts'
import { createWeightedRoundRobin } from './weighted-round-robin.ts'

const ConsistentHashSchema = Type.Object({
  key: Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1, maxItems: 8 })], {
    default: 'ip',
    expected: 'a key such as ip or header:x-api-key, or a list of them',
    description: 'What is hashed: `ip`, `path` (decoded, as routes match it), `header:NAME`, `cookie:NAME`, `query:NAME`, `param:NAME` ' +
      '(of the path), `claim:NAME` (of the token), or a list of them. Requests without it are balanced by weight.',
    examples: ['ip', 'header:x-user', 'cookie:session', ['param:tenant', 'path']]
  }),
  boundedLoad: Type.Optional(Type.Number({
    minimum: 1,
    maximum: 10,
    description: 'How many times its fair share of the open requests a target may have. Above it requests go to the next target of the ' +
      'ring, so that one hot key cannot overload one target. 1.25 is a good start; unset there is no bound.'
  }))
}, { additionalProperties: false })

export type ConsistentHashOptions = Static<typeof ConsistentHashSchema>

/** Options of `consistent-hash`. */
export const consistentHashKeys: BalancerKeys<typeof ConsistentHashSchema> = {
  options: ConsistentHashSchema,
  checkOptions ({ key }, report) {
    for (const [index, part] of [key].flat().entries()) {
      const message = keyProblem(part)
      if (message !== undefined) report({ pointer: Array.isArray(key) ? `/key/${index}` : '/key', message })
    }
  }
}

/** Needs no state: gateways with the same targets agree without talking to each other. */
export function createConsistentHash (context: BalancerContext<ConsistentHashOptions>): Balancer {
  return new ConsistentHash(context.upstream, context.options, createWeightedRoundRobin(context))
}

class ConsistentHash implements Balancer {
  readonly #upstream: Upstream
  readonly #key: RequestKey
  readonly #bound: number
  /** For requests without the key. */
  readonly #turns: Balancer
  #targets: readonly Target[] = []
  /** Those that have a place on the ring. */
  #members: readonly Target[] = []
  #ring = new HashRing([])

  constructor (upstream: Upstream, { key, boundedLoad = Infinity }: ConsistentHashOptions, turns: Balancer) {
    this.#upstream = upstream
    this.#key = compileKey(key)
    this.#bound = boundedLoad
    this.#turns = turns
    this.#build()
  }

  pick (open: readonly Target[], exchange: Exchange, now: number): Target {
    if (this.#upstream.targets !== this.#targets) this.#build()
    const key = this.#key.find(exchange)
    if (key === undefined) {
      exchange.decisions?.push({ by: 'load-balancing', verdict: 'no key', why: 'the request has nothing to hash, so weights decide' })
      return this.#turns.pick(open, exchange, now)
    }
    const start = this.#ring.positionOf(key)
    const picked = this.#from(start, open)
    if (exchange.decisions !== undefined) this.#explain(exchange, start, picked)
    return picked
  }

  /** The first target on the ring from `start` on that is open and has room. */
  #from (start: number, open: readonly Target[]): Target {
    const share = this.#bound === Infinity ? Infinity : this.#bound * fairShare(open)
    const all = open.length === this.#targets.length
    const { size } = this.#ring
    let position = start
    for (let step = 0; step < size; step++) {
      const target = this.#members[this.#ring.memberAt(position)]!
      // Rounded up, and with the new request counted in, so that there is always one that has room.
      if ((all || open.includes(target)) && target.load.active < Math.ceil(share * target.weight)) return target
      position = position + 1 === size ? 0 : position + 1
    }
    return open[0]!
  }

  #build (): void {
    this.#targets = this.#upstream.targets
    this.#members = this.#targets.filter(target => target.weight > 0)
    this.#ring = new HashRing(this.#members.map(target => ({ name: target.url, weight: target.weight })))
  }

  #explain (exchange: Exchange, start: number, picked: Target): void {
    const owner = this.#members[this.#ring.memberAt(start)]!
    const place = `${this.#key.describe(exchange)} is at point ${start + 1} of ${this.#ring.size} of the ring, which is that of ` +
      `${owner.url}`
    exchange.decisions!.push({
      by: 'load-balancing',
      verdict: 'hashed',
      why: owner === picked ? place : `${place}; as that is not open or has its share, the next is ${picked.url}`
    })
  }
}

/** Requests open at these targets, with the one to come, for each unit of weight. */
function fairShare (open: readonly Target[]): number {
  let active = 1
  let weight = 0
  for (const target of open) {
    active += target.load.active
    weight += target.weight
  }
  return active / weight
}
