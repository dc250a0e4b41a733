/** The identifier of a request: one value at the client, at the service and in the log. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { isAcceptableRequestId } from '../../plugins/core/tracing/request-id.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { exchangeBytes } from '../helpers/raw.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'

async function start (t: TestContext, tracing = ''): Promise<TestGateway & { readonly target: TestTarget }> {
  const target = await startTarget(t, (_request, response) => { response.setHeader('x-request-id', 'of-the-service').end('ok') })
  const gateway = await startGateway(
    t,
    `${tracing}\nroutes: [{ path: /users/*, methods: [GET], target: "${target.url}" }, { path: /down, target: "http://127.0.0.1:1" }]`
  )
  return { ...gateway, target }
}

test('a request without an identifier gets one, the same for client, service and log', async t => {
  const { url, target, logged } = await start(t)
  const id = (await fetch(`${url}/users/1`)).headers.get('x-request-id')!
  assert.match(id, /^[0-9a-f]{32}$/)
  assert.equal(target.hits[0]!.headers['x-request-id'], id)
  const line = await logged(({ msg }) => msg === 'request completed')
  assert.deepEqual([line['requestId'], line['traceId']], [id, id])
})

test('no two requests get the same identifier', async t => {
  const { url } = await start(t)
  const ids = await Promise.all(Array.from({ length: 100 }, async () => (await fetch(`${url}/nope`)).headers.get('x-request-id')))
  assert.equal(new Set(ids).size, 100)
})

test('the identifier of a client is kept, and the service\'s own does not replace it', async t => {
  const { url, target, logged } = await start(t)
  const answer = await fetch(`${url}/users/1`, { headers: { 'x-request-id': 'Root=1-67891233-abcdef/a+b@c:d~e' } })
  assert.equal(answer.headers.get('x-request-id'), 'Root=1-67891233-abcdef/a+b@c:d~e')
  assert.equal(target.hits[0]!.headers['x-request-id'], 'Root=1-67891233-abcdef/a+b@c:d~e')
  assert.equal((await logged(({ msg }) => msg === 'request completed'))['requestId'], 'Root=1-67891233-abcdef/a+b@c:d~e')
})

test('every response of the gateway itself carries the identifier, in a header and in the problem', async t => {
  const { url } = await start(t)
  const asked: [path: string, method: string, status: number][] = [
    ['/nope', 'GET', 404],
    ['/users/1', 'DELETE', 405],
    ['/down', 'GET', 502],
    ['/%zz', 'GET', 400]
  ]
  for (const [path, method, status] of asked) {
    const answer = await fetch(url + path, { method, headers: { 'x-request-id': 'mine' } })
    assert.equal(answer.status, status)
    assert.equal(answer.headers.get('x-request-id'), 'mine', path)
    assert.equal((await answer.json() as { requestId: string }).requestId, 'mine', path)
  }
})

test('two identifiers in one request are none', async t => {
  const { url } = await start(t)
  const { headers } = await exchangeBytes(
    t,
    url,
    'GET /nope HTTP/1.1\r\nhost: a\r\nx-request-id: a\r\nx-request-id: b\r\nconnection: close\r\n\r\n'
  )
  assert.match(headers['x-request-id']!.join(), /^[0-9a-f]{32}$/)
})

test('an identifier that means something elsewhere is not acceptable', () => {
  const bad = [
    '', ' ', 'a b', 'a,b', 'a"b', '<script>', 'a;b', '${x}', 'a\tb', 'a\r\nb', 'ä', '`x`', "a'b", 'a|b', '{}',
    'x'.repeat(129), undefined, ['a', 'b']
  ]
  for (const value of bad) assert.equal(isAcceptableRequestId(value), false, String(value))
  for (const value of ['a', 'x'.repeat(128), '01ARZ3NDEKTSV4RRFFQ69G5FAV', '0af76519-16cd-43dd-8448-eb211c80319c', 'YWJj+/==']) {
    assert.equal(isAcceptableRequestId(value), true, value)
  }
})

test('`accept: never` replaces what a client sends', async t => {
  const { url, target } = await start(t, 'tracing: { accept: never }')
  const trace = '0af7651916cd43dd8448eb211c80319c'
  const answer = await fetch(
    `${url}/users/1`,
    { headers: { 'x-request-id': 'mine', traceparent: `00-${trace}-b7ad6b7169203331-01`, tracestate: 'a=b' } }
  )
  assert.match(answer.headers.get('x-request-id')!, /^[0-9a-f]{32}$/)
  const { headers } = target.hits[0]!
  assert.doesNotMatch(String(headers['traceparent']), new RegExp(trace))
  assert.equal(headers['tracestate'], undefined)
})

test('`accept: proxies` takes it from trusted peers only', async t => {
  const strange = await start(t, 'tracing: { accept: proxies }')
  assert.notEqual((await fetch(strange.url, { headers: { 'x-request-id': 'mine' } })).headers.get('x-request-id'), 'mine')
  const trusted = await start(t, 'server: { host: 127.0.0.1, port: 0, trustProxy: [loopback] }\ntracing: { accept: proxies }')
  for (const headers of [{}, { 'x-forwarded-for': '203.0.113.5' }]) {
    assert.equal((await fetch(trusted.url, { headers: { 'x-request-id': 'mine', ...headers } })).headers.get('x-request-id'), 'mine')
  }
})
