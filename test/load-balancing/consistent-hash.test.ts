/** Consistent hashing: the same key, the same target; and what moves when targets come, go, close or fill up. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createConsistentHash, type ConsistentHashOptions } from '../../plugins/core/load-balancing/consistent-hash.ts'
import { HashRing } from '../../plugins/core/load-balancing/hash-ring.ts'
import { murmur3 } from '../../plugins/core/load-balancing/murmur3.ts'
import type { Target } from '../../src/contract/target.ts'
import type { Upstream, Balancer } from '../../src/contract/upstream.ts'
import { setActive } from '../helpers/load.ts'
import { clients, make } from './contract.ts'
import { exchange, letterOf, targetOf, upstreamOf } from './upstream.ts'

const keys = Array.from({ length: 3000 }, (_, index) => `user-${index}`)

function hashing (upstream: Upstream, options: Partial<ConsistentHashOptions> = {}): Balancer {
  return make(createConsistentHash, upstream, 7, { key: 'header:x-user', ...options })
}

function place (balancer: Balancer, open: readonly Target[], key: string): string {
  return letterOf(balancer.pick(open, exchange({ 'x-user': key }), 0))
}

/** The letter of every key, in order. */
function places (balancer: Balancer, open: readonly Target[]): string[] {
  return keys.map(key => place(balancer, open, key))
}

test('the hash is MurmurHash3 over UTF-16', () => {
  assert.equal(murmur3('', 0), 0)
  assert.equal(murmur3('', 1), 0x514e28b7)
  assert.equal(murmur3('', 0xffffffff), 0x81f16f39)
  assert.equal(murmur3('\uffff\uffff', 0), 0x76293b50)
  assert.equal(murmur3('\u4321\u8765', 0), 0xf55b516b)
  assert.equal(murmur3('\u4321\u8765', 0x5082edee), 0x2362f9de)
  assert.equal(murmur3('\u4321', 0), 0xa0f7b07a)
  assert.equal(murmur3('\u0000', 0), 0x30f4c306)
})

test('S2-048: the same key goes to the same target a hundred times', () => {
  const upstream = upstreamOf([1, 1, 1])
  const balancer = hashing(upstream)
  const first = place(balancer, upstream.targets, 'ada')
  for (let time = 0; time < 100; time++) assert.equal(place(balancer, upstream.targets, 'ada'), first)
})

for (const count of [3, 5, 10]) {
  test(`S2-048: 3000 keys on ${count} targets are even within 25 %`, () => {
    const upstream = upstreamOf(Array.from({ length: count }, () => 1))
    const counts = clients(hashing(upstream), upstream.targets, keys.length)
    assert.equal(counts.size, count)
    for (const [letter, got] of counts) assert.ok(Math.abs(got / (keys.length / count) - 1) <= 0.25, `${letter} has ${got}`)
  })
}

test('weights are heeded', () => {
  const upstream = upstreamOf([300, 100])
  const share = clients(hashing(upstream), upstream.targets, keys.length).get('a')! / keys.length
  assert.ok(Math.abs(share - 0.75) < 0.06, `${share}`)
})

test('S2-048: a fourth target takes about a quarter of the keys, and no key moves between the others', () => {
  const upstream = upstreamOf([1, 1, 1])
  const balancer = hashing(upstream)
  const before = places(balancer, upstream.targets)
  upstream.setTargets([...upstream.targets, targetOf(upstream, 'x')])
  const after = places(balancer, upstream.targets)
  const moved = after.filter((letter, index) => letter !== before[index])
  assert.ok(moved.every(letter => letter === 'x'))
  assert.ok(moved.length > keys.length * 0.19 && moved.length < keys.length * 0.31, `${moved.length} moved`)
})

for (const [how, narrow] of [
  ['closes', (upstream: Upstream) => upstream.targets.filter(target => letterOf(target) !== 'b')],
  [
    'leaves',
    (upstream: Upstream) => { upstream.setTargets(upstream.targets.filter(target => letterOf(target) !== 'b')); return upstream.targets }
  ]
] as const) {
  test(`S2-048: when a target ${how} only its keys move, spread over all others`, () => {
    const upstream = upstreamOf([1, 1, 1, 1])
    const balancer = hashing(upstream)
    const before = places(balancer, upstream.targets)
    const after = places(balancer, narrow(upstream))
    const heirs = new Map<string, number>()
    for (const [index, letter] of after.entries()) {
      if (before[index] === 'b') heirs.set(letter, (heirs.get(letter) ?? 0) + 1)
      else assert.equal(letter, before[index])
    }
    assert.deepEqual([...heirs.keys()].sort(), ['a', 'c', 'd'])
  })
}

test('a target that closes and one that leaves give their keys to the same heirs', () => {
  const closing = upstreamOf([1, 1, 1, 1])
  const leaving = upstreamOf([1, 1, 1, 1])
  leaving.setTargets(leaving.targets.slice(1))
  assert.deepEqual(places(hashing(closing), closing.targets.slice(1)), places(hashing(leaving), leaving.targets))
})

test('gateways agree, whatever the order of the targets in their files', () => {
  const one = upstreamOf([1, 2, 3])
  const other = upstreamOf([1, 2, 3])
  other.setTargets(other.targets.toReversed())
  assert.deepEqual(places(hashing(one), one.targets), places(hashing(other), other.targets))
})

test('a retry goes to the next target of the ring, the same for all requests with the key', () => {
  const upstream = upstreamOf([1, 1, 1])
  upstream.balancer = hashing(upstream)
  const course = () => {
    const retried = exchange({ 'x-user': 'ada' })
    return Array.from({ length: 3 }, () => letterOf(upstream.select(retried, 0).target)).join('')
  }
  const first = course()
  assert.deepEqual(first.split('').sort(), ['a', 'b', 'c'])
  assert.equal(course(), first)
})

test('requests without the key are shared evenly instead of all going to one target', () => {
  const upstream = upstreamOf([1, 1, 1])
  const balancer = hashing(upstream)
  const letters = Array.from({ length: 30 }, () => letterOf(balancer.pick(upstream.targets, exchange(), 0)))
  for (const letter of 'abc') assert.equal(letters.filter(other => other === letter).length, 10)
})

test('with boundedLoad a hot key spills to other targets, and none has more than its bound', () => {
  const upstream = upstreamOf([1, 1, 1, 1])
  upstream.balancer = hashing(upstream, { boundedLoad: 1.25 })
  for (let request = 1; request <= 400; request++) {
    upstream.select(exchange({ 'x-user': 'hot' }), 0)
    for (const { load } of upstream.targets) assert.ok(load.active <= Math.ceil(1.25 * request / 4))
  }
  assert.ok(Math.max(...upstream.targets.map(({ load }) => load.active)) >= 120)
})

test('without a bound a hot key stays where it is', () => {
  const upstream = upstreamOf([1, 1, 1, 1])
  upstream.balancer = hashing(upstream)
  for (let request = 0; request < 100; request++) upstream.select(exchange({ 'x-user': 'hot' }), 0)
  assert.deepEqual(upstream.targets.map(({ load }) => load.active).filter(active => active > 0), [100])
})

test('whatever is open and busy, a bound always leaves a target that has room', () => {
  const some = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(30)), { minLength: 2, maxLength: 8 })
  fc.assert(fc.property(some, fc.string(), fc.double({ min: 1, max: 3, noNaN: true }), (loads, user, bound) => {
    const upstream = upstreamOf(loads.map(([weight]) => weight))
    for (const [index, [, active]] of loads.entries()) setActive(upstream.targets[index]!.load, active)
    const { load, weight } = hashing(upstream, { boundedLoad: bound }).pick(upstream.targets, exchange({ 'x-user': `u${user}` }), 0)
    const open = loads.reduce((sum, [, active]) => sum + active, 1)
    const weights = loads.reduce((sum, [one]) => sum + one, 0)
    assert.ok(load.active < Math.ceil(bound * open / weights * weight))
  }))
})

test('the ring finds the first point at or behind that of a key, and goes around at the end', () => {
  fc.assert(fc.property(fc.uniqueArray(
    fc.string({ minLength: 1 }),
    { minLength: 1, maxLength: 5 }
  ), fc.array(fc.string(), { minLength: 1 }), (names, some) => {
    const ring = new HashRing(names.map(name => ({ name, weight: 1 })))
    assert.equal(ring.size, names.length * 160)
    const points = names.flatMap((name, member) => Array.from(
      { length: 160 },
      (_, point) => ({ hash: murmur3(name, point), name, member })
    ))
      .sort((a, b) => a.hash - b.hash || (a.name < b.name ? -1 : 1))
    for (const key of some) {
      const hash = murmur3(key, 0x6b657973)
      const expected = points.find(point => point.hash >= hash) ?? points[0]!
      assert.equal(ring.memberAt(ring.positionOf(key)), expected.member)
    }
  }), { numRuns: 30 })
})

test('however heavy the weights, a ring stays small', () => {
  const ring = new HashRing(Array.from({ length: 50 }, (_, index) => ({ name: `t${index}`, weight: 951 + index })))
  assert.ok(ring.size <= 65_536)
})

test('behind the last point of the ring comes the first, also for keys whose target has its share', () => {
  const upstream = upstreamOf([1, 1])
  const balancer = hashing(upstream, { boundedLoad: 1 })
  setActive(upstream.targets[0]!.load, 100)
  for (let user = 0; user < 5000; user++) {
    assert.equal(letterOf(balancer.pick(upstream.targets, exchange({ 'x-user': `u${user}` }), 0)), 'b')
  }
})
