/** How long client connections serve requests: by their age and by the number of their requests. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { ageFactor } from '../../src/listeners/connection-life.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { ask2, openHttp2 } from '../helpers/http2.ts'
import { exchangeBytes, open } from '../helpers/raw.ts'
import { startTarget } from '../helpers/target.ts'
import { message, startTalking, talk } from '../helpers/websocket.ts'

async function start (t: TestContext, target: string, limits: string, http2 = 'true'): Promise<TestGateway> {
  return await startGateway(t, yaml(target, limits, http2))
}

function yaml (target: string, limits: string, http2 = 'true'): string {
  return `server: { limits: { ${limits} } }
admin: { port: 0 }
listeners: [{ host: 127.0.0.1, port: 0, http2: ${http2} }]
routes: [{ path: /, target: '${target}' }]`
}

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

/** Sends requests one after the other until the connection is closed. Returns the heads of the responses. */
async function untilClosed (socket: Socket): Promise<string[]> {
  const heads: string[] = []
  let received = ''
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
    if (!received.endsWith('\r\n\r\nok')) return
    heads.push(received)
    received = ''
    socket.write(get)
  })
  socket.write(get)
  await once(socket, 'close')
  return heads
}

test('without a limit a connection serves any number of requests', async t => {
  const target = await startTarget(t, (_request, response) => { response.end('ok') })
  const door = await start(t, target.url, '')
  const { text } = await exchangeBytes(t, door.url, get.repeat(200) + get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))
  assert.equal(text.match(/connection: close/gi)?.length, 1)
  assert.equal(target.hits.length, 201)
})

test('the response to the last request of a connection says so, and what follows is not served', async t => {
  const target = await startTarget(t, (_request, response) => { response.end('ok') })
  const door = await start(t, target.url, 'connectionRequests: 3')
  const heads = await untilClosed(await open(t, door.url))
  assert.deepEqual(heads.map(head => /connection: close/i.test(head)), [false, false, true])
  await exchangeBytes(t, door.url, get.repeat(5))
  assert.equal(target.hits.length, 6)
})

test('an old connection is told with its next response, and a new one lives as long', async t => {
  const target = await startTarget(t, (_request, response) => { response.end('ok') })
  const door = await start(t, target.url, 'connectionAge: 50ms')
  for (const socket of [await open(t, door.url), await open(t, door.url)]) {
    const heads = await untilClosed(socket)
    assert.match(heads.at(-1)!, /connection: close/i)
    assert.ok(heads.slice(0, -1).every(head => !/connection: close/i.test(head)))
  }
})

test('the limits hold for HTTP/2 too, unless the listener has its own', async t => {
  const target = await startTarget(t, (_request, response) => { response.end('ok') })
  const door = await start(t, target.url, 'connectionRequests: 1')
  const one = openHttp2(t, door.url)
  const gone = once(one, 'close')
  assert.equal((await ask2(one)).status, 200)
  await gone
  door.write(yaml(target.url, 'connectionRequests: 1, connectionAge: 40ms', '{ maxRequests: 0 }'))
  assert.equal((await door.gateway.reload('test')).ok, true)
  const old = openHttp2(t, door.url)
  const aged = once(old, 'close')
  assert.equal((await ask2(old)).status, 200)
  await aged
  door.write(yaml(target.url, 'connectionRequests: 1, connectionAge: 1ms', '{ maxRequests: 3, maxAge: 0s }'))
  assert.equal((await door.gateway.reload('test')).ok, true)
  const three = openHttp2(t, door.url)
  const ended = once(three, 'close')
  for (let i = 0; i < 3; i++) assert.equal((await ask2(three)).status, 200)
  await ended
})

test('a WebSocket may be the last request, and lasts', async t => {
  const service = await startTalking(t)
  const door = await start(t, service.url, 'connectionRequests: 1')
  const talker = await talk(t, door.url, '/')
  for (const text of ['one', 'two']) {
    talker.send(text)
    assert.equal(String(await message(talker)), text)
  }
})

test('ages of connections are spread over a tenth more and less', () => {
  const factors = Array.from({ length: 1000 }, (_, serial) => ageFactor(serial))
  const tenths = Array<number>(10).fill(0)
  for (const factor of factors) tenths[Math.floor((factor - 0.9) / 0.02)]!++
  for (const count of tenths) assert.ok(count >= 98 && count <= 102, String(tenths))
})
