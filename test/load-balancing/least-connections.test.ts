/** Least connections: what is really open decides. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createLeastConnections } from '../../plugins/core/load-balancing/least-connections.ts'
import { setActive } from '../helpers/load.ts'
import { make, near, sequence } from './contract.ts'
import { exchange, letterOf, upstreamOf } from './upstream.ts'

test('S2-046: all new requests go elsewhere while one target is busy, and it gets its share again when it is not', () => {
  const upstream = upstreamOf([1, 1, 1])
  upstream.balancer = make(createLeastConnections, upstream)
  const [busy] = upstream.targets
  setActive(busy!.load, 20)
  const attempts = Array.from({ length: 10 }, () => upstream.select(exchange(), 0))
  near(counted(attempts.map(({ target }) => letterOf(target))), 5)
  assert.ok(attempts.every(({ target }) => target !== busy))
  setActive(busy!.load, 0)
  for (const attempt of attempts) attempt.target.settle(attempt, 'success', 1)
  assert.equal(sequence(upstream.balancer, upstream.targets, 6).replaceAll(/[^a]/g, ''), 'aa')
})

test('S2-047: a burst that arrives at once spreads evenly, give or take one', () => {
  const upstream = upstreamOf([1, 1, 1, 1])
  upstream.balancer = make(createLeastConnections, upstream)
  near(counted(Array.from({ length: 101 }, () => letterOf(upstream.select(exchange(), 0).target))), 25)
})

test('with weights a burst is open in proportion to them', () => {
  const upstream = upstreamOf([3, 2, 1])
  upstream.balancer = make(createLeastConnections, upstream)
  for (let request = 0; request < 60; request++) upstream.select(exchange(), 0)
  assert.deepEqual(upstream.targets.map(({ load }) => load.active), [30, 20, 10])
})

test('the target picked has never more open for its weight than any other', () => {
  const loads = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(20)), { minLength: 2, maxLength: 8 })
  fc.assert(fc.property(loads, some => {
    const upstream = upstreamOf(some.map(([weight]) => weight))
    for (const [index, [, active]] of some.entries()) setActive(upstream.targets[index]!.load, active)
    const { load, weight } = make(createLeastConnections, upstream).pick(upstream.targets, exchange(), 0)
    for (const [otherWeight, active] of some) assert.ok(load.active / weight <= active / otherWeight)
  }))
})

test('an attempt that ends in any way is open no more', () => {
  const upstream = upstreamOf([1, 1])
  for (const outcome of ['success', 'failure', 'ignored'] as const) {
    const attempt = upstream.select(exchange(), 0)
    attempt.target.settle(attempt, outcome, 1)
    attempt.target.settle(attempt, outcome, 2)
  }
  assert.deepEqual(upstream.targets.map(({ load }) => load.active), [0, 0])
})

function counted (letters: readonly string[]): Map<string, number> {
  return new Map(Object.entries(Object.groupBy(letters, letter => letter)).map(([letter, all]) => [letter, all!.length]))
}
