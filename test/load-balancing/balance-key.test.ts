/** The key `balance`: which balancer an upstream gets, and what is refused. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fp from 'fastify-plugin'
import type { FastifyInstance } from 'fastify'
import * as loadBalancing from '../../plugins/load-balancing/index.ts'
import { ConfigError } from '../../src/config/problem.ts'
import { smallApp, smallConfig } from './small-app.ts'
import { exchange } from './upstream.ts'

const targets = ['http://a.test', { url: 'http://b.test', weight: 2 }]

function picks (app: FastifyInstance, upstream: string, count: number): string {
  return Array.from({ length: count }, () => app.gateway.upstreams.get(upstream)!.select(exchange(), 0).target.url['http://'.length]).join('')
}

test('every upstream is balanced the way its key says', async t => {
  const { app } = await smallApp(t, { plugins: [loadBalancing], upstreams: { even: { targets }, weighted: { targets, balance: 'weighted-round-robin' } } })
  assert.equal(picks(app, 'even', 6), 'ababab')
  assert.equal(picks(app, 'weighted', 6), 'babbab')
})

test('a plugin of the user may offer a balancer, whatever its place', async t => {
  const last = { default: fp(async (app: FastifyInstance) => app.gateway.addBalancer('last', () => ({ pick: open => open.at(-1)! }))) }
  const { app } = await smallApp(t, { plugins: [loadBalancing, last], upstreams: { users: { targets, balance: 'last' } } })
  assert.equal(picks(app, 'users', 3), 'bbb')
})

test('a balancer that nobody offers is refused with its place in the file and the nearest right word', async t => {
  const upstreams = { 'a/b~c': { targets, balance: 'round-robbin' }, users: { targets: ['http://a.test'], balance: 'zigzag' } }
  await assert.rejects(smallApp(t, { plugins: [loadBalancing], upstreams }), (error: Error) => {
    assert.ok(error instanceof ConfigError)
    assert.deepEqual(error.problems, [
      { severity: 'error', pointer: '/upstreams/a~1b~0c/balance', message: 'no plugin offers the balancer "round-robbin"', hint: 'did you mean "round-robin"?' },
      { severity: 'error', pointer: '/upstreams/users/balance', message: 'no plugin offers the balancer "zigzag"', hint: 'there is round-robin, weighted-round-robin' }
    ])
    return true
  })
})

test('weights that the balancer does not heed are warned of', () => {
  const warned = (balance: string, ...weights: number[]) => {
    const pointers: string[] = []
    const list = weights.map((weight, index) => ({ url: `http://${index}.test`, weight }))
    loadBalancing.config.check(smallConfig({ users: { targets: list, balance } }), ({ pointer }) => pointers.push(pointer))
    return pointers
  }
  assert.deepEqual(warned('round-robin', 1, 3), ['/upstreams/users/targets'])
  assert.deepEqual(warned('round-robin', 2, 2), [])
  assert.deepEqual(warned('round-robin', 1, 0), [])
  assert.deepEqual(warned('weighted-round-robin', 1, 3), [])
})
