/** Routes that differ only in what they match share one route of Fastify, without a visible difference. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sharedRoutesOf } from '../../plugins/core/routing/shared-routes.ts'
import type { Route } from '../../src/contract/route.ts'
import { atOnce } from '../../src/scheduling/steps.ts'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startService } from '../helpers/target.ts'

function routesOf (...configs: readonly Record<string, unknown>[]): Route[] {
  return configs.map((
    { policies = [], ...config },
    index
  ) => ({ index, name: String(index), pattern: String(config['path']), policies, config }) as unknown as Route)
}

function indexesOf (...configs: readonly Record<string, unknown>[]): number[][] {
  return atOnce(sharedRoutesOf(routesOf(...configs))).map(({ routes }) => routes.map(({ index }) => index))
}

test('name, path, methods, host, headers and query make no difference', () => {
  assert.deepEqual(indexesOf(
    { path: '/a', upstream: 'u' },
    { path: '/b', name: 'b', upstream: 'u' },
    { path: '/b', host: 'b.example', methods: ['GET'], upstream: 'u' },
    { path: '/b', headers: { 'x-version': 'v2' }, query: { page: '*' }, upstream: 'u' }
  ), [[0, 1, 2, 3]])
})

test('anything else does', () => {
  const same = { path: '/a', upstream: 'u' }
  const others = [
    { upstream: 'v' }, { policies: ['login'] }, { policies: ['login', 'limit'] }, { policies: ['limit', 'login'] },
    { stripPrefix: '/a' }, { timeout: 5 }, { trace: false }
  ]
  assert.deepEqual(indexesOf(same, ...others.map(other => ({ ...same, ...other })), same), [[0, 8], [1], [2], [3], [4], [5], [6], [7]])
})

test('each chain has a path of its own that no client can ask for', () => {
  const paths = atOnce(sharedRoutesOf(routesOf(
    { path: '/a', upstream: 'u' },
    { path: '/b', upstream: 'v' },
    { path: '/c', upstream: 'u' }
  ))).map(({ path }) => path)
  assert.deepEqual(paths, ['/\u00000', '/\u00001'])
})

test('a request of a chain keeps its own route: name, parameters and methods', async t => {
  const target = await startService(
    t,
    (request, response) => { response.end([request.method, request.headers['x-user'] ?? '-', request.headers['x-item'] ?? '-'].join(' ')) }
  )
  const gateway = await startGateway(t, `
routes:
  - { path: '/users/:user', name: users, target: ${target.url},
      requestHeaders: { set: { x-user: '\${params.user}', x-item: '\${params.item}' } } }
  - { path: '/items/:item', name: items, target: ${target.url},
      requestHeaders: { set: { x-user: '\${params.user}', x-item: '\${params.item}' } } }
  - { path: '/odd', methods: [PROPFIND], target: ${target.url},
      requestHeaders: { set: { x-user: '\${params.user}', x-item: '\${params.item}' } } }
`)
  assert.equal((await send(gateway.url, '/users/7')).text, 'GET 7 -')
  assert.equal((await send(gateway.url, '/items/8')).text, 'GET - 8')
  assert.equal((await send(gateway.url, '/odd', { method: 'PROPFIND' })).text, 'PROPFIND - -')
  assert.equal((await send(gateway.url, '/users/7', { method: 'PROPFIND' })).text, 'PROPFIND 7 -')
  assert.equal((await send(gateway.url, '/odd')).status, 405)
})
