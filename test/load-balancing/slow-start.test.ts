/** Slow start: the share of a target that joined or came back. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addCapGate } from '../../plugins/core/proxying/cap.ts'
import { createRoundRobin } from '../../plugins/core/load-balancing/round-robin.ts'
import { createSlowStart, readSlowStart, shareAt } from '../../plugins/core/load-balancing/slow-start.ts'
import * as loadBalancing from '../../plugins/core/load-balancing/index.ts'
import { Holdings } from '../../src/state/holdings.ts'
import type { Gate } from '../../src/contract/target.ts'
import type { Upstream } from '../../src/contract/upstream.ts'
import { setActive } from '../helpers/load.ts'
import { make } from './contract.ts'
import { seeded } from './seeded.ts'
import { smallApp } from './small-app.ts'
import { exchange, letterOf, upstreamOf } from './upstream.ts'

const plain = readSlowStart(30_000)

/** How many of so many requests each letter gets at `now`. */
function counts (upstream: Upstream, now: number, requests: number): Record<string, number> {
  const letters = Array.from({ length: requests }, () => letterOf(upstream.select(exchange(), now).target))
  return Object.fromEntries(Object.entries(Object.groupBy(letters, letter => letter)).map(([letter, all]) => [letter, all!.length]))
}

function setUp (weights: readonly number[]): Upstream {
  const upstream = upstreamOf(weights)
  upstream.balancer = make(createRoundRobin, upstream)
  upstream.addFilter(createSlowStart(plain, seeded(3)))
  return upstream
}

test('the share grows evenly from a tenth to all within the window', () => {
  assert.deepEqual(
    [0, 3000, 7500, 15_000, 29_999, 30_000, Infinity].map(age => Number(shareAt(age, plain).toFixed(2))),
    [0.1, 0.1, 0.25, 0.5, 1, 1, 1]
  )
})

test('an aggression above 1 grows fast at first, one below 1 slowly', () => {
  assert.equal(shareAt(7500, { ...plain, aggression: 2 }), 0.5)
  assert.equal(shareAt(15_000, { ...plain, aggression: 0.5 }), 0.25)
})

test('S2-081 S2-098: the share of a target that comes back grows over the window', () => {
  const upstream = setUp([1, 1, 1])
  upstream.targets[0]!.load.openedAt = 1_000_000
  const share = (age: number) => counts(upstream, 1_000_000 + age, 6000)['a']! / 6000
  // Its weight counts for so much, beside two that count for 1 each.
  for (const [age, weight] of [[0, 0.1], [7500, 0.25], [15_000, 0.5], [22_500, 0.75], [30_000, 1]] as const) {
    assert.ok(Math.abs(share(age) - weight / (2 + weight)) < 0.02, `${share(age)} after ${age} ms`)
  }
})

test('targets that were there from the start have their full share at once', () => {
  const upstream = setUp([1, 1])
  assert.deepEqual(counts(upstream, 0, 100), { a: 50, b: 50 })
})

test('a target that warms up serves all when no other is open', () => {
  const upstream = setUp([1, 1])
  for (const target of upstream.targets) target.load.openedAt = 1000
  upstream.targets[1]!.gates.push(gate(() => false))
  assert.deepEqual(counts(upstream, 1000, 50), { a: 50 })
})

test('when all warm up together each gets its share', () => {
  const upstream = setUp([1, 1])
  for (const target of upstream.targets) target.load.openedAt = 1000
  const { a = 0 } = counts(upstream, 1000, 1000)
  assert.ok(Math.abs(a - 500) < 60)
})

test('a target that was only full for a moment does not start slowly, one that was away does', () => {
  const upstream = setUp([1, 1])
  let open = false
  upstream.targets[0]!.gates.push({ ...gate(() => open), momentary: true })
  counts(upstream, 1000, 3)
  open = true
  assert.deepEqual(counts(upstream, 2000, 100), { a: 50, b: 50 })
  upstream.targets[1]!.gates.push(gate(() => open))
  open = false
  assert.throws(() => upstream.select(exchange(), 3000))
  upstream.targets[0]!.gates.length = 0
  open = true
  assert.ok(counts(upstream, 4000, 100)['b']! < 20)
})

test('the share is in the metrics and in /upstreams while it is below 1', async t => {
  const holdings = new Holdings()
  const upstreams = { users: { targets: ['http://a.test', 'http://b.test'], slowStart: 10_000 } }
  const { app, clock, ...small } = await smallApp(t, { plugins: [loadBalancing], holder: holdings.hold(), upstreams })
  const upstream = app.gateway.upstreams.get('users')!
  const [a] = upstream.targets
  a!.load.openedAt = 1000
  clock.time = 6000
  assert.match(await small.scrape(), /gateway_target_share\{upstream="users",target="http:\/\/a\.test"\} 0\.5\n/)
  assert.match(await small.scrape(), /gateway_target_share\{upstream="users",target="http:\/\/b\.test"\} 1\n/)
  const wallTime = (time: number): number => time + 1e12
  const notes = () => upstream.targets.map(target => (
    Object.assign({}, ...upstream.notes.map(note => note(target, clock.time, wallTime))) as object
  ))
  assert.deepEqual(notes(), [{ slowStart: { share: 0.5, until: 1e12 + 11_000 } }, {}])
  clock.time = 11_000
  assert.deepEqual(notes(), [{}, {}])
})

function gate (permits: () => boolean): Gate {
  return { name: 'test', permits, describe: () => ({ state: permits() ? 'open' : 'closed' }) }
}

test('a target whose connections were all taken for a moment is no target that comes back', () => {
  const upstream = setUp([1, 1])
  addCapGate(upstream, { count: 1 })
  const { load } = upstream.targets[0]!
  setActive(load, 2048)
  assert.deepEqual(counts(upstream, 0, 10), { b: 10 })
  setActive(load, 0)
  assert.deepEqual(counts(upstream, 1, 100), { a: 50, b: 50 })
})
