/** What every balancer must hold to, whatever its way of picking. */

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { Holdings } from '../../src/state/holdings.ts'
import type { BalancerFactory } from '../../src/contract/balancer.ts'
import type { Target } from '../../src/contract/target.ts'
import type { Upstream, Balancer } from '../../src/contract/upstream.ts'
import { setActive } from '../helpers/load.ts'
import { seeded } from './seeded.ts'
import { exchange, letterOf, targetOf, upstreamOf } from './upstream.ts'

/** What some balancers promise and others do not. */
export interface Promises {
  /** Equal targets get equal shares in every cycle, give or take one. */
  readonly even: boolean
}

/** Runs the suite over one balancer. */
export function balancerContract (name: string, create: BalancerFactory, { even }: Promises): void {
  suite(`${name} as a balancer`, () => {
    test('picks nothing but open targets, whatever opens, closes, comes, goes and is busy', () => {
      const step = fc.record({
        open: fc.integer({ min: 1, max: 63 }),
        active: fc.array(fc.nat(50), { minLength: 6, maxLength: 6 }),
        weights: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 6 }),
        replace: fc.boolean()
      })
      fc.assert(fc.property(fc.array(step, { maxLength: 12 }), fc.integer(), (steps, seed) => {
        const upstream = upstreamOf([1, 2, 3])
        const balancer = make(create, upstream, seed)
        for (const [now, { open, active, weights, replace }] of steps.entries()) {
          if (replace) upstream.setTargets(weights.map((weight, index) => targetOf(upstream, 'abcdefghij'[index]!, weight)))
          for (const [index, { load }] of upstream.targets.entries()) setActive(load, active[index] ?? 0)
          const permitted = upstream.targets.filter((_target, index) => (open >> index) % 2 === 1)
          if (permitted.length < 2) continue
          assert.ok(permitted.includes(balancer.pick(permitted, exchange(), now)))
        }
      }), { numRuns: 200 })
    })

    test('picks the same again from the same start', () => {
      const first = upstreamOf([3, 2, 1])
      const second = upstreamOf([3, 2, 1])
      assert.equal(sequence(make(create, first), first.targets, 60), sequence(make(create, second), second.targets, 60))
    })

    test('uses every target that has joined, and none that has left', () => {
      const upstream = upstreamOf([1, 1, 1])
      const balancer = make(create, upstream)
      clients(balancer, upstream.targets, 4)
      const [a, , c] = upstream.targets
      upstream.setTargets([a!, c!, targetOf(upstream, 'x'), targetOf(upstream, 'y')])
      assert.deepEqual([...clients(balancer, upstream.targets, 200).keys()].sort(), ['a', 'c', 'x', 'y'])
      upstream.setTargets([c!, a!])
      assert.deepEqual([...clients(balancer, upstream.targets, 200).keys()].sort(), ['a', 'c'])
    })

    test('changes no list that it is given', () => {
      const upstream = upstreamOf([3, 2, 1])
      const open = [...upstream.targets]
      clients(make(create, upstream), open, 50)
      assert.deepEqual(open, upstream.targets)
    })

    test('changes nothing for clients when it is rehearsed', () => {
      const holdings = new Holdings()
      const live = upstreamOf([3, 2, 1])
      const balancer = create({ upstream: live, holder: holdings.hold(), random: seeded(7), options: {} })
      const alone = upstreamOf([3, 2, 1])
      const undisturbed = make(create, alone)
      let picked = ''
      for (let turn = 0; turn < 12; turn++) {
        const rehearsed = upstreamOf([3, 2, 1])
        sequence(create({ upstream: rehearsed, holder: holdings.fork(), random: seeded(turn), options: {} }), rehearsed.targets, 1)
        picked += sequence(balancer, live.targets, 1)
      }
      assert.equal(picked, sequence(undisturbed, alone.targets, 12))
    })

    test('goes on after a reload where it stood before', () => {
      const holdings = new Holdings()
      const chance = seeded(7)
      const before = upstreamOf([3, 2, 1])
      const after = upstreamOf([3, 2, 1])
      const alone = upstreamOf([3, 2, 1])
      const picked = sequence(create({ upstream: before, holder: holdings.hold(), random: chance, options: {} }), before.targets, 4) +
        sequence(create({ upstream: after, holder: holdings.hold(), random: chance, options: {} }), after.targets, 8)
      assert.equal(picked, sequence(make(create, alone), alone.targets, 12))
    })

    test('picks open targets in turn with another one that has the same state and other targets', () => {
      const holdings = new Holdings()
      const chance = seeded(7)
      const [some, more] = [[1, 2], [3, 2, 1, 1]].map(weights => {
        const upstream = upstreamOf(weights)
        return { upstream, balancer: create({ upstream, holder: holdings.hold(), random: chance, options: {} }) }
      })
      for (let turn = 0; turn < 40; turn++) {
        const { upstream: { targets }, balancer } = turn % 3 === 0 ? some! : more!
        assert.ok(targets.includes(balancer.pick(targets, exchange({ 'x-user': `user-${turn}` }), turn)))
      }
    })

    test('has turns of its own at each upstream, also at two with the same targets', () => {
      const holder = new Holdings().hold()
      const [users, orders, alone] = [upstreamOf([3, 2, 1]), upstreamOf([3, 2, 1], 'orders'), upstreamOf([3, 2, 1])]
      const [first, second] = [users, orders].map(upstream => create({ upstream, holder, random: seeded(7), options: {} }))
      let picked = ''
      for (let turn = 0; turn < 12; turn++) {
        picked += sequence(first!, users.targets, 1)
        sequence(second!, orders.targets, 1)
      }
      assert.equal(picked, sequence(make(create, alone), alone.targets, 12))
    })

    if (even) evenContract(create)
  })
}

function evenContract (create: BalancerFactory): void {
  test('gives equal targets equal shares in every cycle, give or take one', () => {
    const upstream = upstreamOf([1, 1, 1])
    const balancer = make(create, upstream)
    for (let cycle = 0; cycle < 20; cycle++) near(clients(balancer, upstream.targets, 30), 10)
  })

  test('shares the turns of a closed target evenly among the others', () => {
    const upstream = upstreamOf([1, 1, 1, 1])
    const balancer = make(create, upstream)
    clients(balancer, upstream.targets, 5)
    const counts = clients(balancer, upstream.targets.filter(target => letterOf(target) !== 'b'), 30)
    assert.deepEqual([...counts.keys()].sort(), ['a', 'c', 'd'])
    near(counts, 10)
  })

  test('is even again as soon as targets have come or gone', () => {
    const upstream = upstreamOf([1, 1, 1])
    const balancer = make(create, upstream)
    clients(balancer, upstream.targets, 4)
    const [a, , c] = upstream.targets
    upstream.setTargets([a!, c!, targetOf(upstream, 'x'), targetOf(upstream, 'y')])
    clients(balancer, upstream.targets, 4)
    near(clients(balancer, upstream.targets, 40), 10)
    upstream.setTargets([c!, a!])
    near(clients(balancer, upstream.targets, 20), 10)
  })

  test('shows a rehearsal whose turn it is', () => {
    const holdings = new Holdings()
    const live = upstreamOf([3, 2, 1])
    const balancer = create({ upstream: live, holder: holdings.hold(), random: seeded(7), options: {} })
    for (let turn = 0; turn < 12; turn++) {
      const rehearsed = upstreamOf([3, 2, 1])
      const foreseen = sequence(
        create({ upstream: rehearsed, holder: holdings.fork(), random: seeded(7), options: {} }),
        rehearsed.targets,
        1
      )
      assert.equal(foreseen, sequence(balancer, live.targets, 1))
    }
  })
}

/** A balancer with a state of its own. */
export function make<Options> (create: BalancerFactory<Options>, upstream: Upstream, seed = 7, options = {} as Options): Balancer {
  return create({ upstream, holder: new Holdings().hold(), random: seeded(seed), options })
}

/** The letters of so many picks for one client, in order. */
export function sequence (balancer: Balancer, open: readonly Target[], picks: number): string {
  return Array.from({ length: picks }, (_, turn) => letterOf(balancer.pick(open, exchange(), turn))).join('')
}

/** How often each letter was picked for so many clients, each with an `x-user` of its own. */
export function clients (balancer: Balancer, open: readonly Target[], count: number): Map<string, number> {
  const counts = new Map<string, number>()
  for (let client = 0; client < count; client++) {
    const letter = letterOf(balancer.pick(open, exchange({ 'x-user': `user-${client}` }), client))
    counts.set(letter, (counts.get(letter) ?? 0) + 1)
  }
  return counts
}

/** Asserts that all counts are `wanted`, give or take one. */
export function near (counts: ReadonlyMap<string, number>, wanted: number): void {
  for (const count of counts.values()) assert.ok(Math.abs(count - wanted) <= 1, `${count} is not ${wanted} ± 1`)
}
