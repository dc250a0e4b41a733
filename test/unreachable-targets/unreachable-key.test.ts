/** The key `unreachableFor`: who may try a target that could not be reached, over upstreams, reloads and rehearsals. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import * as unreachableTargets from '../../plugins/core/unreachable-targets/index.ts'
import { reasons } from '../../src/contract/errors.ts'
import { Holdings } from '../../src/state/holdings.ts'
import type { Attempt, Target } from '../../src/contract/target.ts'
import type { KeptLoad } from '../../src/upstream/target-load.ts'
import { smallApp, type SmallApp, type SmallAppOptions } from '../load-balancing/small-app.ts'
import { exchange } from '../load-balancing/upstream.ts'

const one = ['http://a.test']
const users = { targets: one, unreachableFor: 10_000 }

async function start (t: TestContext, options: Partial<SmallAppOptions> = {}): Promise<SmallApp> {
  return await smallApp(t, { plugins: [unreachableTargets], upstreams: { users }, ...options })
}

function targetOf ({ app }: SmallApp, upstream = 'users'): Target {
  return app.gateway.upstreams.get(upstream)!.targets[0]!
}

/** A connection to the target fails. */
function fail (gateway: SmallApp, upstream = 'users'): void {
  const load = targetOf(gateway, upstream).load as KeptLoad
  load.failed(reasons['connection-refused'], load.opened, gateway.clock.time)
}

function enter (gateway: SmallApp, upstream = 'users'): Attempt {
  return gateway.app.gateway.upstreams.get(upstream)!.select(exchange(), gateway.clock.time)
}

function open (gateway: SmallApp, upstream = 'users'): boolean {
  return targetOf(gateway, upstream).closedBy(gateway.clock.time, false) === undefined
}

/** The attempt that tries a target, ten seconds after a connection has failed. */
async function trying (t: TestContext): Promise<{ readonly gateway: SmallApp, readonly attempt: Attempt }> {
  const gateway = await start(t)
  fail(gateway)
  assert.equal(open(gateway), false)
  gateway.clock.time += 10_000
  assert.equal(open(gateway), true)
  const attempt = enter(gateway)
  assert.equal(open(gateway), false)
  return { gateway, attempt }
}

test('a client that leaves while its connection is being tried makes no room for another try', async t => {
  const { gateway, attempt } = await trying(t)
  attempt.failure = reasons['client-closed']
  attempt.target.settle(attempt, 'ignored', gateway.clock.time)
  assert.equal(open(gateway), false)
})

test('an attempt that reached the target, and one that this machine had no socket for, make room for the next at once', async t => {
  const reached = await trying(t)
  reached.attempt.reached = true
  reached.attempt.target.settle(reached.attempt, 'ignored', reached.gateway.clock.time)
  assert.equal(open(reached.gateway), true)
  const poor = await trying(t)
  poor.attempt.failure = reasons['out-of-resources']
  poor.attempt.target.settle(poor.attempt, 'ignored', poor.gateway.clock.time)
  assert.equal(open(poor.gateway), true)
})

test('a response to what was sent after the failure shows that the target is there, one to what was sent before does not', async t => {
  const gateway = await start(t)
  const before = enter(gateway)
  gateway.clock.time++
  fail(gateway)
  before.target.answered(before, gateway.clock.time)
  assert.equal(open(gateway), false)
  gateway.clock.time++
  const after = enter(gateway)
  after.target.answered(after, gateway.clock.time)
  assert.equal(open(gateway), true)
})

test('a target that a probe has found well is tried at once', async t => {
  const gateway = await start(t)
  fail(gateway)
  targetOf(gateway).recovered(gateway.clock.time)
  assert.equal(open(gateway), true)
})

test('the same target is tried by each upstream for itself', async t => {
  const gateway = await start(t, { upstreams: { users, orders: users } })
  fail(gateway, 'users')
  fail(gateway, 'orders')
  gateway.clock.time += 10_000
  enter(gateway, 'users')
  assert.deepEqual([open(gateway, 'users'), open(gateway, 'orders')], [false, true])
})

test('a reload keeps what is known of a target, and another time is heeded at once', async t => {
  const holdings = new Holdings()
  const gateway = await start(t, { holder: holdings.hold() })
  fail(gateway)
  const reloaded = await start(t, { holder: holdings.hold() })
  assert.equal(open(reloaded), false)
  const shorter = await start(t, { holder: holdings.hold(), upstreams: { users: { ...users, unreachableFor: 1000 } } })
  shorter.clock.time = gateway.clock.time + 1000
  assert.equal(open(shorter), true)
})

test('a rehearsal takes the place of no try', async t => {
  const holdings = new Holdings()
  const gateway = await start(t, { holder: holdings.hold() })
  fail(gateway)
  gateway.clock.time += 10_000
  const rehearsal = await start(t, { holder: holdings.fork(), rehearsal: true })
  rehearsal.clock.time = gateway.clock.time
  enter(rehearsal)
  assert.deepEqual([open(rehearsal), open(gateway)], [false, true])
})

test('with `0s` a target has no gate of this kind', async t => {
  const gateway = await start(t, { upstreams: { users: { targets: one, unreachableFor: 0 } } })
  assert.deepEqual(targetOf(gateway).gates, [])
})

test('a target that has left is not measured any more', async t => {
  const gateway = await start(t)
  assert.match(await gateway.scrape(), /^gateway_backend_reachable\{.*"http:\/\/a\.test".*\} 1$/m)
  gateway.app.gateway.upstreams.get('users')!.setTargets([])
  assert.doesNotMatch(await gateway.scrape(), /^gateway_backend_reachable\{/m)
})
