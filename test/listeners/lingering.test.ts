/**
 * A refusal in the middle of an upload reaches a client that reads only after it has sent everything (RFC
 * 9112 §9.6), and such a client is not read from for ever.
 */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { open } from '../helpers/raw.ts'
import { startTarget } from '../helpers/target.ts'
import { enter } from './states.ts'

const size = 16_000_000
const piece = Buffer.alloc(250_000, 'x')
const head = 'Host: a\r\n'
const post = (path: string, fields = ''): string => `POST ${path} HTTP/1.1\r\n${head}${fields}Content-Length: ${size}\r\n\r\n`
const chunked = (path: string): string => `POST ${path} HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\n${size.toString(16)}\r\n`

async function openDoor (t: TestContext, server = ''): Promise<TestGateway> {
  const target = await startTarget(t)
  return await startGateway(t, `
server: { host: 127.0.0.1, port: 0, timeouts: { linger: 1s }, limits: { body: 1kb }${server} }
policies:
  key: { plugin: api-key, keys: [{ consumer: shop, hash: 'sha256:510f6f2ee437f3ac0d19f09c409cdb37bbb86fc6a3d93c2327d4f2c6c6a5ec38' }] }
  few: { plugin: rate-limiting, limit: 1/h }
routes:
  - { path: /open/*, target: '${target.url}' }
  - { path: /closed/*, target: '${target.url}', policies: [key] }
  - { path: /few/*, target: '${target.url}', policies: [few] }`)
}

/** Sends a head and then as much as a body of {@link size}, and reads when all of it is sent. */
async function upload (t: TestContext, url: string, bytes: string): Promise<{ status: number, sent: boolean }> {
  const socket = await open(t, url)
  let failed = false
  socket.on('error', () => { failed = true })
  socket.pause()
  socket.write(bytes)
  for (let sent = 0; sent < size && !failed; sent += piece.length) {
    await new Promise(resolve => { socket.write(piece, resolve) })
  }
  let text = ''
  socket.on('data', (chunk: Buffer) => { text += chunk.toString() }).resume()
  if (!socket.destroyed) await new Promise(resolve => { socket.once('close', resolve) })
  return { status: Number(text.split(' ')[1]), sent: !failed }
}

for (const [what, bytes, status] of [
  ['a body that declares too much', post('/open/x'), 413],
  ['a body that turns out too large', chunked('/open/x'), 413],
  ['no credential', post('/closed/x'), 401],
  ['no route', post('/nothing'), 404],
  ['a method that the path does not take', post('/open/x').replace('POST', 'TRACE'), 405],
  ['an expectation', post('/open/x', 'Expect: teapot\r\n'), 417],
  ['a target that is refused', post('/open/../x'), 400],
  ['no request at all', 'junk junk\r\n\r\n', 400],
  ['a head without end', `GET / HTTP/1.1\r\n${head}X-Filler: `, 431],
  ['CONNECT', `CONNECT a:1 HTTP/1.1\r\n${head}\r\n`, 405],
  ['a chunk that is none', `POST /open/x HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400]
] as const) {
  test(`${what}: the client has its ${status} after it has sent everything`, { timeout: 20_000 }, async t => {
    const { url, gateway } = await openDoor(t)
    assert.deepEqual(await upload(t, url, bytes), { status, sent: true })
    while (gateway.connections.public.open > 0) await sleep(10)
  })
}

test('a limit that is used up', { timeout: 20_000 }, async t => {
  const { url } = await openDoor(t)
  await fetch(`${url}/few/x`)
  assert.deepEqual(await upload(t, url, post('/few/x')), { status: 429, sent: true })
})

test('a connection too many', { timeout: 20_000 }, async t => {
  const target = await startTarget(t)
  const { url } = await startGateway(
    t,
    `server: { host: 127.0.0.1, port: 0, limits: { connections: 1 } }\nroutes: [{ path: /*, target: '${target.url}' }]`
  )
  await open(t, url)
  assert.deepEqual(await upload(t, url, post('/')), { status: 503, sent: true })
})

test('a client that goes on and on is cut, and so is one that only stays', { timeout: 20_000 }, async t => {
  const { url, gateway } = await startGateway(
    t,
    'server: { host: 127.0.0.1, port: 0, timeouts: { linger: 300ms } }\nroutes: [{ path: /a, respond: {} }]'
  )
  const dripping = await enter(url, { name: 'dripping', send: post('/nothing'), until: ' 404 ' })
  const drip = setInterval(() => dripping.write('x'), 20)
  t.after(() => clearInterval(drip))
  const silent = await enter(url, { name: 'silent', send: post('/nothing'), until: ' 404 ' })
  assert.equal(gateway.connections.public.lingering, 2)
  while (gateway.connections.public.open > 0) await sleep(10)
  assert.equal(gateway.connections.public.lingering, 0)
  dripping.destroy()
  silent.destroy()
})

test('with no time to linger a connection is closed at once', { timeout: 20_000 }, async t => {
  const { url, gateway } = await startGateway(
    t,
    'server: { host: 127.0.0.1, port: 0, timeouts: { linger: 0s } }\nroutes: [{ path: /a, respond: {} }]'
  )
  const socket = await open(t, url)
  socket.resume().write(post('/nothing'))
  await once(socket, 'close')
  assert.equal(gateway.connections.public.lingering, 0)
})
