import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { suite, test } from 'node:test'
import { orders } from '../../mocks/orders.ts'
import { users } from '../../mocks/users.ts'
import { started } from './started.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`

function post (body: string): RequestInit {
  return { method: 'POST', body, headers: { 'content-type': 'application/json' } }
}

/** Sends raw bytes, ends the sending side and returns all that comes back. */
async function raw (url: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(bytes)
  return Buffer.concat(await socket.toArray() as Buffer[]).toString()
}

suite('the stand-in services', () => {
  test('users are listed, found one by one and created', async t => {
    const { url } = await started(t, users)
    const list = await (await fetch(`${url}/users?page=1`)).json() as Array<{ id: string }>
    assert.deepEqual(list.map(({ id }) => id), ['1', '2', '3'])
    assert.deepEqual(await (await fetch(`${url}/users/2`)).json(), { id: '2', name: 'Grace Hopper', email: 'grace@example.com' })
    const created = await fetch(`${url}/users`, post('{"name":"Barbara"}'))
    assert.equal(created.status, 201)
    assert.deepEqual(await created.json(), { name: 'Barbara', id: '4' })
  })

  test('orders are found one by one and created', async t => {
    const { url } = await started(t, orders)
    assert.deepEqual(await (await fetch(`${url}/orders/1`)).json(), { id: '1', user: '1', item: 'analytical engine', quantity: 1 })
    const created = await fetch(`${url}/orders`, post('{"item":"loom"}'))
    assert.equal(created.status, 201)
    assert.deepEqual(await created.json(), { item: 'loom', id: '4' })
  })

  for (const [name, status, path, init] of [
    ['an unknown user', 404, '/users/99'],
    ['a user id that is a broken escape', 404, '/users/%zz'],
    ['an unknown path', 404, '/nowhere'],
    ['a method that the path does not know', 405, '/users', { method: 'DELETE' }],
    ['a body that is not JSON', 400, '/users', post('{')],
    ['a body that is no object', 400, '/users', post('[1]')],
    ['a health that is no status', 400, '/_mock/health', post('{"status":"bad"}')]
  ] as Array<[string, number, string, RequestInit?]>) {
    test(`${name} gets a ${status} problem`, async t => {
      const { url } = await started(t, users)
      const response = await fetch(url + path, init)
      assert.equal(response.status, status)
      assert.equal(response.headers.get('content-type'), 'application/problem+json')
      assert.equal((await response.json() as { status: number }).status, status)
    })
  }

  test('a 405 lists the methods of the path', async t => {
    const { url } = await started(t, users)
    const response = await fetch(`${url}/users`, { method: 'PATCH' })
    assert.equal(response.headers.get('allow'), 'GET, POST')
  })

  test('a HEAD gets the response of a GET without the body', async t => {
    const { url } = await started(t, users)
    const answer = await raw(url, 'HEAD /users HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/)
    assert.match(answer, /content-length: [1-9]/)
    assert.ok(answer.endsWith('\r\n\r\n'))
  })

  test('every response says which service gave it, also an error', async t => {
    const { url } = await started(t, users, { name: 'users-2' })
    for (const path of ['/users', '/health', '/nowhere', '/echo']) {
      assert.equal((await fetch(url + path)).headers.get('x-served-by'), 'users-2')
    }
  })

  test('health can be switched, for this service alone', async t => {
    const [one, other] = [await started(t, users), await started(t, users)]
    assert.deepEqual(await (await fetch(`${one.url}/health`)).json(), { status: 'ok' })
    assert.equal((await fetch(`${one.url}/_mock/health`, post('{"status":503}'))).status, 200)
    assert.equal((await fetch(`${one.url}/health`)).status, 503)
    assert.equal((await fetch(`${other.url}/health`)).status, 200)
    await fetch(`${one.url}/_mock/health`, post('{"status":200}'))
    assert.equal((await fetch(`${one.url}/health`)).status, 200)
  })

  test('hits count the requests but not the health checks', async t => {
    const service = await started(t, users)
    for (const path of ['/users', '/health', '/nowhere', '/health', '/users/1']) await fetch(service.url + path)
    assert.equal(service.hits, 3)
  })

  test('echo shows method, raw URL, header lines in order and the body', async t => {
    const { url } = await started(t, users, { name: 'mirror' })
    const answer = await raw(
      url,
      'PURGE /echo/a%2Fb//c?x=%41&x HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nx-one: 2\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhäll'
    )
    const echoed = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as Record<string, unknown>
    assert.deepEqual(echoed, {
      service: 'mirror',
      method: 'PURGE',
      url: '/echo/a%2Fb//c?x=%41&x',
      httpVersion: '1.1',
      headers: [['Host', 'a'], ['X-One', '1'], ['x-one', '2'], ['Connection', 'close'], ['Content-Length', '5']],
      body: 'häll',
      bodyEncoding: 'text',
      bodyLength: 5
    })
  })

  test('echo gives a binary body in base64', async t => {
    const { url } = await started(t, users)
    const body = new Uint8Array([0xff, 0x00, 0x80])
    const echoed = await (await fetch(`${url}/echo`, { method: 'PUT', body })).json() as Record<string, unknown>
    assert.equal(echoed.body, '/wCA')
    assert.equal(echoed.bodyEncoding, 'base64')
    assert.equal(echoed.bodyLength, 3)
  })

  test('a slow response says how long it took', async t => {
    const { url } = await started(t, orders)
    assert.deepEqual(await (await fetch(`${url}/slow?ms=1`)).json(), { ms: 1 })
  })

  test('a stream is a series of server-sent events', async t => {
    const { url } = await started(t, users)
    const response = await fetch(`${url}/stream?ms=1&count=2`)
    assert.equal(response.headers.get('content-type'), 'text/event-stream')
    assert.equal(await response.text(), 'id: 1\nevent: tick\ndata: {"tick":1}\n\nid: 2\nevent: tick\ndata: {"tick":2}\n\n')
  })

  test('a trace is joined: its id is in the response and its header in the log line', async t => {
    const lines: string[] = []
    const service = await started(t, users, { log: line => lines.push(line) })
    const response = await fetch(`${service.url}/users/1?a=b`, { headers: { traceparent } })
    await response.text()
    await service.close()
    assert.equal(response.headers.get('x-trace-id'), traceId)
    const [line, ...more] = lines.map(text => JSON.parse(text) as Record<string, unknown>)
    assert.deepEqual(more, [])
    const { time, durationMs, ...rest } = line ?? {}
    assert.deepEqual([typeof time, typeof durationMs], ['string', 'number'])
    assert.deepEqual(rest, { service: 'users', method: 'GET', url: '/users/1?a=b', status: 200, complete: true, traceparent })
  })

  for (const [what, value] of [
    ['no traceparent', undefined],
    ['an all-zero trace id', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['an all-zero parent id', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['version ff', `ff-${traceId}-00f067aa0ba902b7-01`],
    ['an upper-case trace id', `00-${traceId.toUpperCase()}-00f067aa0ba902b7-01`]
  ] as const) {
    test(`with ${what} there is no trace to join`, async t => {
      const { url } = await started(t, users)
      const response = await fetch(`${url}/users`, value === undefined ? {} : { headers: { traceparent: value } })
      assert.equal(response.headers.get('x-trace-id'), null)
    })
  }
})
