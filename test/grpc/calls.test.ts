/** Every kind of call through the gateway is like the call without it, with @grpc/grpc-js on both ends. */

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { Metadata, status } from '@grpc/grpc-js'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { begin, call, openChannel, type Method, type Outcome } from './caller.ts'
import { binary, startService, type TestService } from './service.ts'

interface Way {
  readonly service: TestService
  readonly gateway: TestGateway
  readonly direct: ReturnType<typeof openChannel>
  readonly through: ReturnType<typeof openChannel>
}

async function start (t: TestContext, more = ''): Promise<Way> {
  const service = await startService(t)
  const gateway = await startGateway(t, `
listeners: [{ host: 127.0.0.1, port: 0, http2: true }]
upstreams: { orders: { targets: ['${service.url}'], protocol: h2c ${more} } }
routes: [{ grpc: shop.Orders/*, upstream: orders }]
`)
  return {
    service, gateway, direct: openChannel(t, service.address), through: openChannel(t, new URL(gateway.url).host)
  }
}

function sized (count: number, size: number): Buffer {
  const message = Buffer.alloc(8)
  message.writeUInt32BE(count, 0)
  message.writeUInt32BE(size, 4)
  return message
}

function withMetadata (): Metadata {
  const metadata = new Metadata()
  metadata.set('x-asked', 'yes')
  metadata.set('x-asked-bin', binary)
  return metadata
}

const kinds: [string, Method, Buffer[]][] = [
  ['a unary call', 'Echo', [Buffer.from('hello')]],
  ['a unary call with an empty message', 'Echo', [Buffer.alloc(0)]],
  ['a unary call with a message of 300 KiB', 'Echo', [Buffer.alloc(300 * 1024, 7)]],
  ['a stream of the server', 'List', [sized(50, 3000)]],
  ['a stream of the server without messages', 'List', [sized(0, 0)]],
  ['a stream of the client', 'Sum', Array.from({ length: 50 }, (_, index) => Buffer.alloc(index * 100))],
  ['a stream of the client without messages', 'Sum', []],
  ['a stream in both directions', 'Chat', Array.from({ length: 20 }, (_, index) => Buffer.from(`message ${index}`))],
  ['a method that the service does not have', 'Missing', [Buffer.from('x')]],
  ...Object.values(status).filter(code => typeof code === 'number' && code !== 0).map((code): [string, Method, Buffer[]] => [
    `an error ${status[code as number]}`, 'Fail', [Buffer.from([code as number])]
  ])
]

test('every kind of call, and every status, is the same through the gateway', async t => {
  const { direct, through, service } = await start(t)
  for (const [name, method, messages] of kinds) {
    const expected = await call(direct, method, messages, withMetadata())
    const actual = await call(through, method, messages, withMetadata())
    assert.deepEqual(actual, expected, name)
    if (service.seen() !== undefined) assert.deepEqual(service.seen()!.get('x-asked-bin'), [binary], name)
  }
})

test('50 MiB in each direction arrive byte for byte', async t => {
  const { through } = await start(t)
  const chunk = Buffer.allocUnsafe(1024 * 1024)
  for (let index = 0; index < chunk.length; index += 4) chunk.writeUInt32LE(index * 2654435761 % 2 ** 32, index)
  const { stream, ended } = begin(through, 'Chat', new Metadata())
  const sent = createHash('sha256')
  for (let count = 0; count < 50; count++) {
    chunk[0] = count
    sent.update(chunk)
    if (!stream.write(Buffer.from(chunk))) await new Promise(resolve => stream.once('drain', resolve))
  }
  stream.end()
  const { messages, code } = await ended
  assert.equal(code, status.OK)
  const received = createHash('sha256')
  for (const message of messages.slice(1)) received.update(message)
  assert.deepEqual([messages.length, received.digest('hex')], [51, sent.digest('hex')])
})

test('the service may speak first, and each side hears each message at once', async t => {
  const { through } = await start(t)
  const { stream, ended, next } = begin(through, 'Chat', new Metadata())
  assert.equal(String(await next()), 'welcome')
  for (const word of ['one', 'two', 'three']) {
    stream.write(Buffer.from(word))
    assert.equal(String(await next()), word)
  }
  stream.end()
  assert.equal((await ended).code, status.OK)
})

test('a client that cancels ends the call of the service, and the log says that it left', async t => {
  const { through, service, gateway } = await start(t)
  const waited = service.waited()
  const { stream, ended } = begin(through, 'Wait', new Metadata())
  stream.write(Buffer.from('x'))
  stream.end()
  const { cancelled } = await waited
  stream.cancel()
  assert.equal((await ended).code, status.CANCELLED)
  await cancelled
  const line = await gateway.logged(({ path }) => path === '/shop.Orders/Wait')
  assert.deepEqual([line['status'], line['code']], [499, 'client-closed'])
})

test('a deadline ends the call everywhere, and the service knows what is left of it', async t => {
  const { through, service } = await start(t)
  const waited = service.waited()
  const deadline = Date.now() + 300
  const ended = call(through, 'Wait', [Buffer.from('x')], new Metadata(), { deadline })
  const { deadline: told, cancelled } = await waited
  // On its own clock, and the call takes a while to reach it.
  assert.ok(Math.abs(Number(told) - deadline) < 10_000, `${Number(told)} is not ${deadline}`)
  await cancelled
  assert.equal((await ended).code, status.DEADLINE_EXCEEDED)
})

test('timeouts.exchange ends a call whose client has no deadline', async t => {
  const { through, service } = await start(t, ', timeouts: { exchange: 100ms }')
  const waited = service.waited()
  const ended = call(through, 'Wait', [Buffer.from('x')], new Metadata())
  await (await waited).cancelled
  const { code, details } = await ended
  assert.deepEqual([code, details], [status.DEADLINE_EXCEEDED, 'gateway timeout'])
})

test('a service that goes away in the middle of a stream is UNAVAILABLE, with the messages so far', async t => {
  const { through, service } = await start(t)
  const { ended, next } = begin(through, 'Chat', new Metadata())
  assert.equal(String(await next()), 'welcome')
  service.server.forceShutdown()
  const { code, messages } = await ended
  assert.deepEqual([messages.length, code === status.UNAVAILABLE || code === status.CANCELLED], [1, true])
})

test('what the gateway refuses is a status with a message', async t => {
  const gateway = await startGateway(t, `
listeners: [{ host: 127.0.0.1, port: 0, http2: true }]
upstreams: { orders: { targets: [http://127.0.0.1:1], protocol: h2c } }
policies:
  login: { plugin: jwt-auth, secret: a-secret-of-thirty-two-characters, algorithms: [HS256] }
routes:
  - { grpc: shop.Orders/Echo, upstream: orders, policies: [login] }
  - { grpc: shop.Orders/List, upstream: orders }
`)
  const channel = openChannel(t, new URL(gateway.url).host)
  const outcome = async (method: Method): Promise<[number, string]> => {
    const { code, details }: Outcome = await call(channel, method, [Buffer.from('x')], new Metadata())
    return [code, details]
  }
  assert.deepEqual(await outcome('Echo'), [status.UNAUTHENTICATED, 'missing token'])
  assert.deepEqual(await outcome('List'), [status.UNAVAILABLE, 'bad gateway'])
  assert.deepEqual(await outcome('Sum'), [status.UNIMPLEMENTED, 'not found'])
})

test('calls of one connection are balanced one by one', async t => {
  const services = [await startService(t), await startService(t)]
  const gateway = await startGateway(t, `
listeners: [{ host: 127.0.0.1, port: 0, http2: true }]
upstreams: { orders: { targets: ['${services[0]!.url}', '${services[1]!.url}'], protocol: h2c } }
routes: [{ grpc: shop.Orders/*, upstream: orders }]
`)
  const channel = openChannel(t, new URL(gateway.url).host)
  for (let count = 0; count < 10; count++) await call(channel, 'Echo', [Buffer.from('x')], new Metadata())
  assert.deepEqual(services.map(({ calls }) => calls.Echo), [5, 5])
})

test('a call is made again at another target after a status of retry.on', async t => {
  const services = [await startService(t), await startService(t)]
  services[0]!.fail(status.UNAVAILABLE)
  const gateway = await startGateway(t, `
listeners: [{ host: 127.0.0.1, port: 0, http2: true }]
upstreams:
  orders: { targets: ['${services[0]!.url}', '${services[1]!.url}'], protocol: h2c, retry: { on: [grpc-unavailable] } }
routes: [{ grpc: shop.Orders/*, upstream: orders }]
`)
  const channel = openChannel(t, new URL(gateway.url).host)
  for (let count = 0; count < 4; count++) {
    assert.equal((await call(channel, 'Echo', [Buffer.from('x')], new Metadata())).code, status.OK)
  }
  assert.deepEqual(services.map(({ calls }) => calls.Echo), [2, 4])
})
