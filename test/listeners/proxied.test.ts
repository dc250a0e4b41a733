/** Balancers that say who their client is before its first byte, and everybody else, who may not. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { exchangeBytes, open } from '../helpers/raw.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'

async function openDoor (t: TestContext, networks: string, headers = '500ms'): Promise<TestGateway & { target: TestTarget }> {
  const target = await startTarget(t)
  const door = await startGateway(t, `
server: { host: 127.0.0.1, port: 0, proxyProtocol: [${networks}], timeouts: { headers: ${headers} } }
policies: { inside: { plugin: ip-filter, allow: [192.0.2.0/24] } }
routes:
  - { path: /inside, target: '${target.url}', policies: [inside] }
  - { path: /*, target: '${target.url}' }`)
  return { ...door, target }
}

const line = 'PROXY TCP4 192.0.2.1 127.0.0.1 56789 80\r\n'
const get = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

test('what it says is the peer: forwarded, logged and judged', async t => {
  const door = await openDoor(t, 'loopback')
  const answer = await exchangeBytes(t, door.url, line + get.replace('/ ', '/inside '))
  assert.equal(answer.status, 200)
  assert.equal(door.target.hits[0]!.headers['x-forwarded-for'], '192.0.2.1')
  assert.equal((await door.logged(({ path }) => path === '/inside'))['clientIp'], '192.0.2.1')
  assert.equal((await exchangeBytes(t, door.url, line.replace('192.0.2.1', '203.0.113.1') + get.replace('/ ', '/inside '))).status, 403)
})

test('it holds for every request of the connection, and may come byte by byte', async t => {
  const door = await openDoor(t, 'loopback')
  const socket = await open(t, door.url)
  socket.setNoDelay(true)
  for (const byte of line + get.replace('Connection: close\r\n', '')) await new Promise(resolve => { socket.write(byte, resolve) })
  await once(socket, 'data')
  socket.write(get)
  await once(socket, 'close')
  assert.deepEqual(door.target.hits.map(({ headers }) => headers['x-forwarded-for']), ['192.0.2.1', '192.0.2.1'])
})

test('a request with a body in the same piece arrives whole', async t => {
  const door = await openDoor(t, 'loopback')
  const body = 'x'.repeat(300_000)
  const answer = await exchangeBytes(
    t,
    door.url,
    `${line}POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  )
  assert.equal(answer.status, 200)
  assert.equal(door.target.hits[0]!.body.toString(), body)
})

test('version 2, and a balancer that speaks for itself', async t => {
  const door = await openDoor(t, 'loopback')
  const start = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
  const v6 = Buffer.concat([
    start,
    Buffer.from([0x21, 0x21, 0, 36]),
    Buffer.from('20010db8000000000000000000000001', 'hex'),
    Buffer.alloc(16),
    Buffer.from([0, 80, 1, 187])
  ])
  await exchangeBytes(t, door.url, Buffer.concat([v6, Buffer.from(get)]))
  await exchangeBytes(t, door.url, Buffer.concat([start, Buffer.from([0x20, 0, 0, 0]), Buffer.from(get)]))
  assert.deepEqual(door.target.hits.map(({ headers }) => headers['x-forwarded-for']), ['2001:db8::1', '127.0.0.1'])
})

test('what is no header, or ends before it is one, closes the connection at once', async t => {
  const door = await openDoor(t, 'loopback', '4m')
  for (const [bytes, ends] of [[get, false], ['PROXY TCP4 nonsense\r\n', false], ['PROXY TCP4 192.', true]] as const) {
    const socket = await open(t, door.url)
    socket.write(bytes)
    if (ends) socket.end()
    await once(socket.resume(), 'close')
  }
})

test('without a timeout of headers it is waited for all the same', async t => {
  const door = await openDoor(t, 'loopback', '0s')
  assert.equal((await exchangeBytes(t, door.url, line + get)).status, 200)
  assert.equal(door.target.hits[0]!.headers['x-forwarded-for'], '192.0.2.1')
})

test('such a balancer must send it: without, or too late, the connection is closed without a word', async t => {
  const door = await openDoor(t, 'loopback')
  for (const bytes of [get, 'PROXY TCP4 nonsense\r\n', '', 'PROXY TCP4 192.']) {
    const socket = await open(t, door.url)
    let heard = 0
    socket.on('data', (chunk: Buffer) => { heard += chunk.length })
    if (bytes !== '') socket.write(bytes)
    await once(socket, 'close')
    assert.equal(heard, 0)
  }
  const lines = door.logs.filter(({ msg }) => msg === 'request refused unread')
  assert.deepEqual(lines.map(({ code, why }) => [code, why]), Array(4).fill(['bad-request', 'PROXY_HEADER']))
  assert.equal(door.target.hits.length, 0)
  while (door.gateway.connections.public.open > 0) await new Promise(setImmediate)
})

test('from any other peer it is no request', async t => {
  const door = await openDoor(t, '10.0.0.0/8')
  assert.equal((await exchangeBytes(t, door.url, line + get)).status, 400)
  assert.equal((await exchangeBytes(t, door.url, get)).status, 200)
  assert.equal(door.target.hits[0]!.headers['x-forwarded-for'], '127.0.0.1')
})

test('a connection that has not said yet does not hold up the end', async t => {
  const door = await openDoor(t, 'loopback')
  const socket = await open(t, door.url)
  while (door.gateway.connections.public.open === 0) await new Promise(setImmediate)
  await Promise.all([door.gateway.shutdown(), once(socket, 'close')])
})
