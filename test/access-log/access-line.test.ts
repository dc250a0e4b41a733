/** What the log says about a request. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { createLogger } from '../../src/logging/log.ts'
import { startGateway } from '../helpers/gateway.ts'
import { exchangeBytes, open } from '../helpers/raw.ts'
import { startTarget } from '../helpers/target.ts'

const completed = ({ msg }: Record<string, unknown>): boolean => msg === 'request completed'

test('a request is one line that says what it was, where it went and how long it took', async t => {
  const target = await startTarget(t, (_request, response) => response.end('hello'))
  const { url, logged, logs } = await startGateway(
    t,
    `upstreams: { users: { targets: ["${target.url}"] } }\nroutes: [{ path: "/users/:id", name: user, upstream: users }]`
  )
  await (await fetch(`${url}/users/7`, { method: 'PUT', body: 'abc', headers: { 'x-request-id': 'r-1' } })).text()
  const { time, durationMs, upstreamMs, traceId, ...line } = await logged(completed)
  assert.deepEqual(line, {
    level: 'info', msg: 'request completed', requestId: 'r-1', method: 'PUT', path: '/users/7', route: 'user', status: 200,
    upstream: 'users', target: target.url, attempts: 1, bytesIn: 3, bytesOut: 5, clientIp: '127.0.0.1'
  })
  assert.match(String(traceId), /^[0-9a-f]{32}$/)
  for (const number of [time, durationMs, upstreamMs]) assert.equal(typeof number, 'number')
  assert.ok(Number(upstreamMs) <= Number(durationMs))
  assert.equal(logs.filter(completed).length, 1)
})

test('neither the query nor a header nor a cookie is in the log', async t => {
  const { url, logged, logs } = await startGateway(t, 'routes: [{ path: /a, respond: { status: 200 } }]')
  await fetch(`${url}/a?token=hunter2`, { headers: { authorization: 'Bearer hunter2', cookie: 'session=hunter2', 'x-api-key': 'hunter2' } })
  assert.equal((await logged(completed))['path'], '/a')
  assert.doesNotMatch(JSON.stringify(logs), /hunter2/)
})

test('a request that was refused before its path was read is logged with what it asked for', async t => {
  const { url, logged } = await startGateway(t, 'routes: [{ path: /a, respond: { status: 200 } }]')
  await exchangeBytes(t, url, 'GET /%zz?secret HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  const line = await logged(completed)
  assert.deepEqual([line['path'], line['status'], line['code'], line['fault']], ['/%zz', 400, 'bad-target', 'client'])
})

test('the level tells who must act: no one, the owner of the service, the owner of the gateway', async t => {
  const target = await startTarget(t, (_request, response) => response.writeHead(503).end())
  const { url, logged } = await startGateway(t, `
policies: { bug: { plugin: ./bug.mjs } }
routes: [{ path: /ill, target: "${target.url}" }, { path: /dead, target: "http://127.0.0.1:1" },
  { path: /bug, policies: [bug], respond: { status: 200 } }]`, {
    files: { 'bug.mjs': 'export default async app => { app.addHook("onRequest", async () => { throw new Error("bug") }) }' }
  })
  const expected = {
    '/nope': ['info', 404, 'not-found', 'client'],
    '/ill': ['warn', 503, 'upstream-error', 'upstream'],
    '/dead': ['warn', 502, 'connection-refused', 'upstream'],
    '/bug': ['error', 500, 'plugin-error', 'plugin']
  }
  for (const [path, fields] of Object.entries(expected)) {
    await fetch(url + path)
    const line = await logged(one => completed(one) && one['path'] === path)
    assert.deepEqual([line['level'], line['status'], line['code'], line['fault']], fields)
  }
})

test('a retried request says how many attempts it took', async t => {
  const { url, logged } = await startGateway(
    t,
    'upstreams: { dead: { targets: ["http://127.0.0.1:1"], retry: { attempts: 3 } } }\nroutes: [{ path: /*, upstream: dead }]'
  )
  await fetch(url)
  assert.equal((await logged(completed))['attempts'], 3)
})

test('a client that leaves early is one line with 499', async t => {
  const target = await startTarget(t, () => {})
  const { url, logged, logs } = await startGateway(t, `routes: [{ path: /slow, target: "${target.url}" }]`)
  const socket = await open(t, url)
  socket.write('GET /slow HTTP/1.1\r\nhost: a\r\n\r\n')
  await once(target.server, 'request')
  socket.destroy()
  const line = await logged(completed)
  assert.deepEqual(
    [line['status'], line['code'], line['fault'], line['level'], line['bytesOut']],
    [499, 'client-closed', 'client', 'info', 0]
  )
  assert.equal(logs.filter(completed).length, 1)
})

test('a client that leaves in the middle of a response keeps its status and the code says why it ended', async t => {
  const target = await startTarget(t, (_request, response) => { response.write('x'.repeat(1000)) })
  const { url, logged } = await startGateway(t, `routes: [{ path: /*, target: "${target.url}" }]`)
  const socket = await open(t, url)
  socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  await once(socket, 'data')
  socket.destroy()
  const line = await logged(completed)
  assert.deepEqual([line['status'], line['code'], line['bytesOut']], [200, 'client-closed', 1000])
})

for (const [what, method, respond, bytes] of [
  ['sent in one piece', 'GET', { 'content-length': '5' }, 5],
  ['sent in chunks', 'GET', {}, 5],
  ['that HEAD only heard of', 'HEAD', { 'content-length': '5' }, 0]
] as const) {
  test(`bytesOut counts a body ${what}`, async t => {
    const target = await startTarget(t, (_request, response) => {
      response.writeHead(200, respond)
      response.write('he')
      setImmediate(() => response.end('llo'))
    })
    const { url, logged } = await startGateway(t, `routes: [{ path: /*, target: "${target.url}" }]`)
    await (await fetch(url, { method })).text()
    assert.equal((await logged(completed))['bytesOut'], bytes)
  })
}

test('who was let in is named by the subject of the token', async t => {
  const {
    url,
    logged
  } = await startGateway(t, 'policies: { who: { plugin: ./who.mjs } }\nroutes: [{ path: /a, policies: [who], respond: { status: 200 } }]', {
    files: { 'who.mjs': 'export default async app => { app.addHook("onRequest", async request => { request.claims = { sub: "alice" } }) }' }
  })
  await fetch(`${url}/a`)
  assert.equal((await logged(completed))['sub'], 'alice')
})

test('switched off, or below the level of the log, requests leave no line', async t => {
  for (const [yaml, level] of [['accessLog: { enabled: false }', 'info'], ['', 'warn']] as const) {
    const lines: string[] = []
    const logger = createLogger(
      { level, format: 'json' },
      new Writable({ write (chunk: Buffer, _encoding, done) { lines.push(chunk.toString()); done() } })
    )
    const { url } = await startGateway(t, `${yaml}\nroutes: [{ path: /a, respond: { status: 200 } }]`, { logger })
    await (await fetch(`${url}/a`)).text()
    assert.deepEqual(lines.filter(line => line.includes('request completed')), [])
  }
})
