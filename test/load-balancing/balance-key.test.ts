/** The key `balance`: which balancer an upstream gets, and what is refused. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fp from 'fastify-plugin'
import type { FastifyInstance } from 'fastify'
import Type from '#typebox'
import { chooseBalancer } from '../../plugins/core/load-balancing/balance.ts'
import * as loadBalancing from '../../plugins/core/load-balancing/index.ts'
import { ConfigError } from '../../src/config/check/problem.ts'
import { smallApp, smallConfig } from './small-app.ts'
import { exchange } from './upstream.ts'

const targets = ['http://a.test', { url: 'http://b.test', weight: 2 }]

function picks (app: FastifyInstance, upstream: string, count: number): string {
  return Array.from(
    { length: count },
    () => app.gateway.upstreams.get(upstream)!.select(exchange(), 0).target.url['http://'.length]
  ).join('')
}

test('every upstream is balanced the way its key says', async t => {
  const { app } = await smallApp(t, {
    plugins: [loadBalancing],
    upstreams: { even: { targets }, weighted: { targets, balance: 'weighted-round-robin' } }
  })
  assert.equal(picks(app, 'even', 6), 'ababab')
  assert.equal(picks(app, 'weighted', 6), 'babbab')
})

test('a plugin of the user may offer a balancer, whatever its place', async t => {
  const last = { default: fp(async (app: FastifyInstance) => app.gateway.addBalancer('last', () => ({ pick: open => open.at(-1)! }))) }
  const { app } = await smallApp(t, { plugins: [loadBalancing, last], upstreams: { users: { targets, balance: 'last' } } })
  assert.equal(picks(app, 'users', 3), 'bbb')
})

test('an unknown balancer is rejected with its place in the file and the nearest valid name', async t => {
  const upstreams = { 'a/b~c': { targets, balance: 'round-robbin' }, users: { targets: ['http://a.test'], balance: 'zigzag' } }
  await assert.rejects(smallApp(t, { plugins: [loadBalancing], upstreams }), (error: Error) => {
    assert.ok(error instanceof ConfigError)
    assert.deepEqual(error.problems, [
      {
        severity: 'error',
        pointer: '/upstreams/a~1b~0c/balance',
        message: 'no plugin offers the balancer "round-robbin"',
        hint: 'did you mean "round-robin"?'
      },
      {
        severity: 'error',
        pointer: '/upstreams/users/balance',
        message: 'no plugin offers the balancer "zigzag"',
        hint: 'there is round-robin, weighted-round-robin, least-connections, power-of-two, consistent-hash, random'
      }
    ])
    return true
  })
})

test('a balancer may have options, written beside its name as `algorithm`', async t => {
  const cast = { default: fp(async (app: FastifyInstance) => app.gateway.addBalancer(
    'nth',
    ({ options }) => ({ pick: open => open[options.n]! }),
    { options: Type.Object({ n: Type.Integer({ default: 1 }) }) }
  )) }
  const { app } = await smallApp(t, {
    plugins: [loadBalancing, cast],
    upstreams: {
      chosen: { targets, balance: { algorithm: 'nth', n: 0 } },
      unset: { targets, balance: { algorithm: 'nth' } },
      short: { targets, balance: 'nth' }
    }
  })
  assert.deepEqual(['chosen', 'unset', 'short'].map(name => picks(app, name, 2)), ['aa', 'bb', 'bb'])
})

test('wrong options are refused, each at its place, by the schema of the balancer that is meant', async t => {
  const wrong = {
    one: { algorithm: 'power-of-two', decay: 10 },
    two: { algorithm: 'power-of-two', boundedLoad: 2 },
    three: { algorithm: 'random', seed: 1 },
    four: { algorithm: 'consistent-hash', key: ['ip', 'heeader:x'], boundedLoad: 1.5 },
    five: { algorithm: 'consistent-hash', key: 'cookie', boundedLoad: 0.5 },
    six: { algorithm: 'consistant-hash' }
  }
  const upstreams = Object.fromEntries(Object.entries(wrong).map(([name, balance]) => [name, { targets, balance }]))
  await assert.rejects(smallApp(t, { plugins: [loadBalancing], upstreams }), (error: Error) => {
    assert.ok(error instanceof ConfigError)
    assert.deepEqual(error.problems.map(({ pointer, message, hint }) => [pointer, message, hint]), [
      ['/upstreams/one/balance/decay', 'expected a duration such as "30s", got 10', 'write "10s" or "10ms"'],
      ['/upstreams/two/balance/boundedLoad', 'unknown key "boundedLoad" for power-of-two', 'expected one of decay, failurePenalty'],
      ['/upstreams/three/balance/seed', 'unknown key "seed" for random', 'it has no options'],
      [
        '/upstreams/four/balance/key/1',
        'must be ip, route, path, global, or header:, cookie:, query:, param: or claim: with a name, got "heeader:x"',
        undefined
      ],
      ['/upstreams/five/balance/boundedLoad', 'expected a number from 1 to 10, got 0.5', undefined],
      ['/upstreams/six/balance/algorithm', 'no plugin offers the balancer "consistant-hash"', 'did you mean "consistent-hash"?']
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

test('a balancer that a plugin may offer is not judged before all plugins are there', () => {
  const found = (plugins: readonly unknown[]): string[] => {
    const messages: string[] = []
    loadBalancing.config.check(
      { ...smallConfig({ users: { targets: ['http://a.test'], balance: 'mine' } }), plugins } as never,
      ({ message }) => messages.push(message)
    )
    return messages
  }
  assert.deepEqual([found([{ path: './mine.mjs' }]), found([])], [[], ['no plugin offers the balancer "mine"']])
})

test('a balancer that warns of its options is used, and one that finds an error is not', () => {
  for (const severity of ['warning', 'error'] as const) {
    const offered = new Map([[
      'mine',
      {
        create: () => ({ pick: ([first]: readonly never[]) => first! }),
        options: Type.Object({}),
        checkOptions: (
          _options: never,
          report: Parameters<typeof chooseBalancer>[3]
        ) => report({ pointer: '/key', message: 'look here', severity })
      }
    ]])
    const told: (string | undefined)[][] = []
    const chosen = chooseBalancer('mine', '/balance', offered, problem => told.push([problem.pointer, problem.severity]))
    assert.deepEqual([chosen !== undefined, told], [severity === 'warning', [['/balance/key', severity]]])
  }
})
