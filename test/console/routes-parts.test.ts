/** What the view of the routes makes of routes, figures and requests. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reasons, routeRows } from './client.ts'

const faultless = { client: 0, upstream: 0, gateway: 0, plugin: 0 }
const figures = (rate: number, errors: object = {}): object => ({ rate, errors: { ...faultless, ...errors } })

test('a row is the same object until its route or its figures are others, and what no route served is the last one', () => {
  const rowsOf = routeRows.rowMaker()
  const routes = [{ name: '/a', path: '/a', upstream: 'u' }, { name: '/b', path: '/b', respond: {} }]
  const traffic = { '/a': figures(1), '/b': figures(2), '(none)': figures(3) }
  const first = rowsOf(routes, traffic)
  assert.deepEqual(first.map(({ name }) => name), ['/a', '/b', '(none)'])
  const next = rowsOf(routes, { ...traffic, '/b': figures(4) })
  assert.deepEqual(next.map((row, index) => row === first[index]), [true, false, true])
  assert.equal(rowsOf([{ ...routes[0] }, routes[1]!], traffic)[0] === first[0], false)
})

test('routes of one name are rows of their own', () => {
  const rows = routeRows.rowMaker()([{ name: '/a', path: '/a' }, { name: '/a', path: '/a' }], {})
  assert.equal(new Set(rows.map(({ id }) => id)).size, 3)
})

test('rates that waver do not change the order of the rows, and those that change do', () => {
  const rowsOf = routeRows.rowMaker()
  const orders = [10, 10.9, 9.2, 12, 12.5, 0, 0.1].map(rate => rowsOf([{ name: '/a', path: '/a' }], { '/a': figures(rate) })[0]!.order)
  assert.deepEqual(orders, [10, 10, 10, 12, 12, 0, 0.1])
  assert.equal(rowsOf([{ name: '/b', path: '/b' }], {})[0]!.order, undefined)
})

test('errors are a part of the requests, with whose fault most of them are', () => {
  const errorsOf = (one: object) => routeRows.rowMaker()([{ name: '/a', path: '/a' }], { '/a': one })[0]!.errors
  assert.deepEqual(errorsOf(figures(8, { client: 1, upstream: 3 })), { share: 0.5, fault: 'upstream', words: 'upstream 3/s, client 1/s' })
  assert.deepEqual(errorsOf(figures(8)), { share: 0, fault: undefined, words: '' })
  assert.equal(errorsOf(figures(1, { client: 1.01 }))!.share, 1)
  assert.equal(errorsOf(figures(0)), undefined)
})

test('what serves a route is said for every kind of route', () => {
  const served = (route: object) => routeRows.rowMaker()([{ name: '/a', path: '/a', ...route }], {})[0]!.served
  assert.deepEqual(served({ upstream: 'users' }), { upstreams: [{ name: 'users' }] })
  assert.deepEqual(served({ target: 'http://a' }), { upstreams: [{ name: 'http://a' }] })
  const split = [{ upstream: 'a', weight: 3 }, { upstream: 'b', weight: 1 }]
  assert.deepEqual(served({ split })!.upstreams, [{ name: 'a', share: 0.75 }, { name: 'b', share: 0.25 }])
  assert.deepEqual(served({ split: [{ upstream: 'a', weight: 0 }] })!.upstreams, [{ name: 'a', share: 0 }])
  const others = [{ respond: {} }, { respond: { status: 404 } }, { redirect: { to: '/b' } }, { plugin: './p.ts' }, {}]
  assert.deepEqual(others.map(route => served(route)!.text), [
    'responds 200', 'responds 404', 'redirects to /b', 'plugin ./p.ts', 'a plugin'
  ])
})

test('a row is found by its path, methods, hosts, upstreams and policies', () => {
  const route = { name: 'n', path: '/p/*', methods: ['PUT'], host: ['h.example'], upstream: 'u', policies: [], chain: ['door', 'few'] }
  assert.equal(routeRows.rowMaker()([route], {})[0]!.search, 'n /p/* PUT h.example u door few')
})

test('the sample of a route has values for the parameters of its path, its method and its host', () => {
  assert.deepEqual(routeRows.sampleOf({ path: '/a/:id/b-:n(\\d+)/*', methods: ['PUT', 'GET'], host: '*.example.com' }), {
    method: 'PUT', url: '/a/1/b-1/1', header: 'host: www.example.com'
  })
  assert.deepEqual(routeRows.sampleOf({ path: '/a::b' }), { method: 'GET', url: '/a:b', header: undefined })
})

test('requests are grouped by reason and policy, and responses without a reason by status', () => {
  const groups = reasons.byReason([
    { id: '5', reason: 'rate-limited', status: 429, fault: 'client', policy: 'few', time: 5 },
    { id: '4', status: 503, upstream: 'u', time: 4 },
    { id: '3', reason: 'rate-limited', status: 429, fault: 'client', policy: 'many', time: 3 },
    { id: '2', reason: 'rate-limited', status: 429, fault: 'client', policy: 'few', time: 2 },
    { id: '1', status: 404, time: 1 }
  ])
  assert.deepEqual(groups.map(({ text, fault, count, id }) => [text, fault, count, id]), [
    ['rate-limited', 'client', 2, '5'],
    ['status 503 of the upstream', 'upstream', 1, '4'],
    ['rate-limited', 'client', 1, '3'],
    ['status 404 of the route', undefined, 1, '1']
  ])
})
