/** Balancers against plain models over random histories: targets that open and close, come and go, and reloads in between. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createLeastConnections } from '../../plugins/core/load-balancing/least-connections.ts'
import { createRoundRobin } from '../../plugins/core/load-balancing/round-robin.ts'
import { createWeightedRoundRobin } from '../../plugins/core/load-balancing/weighted-round-robin.ts'
import { Holdings } from '../../src/state/holdings.ts'
import type { ReleasableHolder } from '../../src/contract/holder.ts'
import type { BalancerFactory } from '../../src/contract/balancer.ts'
import type { Target } from '../../src/contract/target.ts'
import type { Upstream, Balancer } from '../../src/contract/upstream.ts'
import { setActive } from '../helpers/load.ts'
import { seeded } from './seeded.ts'
import { exchange, letterOf, targetOf, upstreamOf } from './upstream.ts'

interface Member {
  readonly letter: string
  readonly weight: number
}

/** Picks from the open ones among all, as the definition has it. */
type Definition = ((open: readonly Member[], all: readonly Member[], active: ReadonlyMap<string, number>) => Member) & {
  /** A reload: what belongs to others than these is forgotten. */
  readonly keep?: (all: readonly Member[]) => void
}

/** The next one behind the last, around the list. */
function turns (): Definition {
  let last: string | undefined
  return (open, all) => {
    const at = all.findIndex(({ letter }) => letter === last)
    const picked = [...all.slice(at + 1), ...all.slice(0, at + 1)].find(member => open.includes(member))!
    last = picked.letter
    return picked
  }
}

/** Who has waited for the most, by weight: every open one gains its weight, the picked one pays for all. */
function credits (): Definition {
  const credit = new Map<string, number>()
  const keep = (all: readonly Member[]): void => {
    for (const letter of credit.keys()) if (!all.some(member => member.letter === letter)) credit.delete(letter)
  }
  const pick = (open: readonly Member[], all: readonly Member[]): Member => {
    keep(all)
    for (const { letter, weight } of open) credit.set(letter, (credit.get(letter) ?? 0) + weight)
    const picked = open.reduce((best, member) => credit.get(member.letter)! > credit.get(best.letter)! ? member : best)
    credit.set(picked.letter, credit.get(picked.letter)! - open.reduce((sum, { weight }) => sum + weight, 0))
    return picked
  }
  return Object.assign(pick, { keep })
}

/** The least busy for its weight; among equals whose turn it is. */
function least (): Definition {
  const among = credits()
  const pick: Definition = (open, all, active) => {
    const load = ({ letter, weight }: Member): number => (active.get(letter) ?? 0) / weight
    const lowest = Math.min(...open.map(load))
    const tied = open.filter(member => load(member) === lowest)
    return tied.length === 1 ? tied[0]! : among(tied, all, active)
  }
  return Object.assign(pick, { keep: among.keep! })
}

const members = fc.uniqueArray(
  fc.record({ letter: fc.constantFrom('a', 'b', 'c', 'd', 'e'), weight: fc.integer({ min: 1, max: 4 }) }),
  { minLength: 2, maxLength: 5, selector: ({ letter }) => letter }
)
const step = fc.record({
  /** Other targets: `change` of a running upstream, or `reload` to an upstream that takes over. */
  becomes: fc.option(fc.record({ how: fc.constantFrom('change', 'reload'), members }), { freq: 8, nil: undefined }),
  open: fc.integer({ min: 0, max: 31 }),
  /** Requests that end before the pick, by letter. */
  ends: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 2 })
})

for (const [name, create, define] of [
  ['round-robin', createRoundRobin, turns],
  ['weighted-round-robin', createWeightedRoundRobin, credits],
  ['least-connections', createLeastConnections, least]
] as const) {
  test(`${name} picks what its definition picks, whatever opens, closes, comes, goes and is reloaded`, async () => {
    await fc.assert(fc.asyncProperty(members, fc.array(step, { maxLength: 80, size: 'max' }), async (first, steps) => {
      const holdings = new Holdings()
      const definition = define()
      let [all, running] = [first, take(create, holdings, first)]
      const active = new Map<string, number>()
      for (const { becomes, open: mask, ends } of steps) {
        if (becomes !== undefined) {
          all = becomes.members
          if (becomes.how === 'change') running.upstream.setTargets(all.map(({ letter, weight }) => targetOf(
            running.upstream,
            letter,
            weight
          )))
          else {
            const { holder } = running
            running = take(create, holdings, all)
            await holder.release()
            definition.keep?.(all)
          }
        }
        for (const letter of ends) active.set(letter, Math.max(0, (active.get(letter) ?? 0) - 1))
        const open = all.filter((_member, index) => (mask >> index) % 2 === 1)
        const { balancer, upstream } = running
        for (const target of upstream.targets) setActive(target.load, active.get(letterOf(target)) ?? 0)
        if (open.length < 2) continue
        const picked = balancer.pick(upstream.targets.filter((_target, index) => (mask >> index) % 2 === 1), exchange(), 0)
        assert.equal(letterOf(picked), definition(open, all, active).letter)
        active.set(letterOf(picked), (active.get(letterOf(picked)) ?? 0) + 1)
      }
    }), { numRuns: 80 })
  })
}

interface Running {
  readonly upstream: Upstream
  readonly balancer: Balancer
  readonly holder: ReleasableHolder
}

function take (create: BalancerFactory, holdings: Holdings, some: readonly Member[]): Running {
  const upstream = upstreamOf([])
  upstream.setTargets(some.map(({ letter, weight }): Target => targetOf(upstream, letter, weight)))
  const holder = holdings.hold()
  return { upstream, holder, balancer: create({ upstream, holder, random: seeded(1), options: {} }) }
}
