/**
 * What a gRPC client gets from the gateway itself: a status in the header fields, or in the trailers of a response that breaks off.
 * HTTP/1.1 carries the same fields as HTTP/2 and shows them byte for byte.
 */

import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test, type TestContext } from 'node:test'
import { grpcStatusOf } from '../../src/contract/grpc-errors.ts'
import { reasons } from '../../src/contract/errors.ts'
import { grpcStatusName } from '../../src/http/grpc/status.ts'
import { writeFrame } from '../../src/http/grpc/frames.ts'
import { send, type Answer } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { freePort, startService } from '../helpers/target.ts'

const message = writeFrame(Buffer.from('hello'))

async function call (gateway: TestGateway, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return await send(gateway.url, path, {
    method: 'POST',
    headers: { 'content-type': 'application/grpc+proto', te: 'trailers', 'content-length': message.length, ...headers },
    body: message
  })
}

/** Status and message of a response without messages. */
function refusalOf ({ status, headers, text, complete }: Answer): unknown[] {
  return [status, headers['content-type'], headers['grpc-status'], headers['grpc-message'], text, complete]
}

test('every reason has a gRPC status, also with a status that a plugin has chosen', () => {
  for (const reason of Object.values(reasons)) assert.ok(grpcStatusName(grpcStatusOf(reason)) !== undefined, reason.code)
  assert.equal(grpcStatusOf({ ...reasons['plugin-error'], status: 503 }), 14)
  assert.equal(grpcStatusOf({ ...reasons.rejected, code: 'of-a-plugin', status: 418 }), 2)
})

test('a call without a route, credential or place is told so in the way of gRPC', async t => {
  const service = await startService(t, (_request, response) => { response.end() })
  const gateway = await startGateway(t, `
upstreams:
  up: { targets: ['${service.url}'] }
  down: { targets: ['http://127.0.0.1:${await freePort()}'] }
policies:
  login: { plugin: jwt-auth, secret: a-secret-of-thirty-two-characters, algorithms: [HS256] }
  once: { plugin: rate-limiting, limit: 1/h, burst: 1, key: global }
routes:
  - { grpc: shop.Orders/Get, upstream: up, policies: [login] }
  - { grpc: shop.Stock/*, upstream: down }
  - { grpc: shop.Limited/*, upstream: up, policies: [once] }
`)
  const proto = 'application/grpc+proto'
  assert.deepEqual(refusalOf(await call(gateway, '/shop.Other/Get')), [200, proto, '12', 'not found', '', true])
  const denied = await call(gateway, '/shop.Orders/Get')
  assert.deepEqual(refusalOf(denied), [200, proto, '16', 'missing token', '', true])
  assert.match(String(denied.headers['proxy-status']), /; error=http_request_denied; details="missing-token"$/)
  assert.match(String(denied.headers['www-authenticate']), /^Bearer/)
  assert.match(String(denied.headers['x-request-id']), /^[0-9a-f]{32}$/)
  assert.deepEqual(refusalOf(await call(gateway, '/shop.Stock/Get')), [200, proto, '14', 'bad gateway', '', true])
  await call(gateway, '/shop.Limited/Get')
  const limited = await call(gateway, '/shop.Limited/Get')
  assert.equal(limited.headers['grpc-status'], '8')
  assert.equal(limited.headers['grpc-retry-pushback-ms'], String(Number(limited.headers['retry-after']) * 1000))
  const line = await gateway.logged(({ code }) => code === 'missing-token')
  assert.deepEqual([line['status'], line['fault']], [200, 'client'])
})

test('a web page gets the media type that it has asked with', async t => {
  const gateway = await startGateway(t, 'routes: [{ path: /x, respond: { status: 204 } }]')
  const answer = await call(gateway, '/shop.Orders/Get', { 'content-type': 'application/grpc-web-text+proto' })
  assert.deepEqual(refusalOf(answer), [200, 'application/grpc-web-text+proto', '12', 'not found', '', true])
})

type Serve = (response: ServerResponse, fields: Readonly<Record<string, unknown>>) => void

async function gatewayTo (t: TestContext, serve: Serve, more = ''): Promise<TestGateway> {
  const service = await startService(t, (request, response) => {
    request.resume().on('end', () => serve(response, request.headers))
  })
  return await startGateway(t, `
upstreams:
  up: { targets: ['${service.url}'] ${more} }
routes: [{ grpc: shop.Orders/*, upstream: up }]
`)
}

const begun = { 'content-type': 'application/grpc+proto' }

/** A complete response with one message. */
function respond (response: ServerResponse, status = '0'): void {
  response.writeHead(200, { ...begun, trailer: 'grpc-status' })
  response.write(message)
  response.addTrailers({ 'grpc-status': status })
  response.end()
}

test('messages and trailers of a target pass unchanged, and the log has the status', async t => {
  const gateway = await gatewayTo(t, response => respond(response, '5'))
  const answer = await call(gateway, '/shop.Orders/Get')
  assert.deepEqual([answer.status, answer.body, answer.trailers['grpc-status']], [200, message, '5'])
})

test('the deadline of a client ends a call that has no response yet, and the target is told what is left', async t => {
  let told = ''
  const gateway = await gatewayTo(t, (_response, fields) => { told = String(fields['grpc-timeout']) })
  const answer = await call(gateway, '/shop.Orders/Get', { 'grpc-timeout': '50m' })
  assert.deepEqual(refusalOf(answer), [200, 'application/grpc+proto', '4', 'deadline exceeded', '', true])
  assert.match(told, /^\d{1,5}u$/)
  assert.ok(Number(told.slice(0, -1)) < 50_000)
})

test('the deadline of a client ends a response that has begun with the status in the trailers', async t => {
  const gateway = await gatewayTo(t, response => response.writeHead(200, begun).write(message))
  const answer = await call(gateway, '/shop.Orders/Watch', { 'grpc-timeout': '400m' })
  assert.deepEqual([answer.body, answer.trailers['grpc-status'], answer.complete], [message, '4', true])
  const line = await gateway.logged(({ msg }) => msg === 'request completed')
  assert.equal(line['code'], 'deadline-exceeded')
})

test('timeouts.exchange is the deadline of clients that have none or a later one', async t => {
  const told: unknown[] = []
  const gateway = await gatewayTo(t, (response, fields) => {
    told.push(fields['grpc-timeout'])
    respond(response)
  }, ', timeouts: { exchange: 20s }')
  await call(gateway, '/shop.Orders/Get')
  await call(gateway, '/shop.Orders/Get', { 'grpc-timeout': '5M' })
  await call(gateway, '/shop.Orders/Get', { 'grpc-timeout': '10S' })
  const microseconds = told.map(value => Number(String(value).replace(/u$/, '')))
  assert.ok(microseconds.every((time, index) => time < [20e6, 20e6, 10e6][index]! && time > 1e6), String(told))
})

test('a target that breaks off is UNAVAILABLE in the trailers, and a cut for a client that takes none', async t => {
  const gateway = await gatewayTo(t, response => {
    response.writeHead(200, begun)
    response.write(message, () => setImmediate(() => response.destroy()))
  })
  const answer = await call(gateway, '/shop.Orders/Watch')
  assert.deepEqual([answer.body, answer.trailers['grpc-status'], answer.complete], [message, '14', true])
  assert.equal((await call(gateway, '/shop.Orders/Watch', { te: '' })).complete, false)
})

test('a call with a status of retry.on is made again where there was no message, although its method is POST', async t => {
  let calls = 0
  const gateway = await gatewayTo(t, response => {
    if (++calls % 2 === 0) respond(response)
    else response.writeHead(200, { ...begun, 'grpc-status': '14' }).end()
  }, ', retry: { on: [grpc-unavailable], backoff: { base: 1ms } }')
  const answer = await call(gateway, '/shop.Orders/Get')
  assert.deepEqual([calls, answer.trailers['grpc-status']], [2, '0'])
})

test('a status after messages is not made again', async t => {
  let calls = 0
  const gateway = await gatewayTo(t, response => {
    calls++
    respond(response, '14')
  }, ', retry: { on: [grpc-unavailable] }')
  const answer = await call(gateway, '/shop.Orders/Get')
  assert.deepEqual([calls, answer.trailers['grpc-status']], [1, '14'])
})

for (const [where, serve] of [
  ['header fields', response => response.writeHead(200, { ...begun, 'grpc-status': '14' }).end()],
  ['trailers', response => respond(response, '14')]
] as [string, Serve][]) {
  test(`UNAVAILABLE in the ${where} opens the breaker, and says so in the log`, async t => {
    const gateway = await gatewayTo(t, serve, ', circuitBreaker: { failures: 2, openFor: 1m }')
    await call(gateway, '/shop.Orders/Get')
    await call(gateway, '/shop.Orders/Get')
    const answer = await call(gateway, '/shop.Orders/Get')
    assert.equal(answer.headers['grpc-status'], '14')
    const line = await gateway.logged(({ code }) => code === 'no-target')
    assert.equal(line['attempts'], undefined)
    const first = await gateway.logged(({ code }) => code === 'upstream-error')
    assert.equal(first['fault'], 'upstream')
  })
}

test('statuses that a client can cause leave the breaker closed', async t => {
  const statuses = ['3', '4', '12', '5', '7', '8']
  let calls = 0
  const gateway = await gatewayTo(t, response => respond(response, statuses[calls++]), ', circuitBreaker: { failures: 2, openFor: 1m }')
  for (const status of statuses) {
    const answer = await call(gateway, '/shop.Orders/Get')
    assert.equal(answer.trailers['grpc-status'], status)
  }
})

test('a route for methods takes POST with a media type of gRPC, and nothing else', async t => {
  const gateway = await gatewayTo(t, response => respond(response))
  assert.equal((await send(gateway.url, '/shop.Orders/Get')).status, 404)
  const json = await send(gateway.url, '/shop.Orders/Get', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
  assert.equal(json.status, 404)
})
