/** All balancers against one contract, and what the simple ones promise beside it. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createConsistentHash } from '../../plugins/core/load-balancing/consistent-hash.ts'
import { createLeastConnections } from '../../plugins/core/load-balancing/least-connections.ts'
import { createPowerOfTwo } from '../../plugins/core/load-balancing/power-of-two.ts'
import { createRandom } from '../../plugins/core/load-balancing/random.ts'
import { createRoundRobin } from '../../plugins/core/load-balancing/round-robin.ts'
import { createWeightedRoundRobin } from '../../plugins/core/load-balancing/weighted-round-robin.ts'
import type { BalancerContext } from '../../src/contract/balancer.ts'
import { balancerContract, clients, make, sequence } from './contract.ts'
import { exchange, letterOf, upstreamOf } from './upstream.ts'

balancerContract('round-robin', createRoundRobin, { even: true })
balancerContract('weighted-round-robin', createWeightedRoundRobin, { even: true })
balancerContract('least-connections', createLeastConnections, { even: true })
balancerContract('random', createRandom, { even: false })
balancerContract(
  'power-of-two',
  (context: BalancerContext) => createPowerOfTwo({ ...context, options: { decay: 10_000, failurePenalty: 5000 } }),
  { even: false }
)
balancerContract(
  'consistent-hash',
  (context: BalancerContext) => createConsistentHash({ ...context, options: { key: 'header:x-user' } }),
  { even: false }
)
balancerContract(
  'consistent-hash with a bound',
  (context: BalancerContext) => createConsistentHash({ ...context, options: { key: 'header:x-user', boundedLoad: 1 } }),
  { even: false }
)
balancerContract(
  'consistent-hash without a key',
  (context: BalancerContext) => createConsistentHash({ ...context, options: { key: 'header:x-absent' } }),
  { even: true }
)

test('S2-043: round-robin gives 300 requests to three targets as 100, 100 and 100, beginning with the first', () => {
  const upstream = upstreamOf([1, 1, 1])
  const balancer = make(createRoundRobin, upstream)
  assert.equal(sequence(balancer, upstream.targets, 3), 'abc')
  assert.deepEqual([...clients(balancer, upstream.targets, 300).values()], [100, 100, 100])
})

test('round-robin passes over a closed target and comes back to it when it opens', () => {
  const upstream = upstreamOf([1, 1, 1])
  const balancer = make(createRoundRobin, upstream)
  const [a, b, c] = upstream.targets
  assert.equal(sequence(balancer, [a!, c!], 4), 'acac')
  assert.equal(sequence(balancer, [b!, c!], 3), 'bcb')
  assert.equal(sequence(balancer, upstream.targets, 4), 'cabc')
})

test('S2-045: weighted round-robin mixes the targets smoothly instead of serving one in a burst', () => {
  const upstream = upstreamOf([5, 1, 1])
  assert.equal(sequence(make(createWeightedRoundRobin, upstream), upstream.targets, 14), 'aabacaaaabacaa')
})

test('weighted round-robin gives 2 to 1 as a b a', () => {
  const upstream = upstreamOf([2, 1])
  assert.equal(sequence(make(createWeightedRoundRobin, upstream), upstream.targets, 6), 'abaaba')
})

test('weighted round-robin keeps the ratio of the others while a target is closed, and owes it nothing afterwards', () => {
  const upstream = upstreamOf([5, 2, 1])
  const balancer = make(createWeightedRoundRobin, upstream)
  const count = (letters: string) => ['a', 'b', 'c'].map(letter => letters.split(letter).length - 1)
  assert.deepEqual(count(sequence(balancer, upstream.targets, 800)), [500, 200, 100])
  assert.deepEqual(count(sequence(balancer, upstream.targets.slice(1), 300)), [0, 200, 100])
  assert.deepEqual(count(sequence(balancer, upstream.targets, 800)), [500, 200, 100])
})

test('random gives each target a chance by its weight', () => {
  const upstream = upstreamOf([3, 1])
  const counts = clients(make(createRandom, upstream), upstream.targets, 4000)
  assert.ok(Math.abs(counts.get('a')! - 3000) < 150)
})

test('a target of weight 0 gets no request', () => {
  const upstream = upstreamOf([1, 0, 1])
  upstream.balancer = make(createRoundRobin, upstream)
  const picked = Array.from({ length: 6 }, () => letterOf(upstream.select(exchange(), 0).target)).join('')
  assert.equal(picked, 'acacac')
})

test('a retry goes to a target that was not tried yet', () => {
  const upstream = upstreamOf([1, 1, 1])
  upstream.balancer = make(createRoundRobin, upstream)
  const retried = exchange()
  const picked = Array.from({ length: 3 }, () => letterOf(upstream.select(retried, 0).target))
  assert.deepEqual(picked.sort(), ['a', 'b', 'c'])
})

test('random gives each target the part of [0, 1) that its weight says', () => {
  const upstream = upstreamOf([1, 2, 1])
  const at = (point: number): string => letterOf(createRandom({ random: () => point }).pick(upstream.targets, exchange(), 0))
  assert.equal([0, 0.24, 0.25, 0.5, 0.74, 0.75, 1 - 2 ** -53].map(at).join(''), 'aabbbcc')
  // Rounding must not find a target that is not there.
  const odd = upstreamOf([0.1, 0.2, 0.3])
  for (let step = 1; step < 200; step++) {
    assert.ok('abc'.includes(letterOf(createRandom({ random: () => 1 - step * 2 ** -53 }).pick(odd.targets, exchange(), 0))))
  }
})
