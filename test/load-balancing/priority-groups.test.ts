/** Priority groups: a reserve helps as far as it is needed. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { choose, createPriorityGroups } from '../../plugins/core/load-balancing/priority-groups.ts'
import { createRoundRobin } from '../../plugins/core/load-balancing/round-robin.ts'
import type { Upstream } from '../../src/contract/upstream.ts'
import { make } from './contract.ts'
import { seeded } from './seeded.ts'
import { exchange, letterOf, targetOf, upstreamOf } from './upstream.ts'

/** Targets a, b of priority 0 and c, d of priority 1; `closed` names those that a gate closes. */
function setUp (closed: string, { spillBelow = 0.7, weights = [1, 1, 1, 1] } = {}): {
  upstream: Upstream,
  spills: () => number,
  counts: (requests: number) => string
} {
  const upstream = upstreamOf([])
  upstream.setTargets('abcd'.split('').map((letter, index) => targetOf(upstream, letter, weights[index], index < 2 ? 0 : 1)))
  upstream.addGate(target => ({ name: 'test', permits: () => !closed.includes(letterOf(target)), describe: () => ({ state: 'closed' }) }))
  upstream.balancer = make(createRoundRobin, upstream)
  let spilled = 0
  upstream.addFilter(createPriorityGroups(upstream, { spillBelow, random: seeded(5), onSpill: () => spilled++ }))
  return {
    upstream,
    spills: () => spilled,
    counts (requests) {
      const letters = Array.from({ length: requests }, () => letterOf(upstream.select(exchange(), 0).target))
      return 'abcd'.split('').map(letter => letters.filter(other => other === letter).length).join(' ')
    }
  }
}

test('the reserve gets nothing as long as the first group is open', () => {
  const { counts, spills } = setUp('')
  assert.equal(counts(100), '50 50 0 0')
  assert.equal(spills(), 0)
})

test('the reserve serves all when the first group is closed, and the first group all when it opens again', () => {
  assert.equal(setUp('ab').counts(100), '0 0 50 50')
  assert.equal(setUp('cd').counts(100), '50 50 0 0')
})

test('with half of the first group open at spillBelow 0.7 the reserve takes about 29 %', () => {
  const { counts, spills } = setUp('a')
  const [, b, c, d] = counts(2000).split(' ').map(Number)
  assert.ok(Math.abs(b! - 2000 * 0.5 / 0.7) < 60, `${b}`)
  assert.ok(Math.abs(c! - d!) <= 1)
  assert.equal(spills(), c! + d!)
})

test('shares are those of the weights, so losing a small target spills nothing', () => {
  const { counts } = setUp('b', { weights: [9, 1, 1, 1] })
  assert.equal(counts(100), '100 0 0 0')
})

test('spillBelow: 0 uses the reserve only when nothing else is open', () => {
  assert.equal(setUp('a', { spillBelow: 0 }).counts(100), '0 100 0 0')
  assert.equal(setUp('ab', { spillBelow: 0 }).counts(100), '0 0 50 50')
})

test('when no group can take the traffic each gets more than it should, in proportion', () => {
  const { counts } = setUp('ac', { spillBelow: 1, weights: [3, 1, 3, 1] })
  const [, b, , d] = counts(2000).split(' ').map(Number)
  assert.ok(Math.abs(b! - 1000) < 80, `${b} ${d}`)
})

test('a retry stays in its group as long as there is another target', () => {
  const { upstream } = setUp('')
  for (let request = 0; request < 50; request++) {
    const retried = exchange()
    const order = Array.from({ length: 3 }, () => letterOf(upstream.select(retried, 0).target)).join('')
    assert.match(order, /^(ab|ba)[cd]$/)
  }
})

test('a target that was tried and is still open counts once for its group', () => {
  const { upstream } = setUp('bd')
  let spilled = 0
  for (let request = 0; request < 2000; request++) {
    const retried = exchange()
    assert.equal([0, 1].map(() => letterOf(upstream.select(retried, 0).target)).sort().join(''), 'ac')
    if (letterOf(upstream.select(retried, 0).target) === 'c') spilled++
  }
  assert.ok(Math.abs(spilled - 2000 * (1 - 0.5 / 0.7)) < 60, `${spilled}`)
})

test('the group chosen always has an open target', () => {
  const shares = fc.array(fc.constantFrom(0, 0.1, 0.5, 0.9, 1), {
    minLength: 1,
    maxLength: 6
  }).filter(some => some.some(share => share > 0))
  fc.assert(fc.property(shares, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (
    some,
    spillBelow,
    point
  ) => {
    assert.ok(some[choose(some, spillBelow, () => point)]! > 0)
  }))
})
