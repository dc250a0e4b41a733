/** Who belongs to an upstream, and what is let go of when a target leaves. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { Holdings } from '../../src/state/holdings.ts'
import { exchange } from '../load-balancing/upstream.ts'
import { smallApp, type SmallApp } from '../load-balancing/small-app.ts'
import type { Upstream } from '../../src/contract/upstream.ts'

const a = { url: 'http://a.test' }
const b = { url: 'http://b.test', address: '10.0.0.2' }

async function start (t: TestContext): Promise<SmallApp & { upstream: Upstream }> {
  const small = await smallApp(t, { plugins: [], upstreams: { users: { targets: ['http://fixed.test'] } } })
  return { ...small, upstream: small.app.gateway.upstreams.get('users')! }
}

const urls = ({ targets }: Upstream): string[] => targets.map(({ url }) => url)

test('sources stand side by side, and each replaces its own only', async t => {
  const { upstream } = await start(t)
  upstream.setSource('one', [a, b], 0)
  upstream.setSource('two', [{ url: 'http://c.test' }], 0)
  assert.deepEqual(urls(upstream), ['http://fixed.test', 'http://a.test', 'http://10.0.0.2', 'http://c.test'])
  upstream.setSource('one', [b], 0)
  assert.deepEqual(urls(upstream), ['http://fixed.test', 'http://10.0.0.2', 'http://c.test'])
})

test('a target that stays is the same one, and the same URL twice is one target', async t => {
  const { upstream } = await start(t)
  upstream.addGate(() => ({ name: 'open', permits: () => true, describe: () => ({ state: 'open' }) }))
  upstream.setSource('one', [a, b], 0)
  const [, kept] = upstream.targets
  upstream.setSource('one', [b, a, a], 0)
  assert.equal(upstream.targets[2], kept)
  assert.deepEqual(upstream.targets.map(({ gates }) => gates.length), [1, 1, 1], 'each has its gate once')
})

test('what is found first was there from the start, what joins later is new', async t => {
  const { upstream } = await start(t)
  upstream.setSource('one', [a], 500)
  upstream.setSource('one', [a, b], 900)
  assert.deepEqual(upstream.targets.map(({ load }) => load.openedAt), [-Infinity, -Infinity, 900])
})

test('a target that a reload adds to a running upstream is new, those that were there are not', async t => {
  const holdings = new Holdings()
  await smallApp(t, { holder: holdings.hold(), plugins: [], upstreams: { users: { targets: ['http://a.test'] } } })
  const upstreams = { users: { targets: ['http://a.test', 'http://b.test'] }, orders: { targets: ['http://c.test'] } }
  const { app, clock } = await smallApp(t, { holder: holdings.hold(), plugins: [], upstreams })
  const opened = [...app.gateway.upstreams.values()].map(({ targets }) => targets.map(({ load }) => load.openedAt))
  assert.deepEqual(opened, [[-Infinity, clock.time], [-Infinity]])
})

test('when a target leaves, its tasks stop at once, and all else is let go of after its last attempt', async t => {
  const { upstream } = await start(t)
  const ended: string[] = []
  upstream.addGate(target => {
    const key = target.url
    target.resource({ kind: 'record', key, create: () => key, close: () => { ended.push('resource') } })
    target.task({ kind: 'probe', key, start: () => () => { ended.push('task') } })
    return { name: 'open', permits: () => target !== upstream.targets[0], describe: () => ({ state: 'open' }) }
  })
  upstream.setSource('one', [a], 0)
  const target = upstream.targets[1]!
  const attempt = upstream.select(exchange(), 0)
  assert.equal(attempt.target, target)
  upstream.setSource('one', [], 0)
  await new Promise(resolve => { setImmediate(resolve) })
  assert.deepEqual(ended, ['task'])
  const destroy = t.mock.method(target.transport!, 'destroy')
  await new Promise(resolve => { setImmediate(resolve) })
  assert.equal(destroy.mock.callCount(), 0)
  target.settle(attempt, 'success', 1)
  await new Promise(resolve => { setImmediate(resolve) })
  assert.equal(destroy.mock.callCount(), 1)
  assert.deepEqual(ended, ['task', 'resource'])
})

test('a target that is back before it was empty keeps its connections and its load', async t => {
  const { upstream } = await start(t)
  upstream.addGate(({ url }) => ({ name: 'open', permits: () => url === 'http://a.test', describe: () => ({ state: 'open' }) }))
  upstream.setSource('one', [a], 0)
  const target = upstream.targets[1]!
  const attempt = upstream.select(exchange(), 0)
  upstream.setSource('one', [], 1)
  upstream.setSource('one', [a], 2)
  const back = upstream.targets[1]!
  assert.notEqual(back, target)
  const destroy = t.mock.method(back.transport!, 'destroy')
  assert.deepEqual([back.transport === target.transport, back.load.active], [true, 1])
  target.settle(attempt, 'success', 3)
  await new Promise(resolve => { setImmediate(resolve) })
  assert.deepEqual([destroy.mock.callCount(), back.load.active], [0, 0])
})
