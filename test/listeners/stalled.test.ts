/** A client that takes nothing of its response is cut, and what it held is free again; one that is slow, or whose target is, is not. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { open } from '../helpers/raw.ts'
import { startService } from '../helpers/target.ts'

const piece = Buffer.alloc(65_536, 'x')

/** A target that sends without end at `/endless`, some bytes and then nothing at `/silent`, and at once elsewhere. */
async function openDoor (t: TestContext, upstream = '', write = '400ms'): Promise<TestGateway & {
  held: Set<ServerResponse>,
  asked: () => number
}> {
  const held = new Set<ServerResponse>()
  let asked = 0
  const service = await startService(t, (request, response) => {
    asked++
    held.add(response)
    response.on('close', () => held.delete(response))
    if (request.url === '/silent') response.write('begun')
    else if (request.url === '/endless') {
      const write = (): void => { while (response.write(piece)); }
      response.on('drain', write)
      write()
    } else response.end('fine')
  })
  const door = await startGateway(t, `
server: { host: 127.0.0.1, port: 0, timeouts: { write: ${write} } }
upstreams: { back: { targets: ['${service.url}']${upstream} } }
routes: [{ path: /*, upstream: back }]`)
  return { ...door, held, asked: () => asked }
}

async function until (condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5)
}

test('clients that read nothing are cut, and their targets have their places back', { timeout: 30_000 }, async t => {
  const door = await openDoor(t, ', connections: { max: 20, pending: 0 }')
  for (let i = 0; i < 20; i++) {
    const socket = await open(t, door.url)
    socket.pause().write('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n')
  }
  await until(() => door.asked() === 20)
  await until(() => door.held.size === 0 && door.gateway.inFlight === 0 && door.gateway.connections.public.open <= 1)
  assert.equal((await fetch(door.url)).status, 200)
  const lines = door.logs.filter(({ path }) => path === '/endless')
  assert.deepEqual(lines.map(({ status, code, fault }) => [status, code, fault]), Array(20).fill([200, 'client-stalled', 'client']))
  const metrics = await (await fetch(`${door.admin}/metrics`)).text()
  assert.match(metrics, /^gateway_errors_total\{[^}]*code="client-stalled"[^}]*\} 20$/m)
})

test('where others wait for the connections of a target, clients that read nothing are cut much sooner', { timeout: 30_000 }, async t => {
  const door = await openDoor(t, ', connections: { max: 10, pending: 30 }', '1h')
  for (let i = 0; i < 15; i++) {
    const socket = await open(t, door.url)
    socket.pause().write('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n')
  }
  await until(() => door.held.size === 10)
  const answers = await Promise.all(Array.from({ length: 10 }, async () => await send(door.url, '/')))
  assert.deepEqual(answers.map(({ status }) => status), Array(10).fill(200))
  assert.ok(door.gateway.connections.public.open > 0, 'nobody waits for those that are left')
})

test('a client that reads a little now and then is served', { timeout: 30_000 }, async t => {
  const door = await openDoor(t, '', '1s')
  const socket = await open(t, door.url)
  let read = 0
  socket.on('data', (chunk: Buffer) => { read += chunk.length; socket.pause() })
  socket.write('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n')
  const sip = setInterval(() => socket.resume(), 5)
  t.after(() => clearInterval(sip))
  await sleep(3000)
  assert.equal(socket.destroyed, false)
  assert.ok(read > 1_000_000)
})

test('a client whose target is silent is not cut', { timeout: 30_000 }, async t => {
  const door = await openDoor(t)
  const socket = await open(t, door.url)
  socket.write('GET /silent HTTP/1.1\r\nHost: a\r\n\r\n')
  await once(socket, 'data')
  await sleep(1200)
  assert.equal(socket.destroyed, false)
})

test('a client that reads one long write slowly is served', { timeout: 30_000 }, async t => {
  const plugin = `export default Object.assign(async app => {
    app.addHook('onRequest', (_request, reply) => { reply.send(Buffer.alloc(40_000_000)) })
  }, { [Symbol.for('skip-override')]: true })`
  const { url } = await startGateway(
    t,
    'server: { host: 127.0.0.1, port: 0, timeouts: { write: 1500ms } }\nroutes: [{ path: /, respond: {} }]\nplugins: [{ plugin: ' +
      './long.ts }]',
    { files: { 'long.ts': plugin } }
  )
  const socket = await open(t, url)
  let read = 0
  socket.on('data', (chunk: Buffer) => { read += chunk.length; if (read < 20_000_000) socket.pause() })
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  const sip = setInterval(() => socket.resume(), 5)
  t.after(() => clearInterval(sip))
  await once(socket, 'close')
  assert.ok(read > 40_000_000, `${read} bytes`)
})

test('of requests in a row it is the response on its way that is said to have stalled', { timeout: 30_000 }, async t => {
  const door = await openDoor(t)
  const socket = await open(t, door.url)
  socket.pause().write('GET /endless HTTP/1.1\r\nHost: a\r\n\r\nGET /silent HTTP/1.1\r\nHost: a\r\n\r\n')
  await until(() => door.asked() === 2)
  const codes = await Promise.all(['/endless', '/silent'].map(async wanted => (await door.logged(({ path }) => path === wanted))['code']))
  assert.deepEqual(codes, ['client-stalled', 'client-closed'])
})
