/** The balancers: what all must hold to, and what each promises. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRoundRobin } from '../../plugins/load-balancing/round-robin.ts'
import { createWeightedRoundRobin } from '../../plugins/load-balancing/weighted-round-robin.ts'
import { balancerContract, make, sequence } from './contract.ts'
import { exchange, letterOf, upstreamOf } from './upstream.ts'

balancerContract('round-robin', createRoundRobin)
balancerContract('weighted-round-robin', createWeightedRoundRobin)

test('round-robin starts at the first target and goes on in file order', () => {
  const upstream = upstreamOf([1, 1, 1])
  assert.equal(sequence(make(createRoundRobin, upstream), upstream.targets, 7), 'abcabca')
})

test('round-robin passes over a closed target and comes back to it when it opens', () => {
  const upstream = upstreamOf([1, 1, 1])
  const balancer = make(createRoundRobin, upstream)
  const [a, b, c] = upstream.targets
  assert.equal(sequence(balancer, [a!, c!], 4), 'acac')
  assert.equal(sequence(balancer, [b!, c!], 3), 'bcb')
  assert.equal(sequence(balancer, upstream.targets, 4), 'cabc')
})

test('weighted round-robin mixes the targets smoothly instead of serving one in a burst', () => {
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
