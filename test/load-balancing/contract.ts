/** What every balancer must hold to, whatever its way of picking. */

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Leases } from '../../src/leases.ts'
import type { Balancer, BalancerFactory } from '../../src/upstream/balancer.ts'
import type { Target } from '../../src/upstream/target.ts'
import type { Upstream } from '../../src/upstream/upstream.ts'
import { exchange, letterOf, targetOf, upstreamOf } from './upstream.ts'

/** Runs the suite over one balancer. */
export function balancerContract (name: string, create: BalancerFactory): void {
  suite(`${name} as a balancer`, () => {
    test('picks nothing but open targets', () => {
      const upstream = upstreamOf([1, 1, 1, 1])
      const balancer = make(create, upstream)
      const random = seeded(1)
      for (let turn = 0; turn < 500; turn++) {
        const open = upstream.targets.filter(() => random() < 0.6)
        if (open.length < 2) continue
        assert.ok(open.includes(balancer.pick(open, exchange(), turn)))
      }
    })

    test('gives equal targets equal shares in every cycle, give or take one', () => {
      const upstream = upstreamOf([1, 1, 1])
      const balancer = make(create, upstream)
      for (let cycle = 0; cycle < 20; cycle++) {
        for (const count of shares(balancer, upstream.targets, 30).values()) assert.ok(Math.abs(count - 10) <= 1)
      }
    })

    test('shares the turns of a closed target evenly among the others', () => {
      const upstream = upstreamOf([1, 1, 1, 1])
      const balancer = make(create, upstream)
      shares(balancer, upstream.targets, 5)
      const open = upstream.targets.filter(target => letterOf(target) !== 'b')
      const counts = shares(balancer, open, 30)
      assert.deepEqual([...counts.keys()].sort(), ['a', 'c', 'd'])
      for (const count of counts.values()) assert.ok(Math.abs(count - 10) <= 1)
    })

    test('picks the same again from the same start', () => {
      const first = upstreamOf([3, 2, 1])
      const second = upstreamOf([3, 2, 1])
      assert.equal(sequence(make(create, first), first.targets, 60), sequence(make(create, second), second.targets, 60))
    })

    test('uses targets that join and forgets those that leave', () => {
      const upstream = upstreamOf([1, 1, 1])
      const balancer = make(create, upstream)
      shares(balancer, upstream.targets, 4)
      const [a, , c] = upstream.targets
      upstream.setTargets([a!, c!, targetOf(upstream, 'x'), targetOf(upstream, 'y')])
      shares(balancer, upstream.targets, 4)
      const counts = shares(balancer, upstream.targets, 40)
      assert.deepEqual([...counts.keys()].sort(), ['a', 'c', 'x', 'y'])
      for (const count of counts.values()) assert.ok(Math.abs(count - 10) <= 1)
      upstream.setTargets([c!, a!])
      for (const count of shares(balancer, upstream.targets, 20).values()) assert.ok(Math.abs(count - 10) <= 1)
    })

    test('does not let a rehearsal take the turn of a client', () => {
      const leases = new Leases()
      const live = upstreamOf([3, 2, 1])
      const balancer = create({ upstream: live, leases: leases.hold(), random: seeded(7) })
      const alone = upstreamOf([3, 2, 1])
      const undisturbed = make(create, alone)
      let picked = ''
      for (let turn = 0; turn < 12; turn++) {
        const rehearsed = upstreamOf([3, 2, 1])
        const rehearsing = create({ upstream: rehearsed, leases: leases.fork(), random: seeded(7) })
        const foreseen = sequence(rehearsing, rehearsed.targets, 1)
        const next = sequence(balancer, live.targets, 1)
        assert.equal(foreseen, next)
        picked += next
      }
      assert.equal(picked, sequence(undisturbed, alone.targets, 12))
    })

    test('goes on after a reload where it stood before', () => {
      const leases = new Leases()
      const before = upstreamOf([3, 2, 1])
      const after = upstreamOf([3, 2, 1])
      const alone = upstreamOf([3, 2, 1])
      const picked = sequence(create({ upstream: before, leases: leases.hold(), random: seeded(7) }), before.targets, 4) +
        sequence(create({ upstream: after, leases: leases.hold(), random: seeded(7) }), after.targets, 8)
      assert.equal(picked, sequence(make(create, alone), alone.targets, 12))
    })
  })
}

/** A balancer with a state of its own. */
export function make (create: BalancerFactory, upstream: Upstream): Balancer {
  return create({ upstream, leases: new Leases().hold(), random: seeded(7) })
}

/** The letters of so many picks, in order. */
export function sequence (balancer: Balancer, open: readonly Target[], picks: number): string {
  return Array.from({ length: picks }, (_, turn) => letterOf(balancer.pick(open, exchange(), turn))).join('')
}

/** How often each letter was picked. */
function shares (balancer: Balancer, open: readonly Target[], picks: number): Map<string, number> {
  const counts = new Map<string, number>()
  for (const letter of sequence(balancer, open, picks)) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  return counts
}

/** mulberry32: a small generator whose numbers are the same in every run. */
function seeded (seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
