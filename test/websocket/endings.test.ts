/** How WebSockets end: by one side, by a limit of the route, with a reload or a shutdown. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { begin, closed, message, refusal, startTalking, talk } from '../helpers/websocket.ts'

async function lineOf ({ logged }: TestGateway): Promise<Record<string, unknown>> {
  return await logged(({ msg, status }) => msg === 'request completed' && status === 101)
}

test('the service closes: its code reaches the client', async t => {
  const service = await startTalking(t, talker => talker.close(4000, 'full'))
  const gateway = await startGateway(t, `routes: [{ path: /chat, target: '${service.url}' }]`)
  assert.deepEqual(await closed(begin(t, gateway.url, '/chat')), [4000, 'full'])
  const { websocket } = await lineOf(gateway)
  assert.deepEqual(websocket, { closedBy: 'upstream', code: 4000, messagesIn: 0, messagesOut: 0 })
})

test('a client that is gone is gone for the service at once, and the other way round', async t => {
  const service = await startTalking(t)
  const gateway = await startGateway(t, `routes: [{ path: /chat, target: '${service.url}' }]`)
  const first = await talk(t, gateway.url, '/chat')
  const gone = closed(service.talkers[0]!)
  first.terminate()
  assert.equal((await gone)[0], 1006)
  assert.deepEqual((await lineOf(gateway))['websocket'], { closedBy: 'client', code: 1006, messagesIn: 0, messagesOut: 0 })
  const second = await talk(t, gateway.url, '/chat')
  const left = closed(second)
  service.talkers[1]!.terminate()
  assert.equal((await left)[0], 1006)
  const line = await gateway.logged(({ code }) => code === 'response-cut')
  assert.deepEqual([line['level'], line['websocket']], ['warn', { closedBy: 'upstream', code: 1006, messagesIn: 0, messagesOut: 0 }])
})

test('silence ends a WebSocket, pings keep it, and messageIdle ends it all the same', async t => {
  const service = await startTalking(t)
  const gateway = await startGateway(t, `
routes:
  - { path: /idle, target: '${service.url}', websocket: { idle: 300ms } }
  - { path: /messages, target: '${service.url}', websocket: { messageIdle: 300ms } }
`)
  assert.deepEqual(await closed(await talk(t, gateway.url, '/idle')), [1001, 'idle'])
  assert.deepEqual((await lineOf(gateway))['websocket'], { closedBy: 'gateway', code: 1001, why: 'idle', messagesIn: 0, messagesOut: 0 })
  const kept = await talk(t, gateway.url, '/idle')
  const pinged = await talk(t, gateway.url, '/messages')
  const timer = setInterval(() => { kept.ping(); if (pinged.readyState === 1) pinged.ping() }, 50)
  t.after(() => clearInterval(timer))
  assert.deepEqual(await closed(pinged), [1001, 'idle'])
  assert.equal(kept.readyState, 1)
})

test('each limit has its close code, and the service is told that the client goes', async t => {
  const service = await startTalking(t)
  const gateway = await startGateway(t, `
routes:
  - { path: /size, target: '${service.url}', websocket: { maxMessage: 1kb } }
  - { path: /rate, target: '${service.url}', websocket: { messagesPerSecond: 3 } }
  - { path: /age, target: '${service.url}', websocket: { maxAge: 100ms } }
`)
  const heard: string[] = []
  const large = await talk(t, gateway.url, '/size')
  service.talkers[0]!.on('message', data => heard.push(String(data)))
  const told = closed(service.talkers[0]!)
  large.send('x'.repeat(1000))
  large.send('y'.repeat(1001))
  large.send('z')
  assert.deepEqual(await closed(large), [1009, 'message too large'])
  assert.equal((await told)[0], 1001)
  assert.deepEqual(heard, ['x'.repeat(1000)])
  assert.equal((await lineOf(gateway))['code'], 'message-too-large')
  const busy = await talk(t, gateway.url, '/rate')
  for (let count = 0; count < 5; count++) busy.send('x')
  assert.deepEqual(await closed(busy), [1008, 'too many messages'])
  assert.deepEqual(await closed(await talk(t, gateway.url, '/age')), [1001, 'max age'])
})

test('a reload leaves WebSockets open, also when it takes their route away', async t => {
  const service = await startTalking(t)
  const { url, gateway, write } = await startGateway(t, `
server: { host: 127.0.0.1, port: 0, shutdown: { timeout: 50ms } }
routes: [{ path: /chat, target: '${service.url}' }]
`)
  const client = await talk(t, url, '/chat')
  for (const path of ['/a', '/b', '/c']) {
    write(`
server: { host: 127.0.0.1, port: 0, shutdown: { timeout: 50ms } }
routes: [{ path: ${path}, respond: {} }]
`)
    assert.ok((await gateway.reload('test')).ok)
  }
  await new Promise(resolve => setTimeout(resolve, 200))
  assert.equal(gateway.tunnels, 1)
  client.send('still here')
  assert.equal(String(await message(client)), 'still here')
  assert.equal((await refusal(t, url, '/chat')).statusCode, 404)
})

test('a shutdown closes both sides with 1001 between two frames, and cuts nothing', async t => {
  const service = await startTalking(t)
  const { url, gateway } = await startGateway(t, `routes: [{ path: /chat, target: '${service.url}' }]`)
  const clients = await Promise.all(Array.from({ length: 20 }, async () => await talk(t, url, '/chat')))
  const received = clients.map(() => 0)
  for (const [index, client] of clients.entries()) {
    client.on('message', (data: Buffer) => { received[index]! += data.length })
    for (let count = 0; count < 5; count++) client.send(Buffer.alloc(100_000, 1))
  }
  await once(clients[0]!, 'message')
  const ends = Promise.all([...clients, ...service.talkers].map(async talker => (await closed(talker))[0]))
  assert.equal(await gateway.close(5000), 0)
  assert.deepEqual(new Set(await ends), new Set([1001]))
  assert.ok(received.every(bytes => bytes % 100_000 === 0), 'only whole messages')
})

test('while it drains, new WebSockets get a 503', async t => {
  const service = await startTalking(t)
  const { url, gateway } = await startGateway(t, `
server: { host: 127.0.0.1, port: 0, shutdown: { delay: 300ms, timeout: 2s } }
routes: [{ path: /chat, target: '${service.url}' }]
`)
  const stopped = gateway.shutdown()
  assert.equal((await refusal(t, url, '/chat')).statusCode, 503)
  assert.equal(await stopped, 0)
})

test('a slow reader slows the other side down, and loses nothing', async t => {
  const size = 32 * 1024 * 1024
  const piece = Buffer.alloc(1024 * 1024)
  const service = await startTalking(t, talker => { for (let sent = 0; sent < size; sent += piece.length) talker.send(piece) })
  const { url } = await startGateway(t, `routes: [{ path: /chat, target: '${service.url}' }]`)
  const client = await talk(t, url, '/chat')
  client.pause()
  await new Promise(resolve => setTimeout(resolve, 300))
  assert.ok(service.talkers[0]!.bufferedAmount > size / 2, String(service.talkers[0]!.bufferedAmount))
  let received = 0
  client.on('message', (data: Buffer) => { received += data.length })
  client.resume()
  while (received < size) await once(client, 'message')
  assert.equal(received, size)
})
