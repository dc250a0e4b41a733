/** The test kit: a gateway, a stub upstream and a clock, in a few lines. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import test from 'node:test'
import type { FastifyInstance } from '../../src/index.ts'
import { stubUpstream, testClock, testGateway } from '../../src/testing/index.ts'

test('five lines are a test', async t => {
  const upstream = await stubUpstream(t)
  const door = await testGateway(t, `routes: [{ path: /*, target: ${upstream.url} }]`)
  const response = await door.inject('/users?page=2')
  assert.equal(response.statusCode, 200)
  assert.equal(upstream.requests[0]!.url, '/users?page=2')
})

test('the stub records requests and responds as it is told, in order', async t => {
  const upstream = await stubUpstream(t)
  const door = await testGateway(t, { routes: [{ path: '/*', target: upstream.url }] })
  upstream.respond(404, { status: 201, headers: { 'x-a': 'b' }, body: { made: true } }, request => ({ body: request.body.toUpperCase() }))
  const statuses = [await door.inject('/1'), await door.inject('/2'), await door.inject({ url: '/3', method: 'POST', body: 'abc' })]
  assert.deepEqual(statuses.map(({ statusCode, body }) => [statusCode, body]), [[404, ''], [201, '{"made":true}'], [200, 'ABC']])
  assert.equal(statuses[1]!.headers['x-a'], 'b')
  assert.deepEqual((await upstream.received(3)).map(({ method, url, body }) => [method, url, body]), [
    ['GET', '/1', ''], ['GET', '/2', ''], ['POST', '/3', 'abc']
  ])
  assert.deepEqual((await door.inject({ url: '/4', method: 'PUT', body: { a: 1 } })).json<{ body: string }>().body, '{"a":1}')
  upstream.always(503)
  assert.deepEqual([(await door.inject('/5')).statusCode, (await door.inject('/6')).statusCode], [503, 503])
})

test('each failure is what the gateway makes of it', async t => {
  const upstream = await stubUpstream(t)
  const door = await testGateway(t, {
    upstreams: { one: { targets: [upstream.url], timeouts: { response: '50ms' }, retry: { attempts: 1 } } },
    routes: [{ path: '/*', upstream: 'one' }]
  })
  upstream.respond({ fail: 'reset' }, { fail: 'hang' }, { delay: 5, status: 202 })
  const codes = [await door.inject('/'), await door.inject('/'), await door.inject('/')].map(({ statusCode }) => statusCode)
  assert.deepEqual(codes, [502, 504, 202])
  upstream.respond({ fail: 'truncate', body: 'half' })
  await assert.rejects(door.inject('/'), { code: 'ECONNRESET' })
  await upstream.close()
  assert.equal((await door.inject('/')).statusCode, 502)
})

test('a script can wait for the test', async t => {
  const upstream = await stubUpstream(t)
  const door = await testGateway(t, `routes: [{ path: /, target: ${upstream.url} }]`)
  const { promise, resolve } = Promise.withResolvers<number>()
  upstream.respond(async () => await promise)
  const response = door.inject('/')
  await upstream.received(1)
  resolve(418)
  assert.equal((await response).statusCode, 418)
})

test('the test advances the time of limits, breakers and dates', async t => {
  const upstream = await stubUpstream(t)
  const clock = testClock(new Date('2030-01-01T00:00:00Z'))
  const door = await testGateway(t, `
policies: { once: { plugin: rate-limiting, limit: 1/m, key: ip } }
upstreams: { one: { targets: ["${upstream.url}"], circuitBreaker: { failures: 1, openFor: 30s } } }
routes:
  - { path: /limited, respond: {}, policies: [once] }
  - { path: /broken, upstream: one }`, { clock })
  const status = async (url: string): Promise<number> => (await door.inject(url)).statusCode
  assert.deepEqual([await status('/limited'), await status('/limited')], [200, 429])
  upstream.respond(500)
  assert.deepEqual([await status('/broken'), await status('/broken')], [500, 503])
  clock.advance(29_999)
  assert.deepEqual([await status('/limited'), await status('/broken')], [429, 503])
  door.clock.advance('30s')
  clock.advance(1)
  assert.deepEqual([await status('/limited'), await status('/broken')], [200, 200])
  assert.equal(new Date(clock.wall()).toISOString(), '2030-01-01T00:01:00.000Z')
  for (const wrong of [-1, NaN, 'soon', '']) assert.throws(() => clock.advance(wrong), TypeError)
})

test('plugins, variables, log lines, explain, reload and real ports', async t => {
  const stamp = async (app: FastifyInstance, { text }: { readonly text: string }): Promise<void> => {
    app.addHook('onRequest', async (request, reply) => {
      request.log.info({ text }, 'stamped')
      reply.header('x-stamp', text)
    })
  }
  const config = {
    policies: { mine: { plugin: 'stamp', text: '${TEXT}' } },
    routes: [{ path: '/', respond: {}, policies: ['mine'] }]
  }
  const door = await testGateway(t, config, { plugins: { stamp }, env: { TEXT: 'hi' }, listen: true })
  assert.equal((await fetch(door.url)).headers.get('x-stamp'), 'hi')
  assert.equal((await door.inject('/')).headers['x-stamp'], 'hi')
  assert.equal((await fetch(`${door.admin}/livez`)).status, 200)
  assert.equal((await door.logged(({ msg }) => msg === 'stamped'))['text'], 'hi')
  assert.ok(door.logs.length > 0)
  assert.equal((await door.explain({ method: 'GET', url: '/' })).route, '/')
  assert.deepEqual(await door.reload({ ...config, routes: [{ path: '/other', respond: {} }] }), { ok: true })
  assert.equal((await door.inject('/')).statusCode, 404)
})

test('a file is given as a URL, and a missing listener is said', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'gateway.yaml'), 'server: { port: 80 }\nroutes: [{ path: /, respond: { text: "${TEXT}" } }]')
  const door = await testGateway(t, pathToFileURL(join(folder, 'gateway.yaml')), { env: { TEXT: 'hi' } })
  assert.equal((await door.inject('/')).body, 'hi')
  assert.throws(() => door.url, /the gateway has no proxy listener: give testGateway the option `listen: true`/)
})

test('what it opens ends with the test', async t => {
  const closers: (() => Promise<void>)[] = []
  const scope = { after (close: () => Promise<void>) { closers.push(close) } }
  const upstream = await stubUpstream(scope)
  const door = await testGateway(scope, `routes: [{ path: /, target: ${upstream.url} }]`, { listen: true })
  const { url } = door
  assert.equal((await fetch(url)).status, 200)
  for (const close of closers.toReversed()) await close()
  for (const gone of [url, upstream.url]) await assert.rejects(fetch(gone))
  t.diagnostic(`${closers.length} closed`)
})
