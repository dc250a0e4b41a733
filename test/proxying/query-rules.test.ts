/** Parameters of the query that a route sets, adds and takes out. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileQueryRules } from '../../plugins/core/proxying/query-rules.ts'
import type { Exchange } from '../../src/contract/exchange.ts'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

const rules = { set: { key: 's3 cret&', user: '${header.x-user}', 'a b': '1' }, add: { tag: 'new' }, remove: ['token', 'debug'] }
const after = (query: string, headers: Record<string, string> = {}): string => {
  const request = { query: {}, claims: null }
  const exchange = { query, headers, id: 'i', method: 'GET', path: '/', clientIp: '', match: { params: {} }, request }
  return compileQueryRules(rules)(exchange as unknown as Exchange)
}
const fixed = 'key=s3%20cret%26&a%20b=1&tag=new'

for (const [query, expected] of [
  ['', `?${fixed}`],
  ['?', `?${fixed}`],
  ['?a=%7e&&b=+&c=%zz&d', `?a=%7e&&b=+&c=%zz&d&${fixed}`],
  ['?key=1&key=2&x=3', `?x=3&${fixed}`],
  ['?%6bey=1&k%65y&tok%65n=t&debug&debug=', `?${fixed}`],
  ['?a+b=2&a%20b=3&tag=old', `?tag=old&${fixed}`],
  ['?keys=1&tokens=2&KEY=3', `?keys=1&tokens=2&KEY=3&${fixed}`],
  ['?user=forged', `?${fixed}`]
] as const) {
  test(`${query || 'no query'} becomes ${expected}`, () => assert.equal(after(query), expected))
}

test('a value of the request is encoded byte for byte, and can be nothing but a value', () => {
  assert.equal(after('', { 'x-user': 'an\xc3\xa9&admin=1#' }), `?key=s3%20cret%26&user=an%C3%A9%26admin%3D1%23&a%20b=1&tag=new`)
})

test('a byte that needs two digits gets two', () => {
  assert.match(after('', { 'x-user': 'a\tb' }), /&user=a%09b&/)
})

test('a route without rules passes the query as it is, one with rules changes it on the way to the target', async t => {
  const target = await startTarget(t)
  const { url, gateway } = await startGateway(t, `
routes:
  - { path: /plain, target: "${target.url}" }
  - { path: /ruled, target: "${target.url}", requestQuery: { set: { v: "2" }, remove: [token] } }
`)
  await send(url, '/plain?token=%7e&v')
  await send(url, '/ruled?token=x&a=b&v=1')
  assert.deepEqual(target.hits.map(hit => hit.url), ['/plain?token=%7e&v', '/ruled?a=b&v=2'])
  assert.equal((await gateway.explain({ method: 'GET', url: '/ruled?token=x' })).outcome.forwards?.path, '/ruled?v=2')
})

test('a template that is none is refused with its place', async t => {
  await assert.rejects(
    startGateway(t, 'routes: [{ path: /, target: "http://127.0.0.1:1", requestQuery: { set: { a: "${nothing.x}" } } }]'),
    /gateway\.yaml:\d+:\d+.*nothing\.x/s
  )
})
