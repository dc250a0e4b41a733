/** A client that waits for 100 Continue gets it when the body is read, and not before (RFC 9110 §10.1.1). */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { open } from '../helpers/raw.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'

async function openDoor (t: TestContext): Promise<TestGateway & { target: TestTarget }> {
  const target = await startTarget(t)
  const door = await startGateway(t, `
server: { host: 127.0.0.1, port: 0, limits: { body: 1kb } }
policies:
  key: { plugin: api-key, keys: [{ consumer: shop, hash: 'sha256:510f6f2ee437f3ac0d19f09c409cdb37bbb86fc6a3d93c2327d4f2c6c6a5ec38' }] }
  few: { plugin: rate-limiting, limit: 1/h }
  shape: { plugin: body-validation, schema: { type: object } }
upstreams:
  kept: { targets: ['${target.url}'], retry: { bufferBody: 1kb } }
routes:
  - { path: /open/*, target: '${target.url}' }
  - { path: /kept/*, upstream: kept }
  - { path: /shaped/*, target: '${target.url}', policies: [shape] }
  - { path: /closed/*, target: '${target.url}', policies: [key] }
  - { path: /few/*, target: '${target.url}', policies: [few] }
  - { path: /fixed, respond: {} }`)
  return { ...door, target }
}

/** Sends a head, and the body when it is asked for. Returns the statuses that came. */
async function ask (t: TestContext, url: string, path: string, fields = 'Content-Length: 2\r\n', body = '{}'): Promise<number[]> {
  const socket = await open(t, url)
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    if (text === 'HTTP/1.1 100 Continue\r\n\r\n') socket.write(body)
  })
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n${fields}\r\n`
  )
  await once(socket, 'close')
  return [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))
}

test('it is asked once where the body is streamed, kept for retries or read by a policy', async t => {
  const { url, target } = await openDoor(t)
  for (const path of ['/open/x', '/kept/x', '/shaped/x']) {
    assert.deepEqual(await ask(t, url, path), [100, 200], path)
    assert.deepEqual(await ask(t, url, path, 'Transfer-Encoding: chunked\r\n', '2\r\n{}\r\n0\r\n\r\n'), [100, 200], path)
  }
  assert.deepEqual(target.hits.map(({ body }) => body.toString()), Array(6).fill('{}'))
  assert.ok(target.hits.every(({ headers }) => headers.expect === undefined))
})

test('a response that the request headers decide comes without 100 Continue', async t => {
  const { url, target } = await openDoor(t)
  await (await fetch(`${url}/few/x`)).text()
  const before = target.hits.length
  for (const [path, status, fields] of [
    ['/closed/x', 401],
    ['/nothing', 404],
    ['/few/x', 429],
    ['/open/x', 413, 'Content-Length: 2000\r\n'],
    ['/shaped/x', 413, 'Content-Length: 200000000\r\n'],
    ['/fixed', 200]
  ] as const) {
    assert.deepEqual(await ask(t, url, path, fields), [status], path)
  }
  assert.equal(target.hits.length, before)
})

test('an expectation that is not known is a problem like any other, with line and count', async t => {
  const door = await openDoor(t)
  const socket = await open(t, door.url)
  let text = ''
  socket.on('data', (chunk: Buffer) => { text += chunk.toString() })
  socket.write('POST /open/x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: teapot\r\n\r\n')
  await once(socket, 'close')
  assert.match(text, /^HTTP\/1\.1 417 [^]*content-type: application\/problem\+json[^]*"code":"unsupported-expectation"/i)
  const line = await door.logged(({ code }) => code === 'unsupported-expectation')
  assert.deepEqual([line['status'], line['fault'], line['path']], [417, 'client', '/open/x'])
  assert.match(await (await fetch(`${door.admin}/metrics`)).text(), /^gateway_errors_total\{[^}]*code="unsupported-expectation"[^}]*\} 1$/m)
})

test('HTTP/1.0 knows no expectations', async t => {
  const { url } = await openDoor(t)
  const socket = await open(t, url)
  let text = ''
  socket.on('data', (chunk: Buffer) => { text += chunk.toString() })
  socket.write('POST /open/x HTTP/1.0\r\nHost: a\r\nContent-Length: 2\r\nExpect: teapot\r\n\r\n{}')
  await once(socket, 'close')
  assert.match(text, /^HTTP\/1\.1 200 /)
})
