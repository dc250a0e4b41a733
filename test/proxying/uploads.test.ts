/** Slow uploads, and what bodies hold: no client keeps others from a target, and memory comes back whatever becomes of a body. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { answerTo, begin, headOf, readWhole, send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { open, readAnswer } from '../helpers/raw.ts'
import { startRawTarget, startService, startTarget } from '../helpers/target.ts'

const head = (length: number | 'chunked', path = '/'): string => {
  const framing = length === 'chunked' ? 'transfer-encoding: chunked' : `content-length: ${length}`
  return `POST ${path} HTTP/1.1\r\nhost: a\r\n${framing}\r\n\r\n`
}

async function gatewayTo (t: TestContext, url: string, keys = '', server = ''): Promise<TestGateway> {
  return await startGateway(t, `
server: { host: 127.0.0.1, port: 0, ${server} }
upstreams:
  back: { targets: ['${url}'], ${keys} }
policies:
  read: { plugin: body-validation, schema: {}, maxBody: 1mib }
routes:
  - { path: '/*', upstream: back }
  - { path: /read, upstream: back, policies: [read] }
`)
}

async function gauge (gateway: TestGateway, name: string): Promise<number> {
  const { text } = await send(gateway.admin, '/metrics')
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)![1])
}

/** Waits until the gauge has the value. */
async function until (gateway: TestGateway, name: string, fits: (value: number) => boolean): Promise<void> {
  for (;;) {
    if (fits(await gauge(gateway, name))) return
    await new Promise(resolve => { setTimeout(resolve, 10) })
  }
}

async function answerOf (socket: Socket): Promise<ReturnType<typeof readAnswer>> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(socket, 'close')
  return readAnswer(Buffer.concat(chunks))
}

test('uploads that drip do not keep others from a target of few connections', async t => {
  let most = 0
  let connections = 0
  const target = await startService(t, (request, response) => { request.resume().on('end', () => response.end('ok')) })
  target.server.on('connection', (socket: Socket) => {
    most = Math.max(most, ++connections)
    socket.on('close', () => { connections-- })
  })
  const gateway = await gatewayTo(t, target.url, 'connections: { max: 5, pending: 0 }')
  const uploads = await Promise.all(Array.from({ length: 20 }, async (_, index) => {
    const socket = await open(t, gateway.url)
    socket.write(`${head(index % 2 === 0 ? 1000 : 'chunked')}${index % 2 === 0 ? '0123456789' : '3\r\nabc\r\n'}`)
    return socket
  }))
  // Some of them go on after a while, the others wait.
  await until(gateway, 'gateway_active_connections', value => value > 0)
  await until(gateway, 'gateway_requests_in_flight', value => value === 20)
  for (let count = 0; count < 20; count++) {
    for (const socket of uploads) if (!socket.destroyed) socket.write(socket === uploads[1] ? '1\r\nx\r\n' : '')
    const body = 'x'.repeat(20_000)
    assert.deepEqual([(await send(gateway.url, '/')).status, (await send(gateway.url, '/', { method: 'POST', body })).status], [200, 200])
  }
  assert.ok(most <= 5, `${most} connections`)
  for (const socket of uploads) socket.destroy()
  await until(gateway, 'gateway_requests_in_flight', value => value === 0)
  assert.deepEqual([await gauge(gateway, 'gateway_active_connections'), await gauge(gateway, 'gateway_buffered_bytes')], [0, 0])
})

test('an upload of which nothing has come yet takes no place, and goes on with its first bytes', async t => {
  const begun: string[] = []
  const target = await startService(t, (request, response) => {
    begun.push(request.url!)
    request.resume().on('end', () => response.end('ok'))
  })
  const gateway = await gatewayTo(t, target.url)
  const silent = await open(t, gateway.url)
  silent.write(head(10, '/silent'))
  while (gateway.gateway.inFlight === 0) await new Promise(setImmediate)
  const dripping = await open(t, gateway.url)
  dripping.write(`${head(10, '/dripping')}x`)
  // It has waited for as long as the first one, or less.
  while (begun.length === 0) await new Promise(setImmediate)
  assert.deepEqual([begun, await gauge(gateway, 'gateway_active_connections')], [['/dripping'], 1])
  silent.write('x')
  while (begun.length < 2) await new Promise(setImmediate)
  assert.deepEqual(begun, ['/dripping', '/silent'])
})

test('an upload that drips waits while half of the connections are taken, whatever room there is at a drained target', async t => {
  const begun: string[] = []
  let release = (): void => {}
  const target = await startService(t, (request, response) => {
    begun.push(request.url!)
    if (request.url === '/held') release = () => response.end('ok')
    else request.resume().on('end', () => response.end('ok'))
  })
  const drained = await startTarget(t)
  const gateway = await startGateway(t, `
upstreams:
  busy: { targets: ['${target.url}', { url: '${drained.url}', weight: 0 }], connections: { max: 2 } }
  free: { targets: ['${target.url}'] }
routes: [{ path: '/*', upstream: busy }, { path: /free, upstream: free }]
`)
  const held = send(gateway.url, '/held')
  while (begun.length < 1) await new Promise(setImmediate)
  for (const path of ['/busy', '/free']) {
    const socket = await open(t, gateway.url)
    socket.write(`${head(10, path)}x`)
    while (gateway.gateway.inFlight < (path === '/busy' ? 2 : 3)) await new Promise(setImmediate)
  }
  while (begun.length < 2) await new Promise(setImmediate)
  // The first of the two has waited longer.
  assert.deepEqual(begun, ['/held', '/free'])
  release()
  assert.equal((await held).text, 'ok')
  while (begun.length < 3) await new Promise(setImmediate)
  assert.deepEqual([begun, drained.hits.length], [['/held', '/free', '/busy'], 0])
})

test('an upload that goes elsewhere instead of waiting for a connection arrives whole, even if the connection becomes free', async t => {
  const freed = Promise.withResolvers<void>()
  const busy = await startService(t, (request, response) => {
    request.socket.once('close', () => freed.resolve())
    request.resume().on('end', () => response.end('busy'))
  })
  const begun = Promise.withResolvers<void>()
  const target = await startService(t, (request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => { text += chunk.toString(); begun.resolve() }).on('end', () => response.end(text))
  })
  const gateway = await startGateway(t, `
upstreams:
  back:
    targets: ['${busy.url}', { url: '${target.url}', priority: 1 }]
    spillBelow: 0
    connections: { max: 1, pending: 1 }
    timeouts: { response: 300ms }
    retry: { on: [timeout] }
routes: [{ path: '/*', upstream: back }]
`)
  // A client that takes its time keeps the connection.
  const first = begin(gateway.url, '/', { method: 'PUT', headers: { 'transfer-encoding': 'chunked' } })
  const busyAnswer = answerTo(first)
  first.write('x'.repeat(16 * 1024))
  while ((await gauge(gateway, 'gateway_active_connections')) === 0) await new Promise(setImmediate)
  const upload = begin(gateway.url, '/', { method: 'PUT', headers: { 'transfer-encoding': 'chunked' } })
  const answer = answerTo(upload)
  upload.write('x'.repeat(16 * 1024))
  await begun.promise
  first.end()
  assert.equal((await busyAnswer).text, 'busy')
  await freed.promise
  upload.end('end')
  assert.deepEqual([(await answer).status, (await answer).text.length], [200, 16 * 1024 + 3])
})

test('an upload that is to be read whole takes no place before it is', async t => {
  const target = await startTarget(t)
  const gateway = await gatewayTo(t, target.url, 'connections: { max: 1, pending: 0 }, retry: { bufferBody: 1mib }')
  const uploads = await Promise.all(Array.from({ length: 5 }, async () => await open(t, gateway.url)))
  for (const socket of uploads) socket.write(head(100_000) + 'x'.repeat(99_999))
  await until(gateway, 'gateway_buffered_bytes', value => value >= 5 * 99_999)
  assert.equal((await send(gateway.url, '/')).status, 200)
  assert.equal(target.hits.length, 1)
  for (const socket of uploads) {
    socket.write('x')
    await once(socket, 'data')
  }
  assert.deepEqual(target.hits.slice(1).map(({ body }) => body.length), Array(5).fill(100_000))
})

const partial = { 'sends nothing': '', 'sends one byte': 'x', 'stops after a long beginning': 'x'.repeat(100_000) }
for (const [what, bytes] of Object.entries(partial)) {
  for (const path of ['/', '/read']) {
    const read = path === '/' ? '' : ', which a policy reads,'
    test(`a client that ${what} of its body${read} gets a 408, and the target is not to blame`, async t => {
      const target = await startService(t, request => { request.on('error', () => {}).resume() })
      const gateway = await gatewayTo(t, target.url, 'circuitBreaker: { failures: 1 }', 'timeouts: { body: 300ms }')
      const socket = await open(t, gateway.url)
      socket.write(head(200_000, path).replace('\r\n\r\n', '\r\ncontent-type: application/json\r\n\r\n') + bytes)
      const answer = await answerOf(socket)
      assert.deepEqual([answer.status, JSON.parse(answer.text).code, answer.headers['connection']], [408, 'request-timeout', ['close']])
      const line = await gateway.logged(({ msg }) => msg === 'request completed')
      assert.deepEqual([line['code'], line['fault']], ['request-timeout', 'client'])
      const { text } = await send(gateway.admin, '/metrics')
      assert.match(text, /^gateway_circuit_state\{.*\} 0$/m)
      assert.deepEqual([await gauge(gateway, 'gateway_active_connections'), await gauge(gateway, 'gateway_buffered_bytes')], [0, 0])
    })
  }
}

test('a client that drips is as slow as one that is silent', async t => {
  const gateway = await gatewayTo(t, (await startTarget(t)).url, '', 'timeouts: { body: 300ms }, limits: { bodyRate: 1kib }')
  const socket = await open(t, gateway.url)
  socket.write(head(200_000))
  const drip = setInterval(() => socket.write('x'), 20)
  const answer = await answerOf(socket)
  clearInterval(drip)
  assert.equal(answer.status, 408)
})

test('a target that takes its time with an upload does not make the client slow', async t => {
  const gone = Promise.withResolvers<void>()
  const target = await startService(t, (request, response) => {
    // It begins to read when the client would long have been too slow.
    setTimeout(() => request.resume().on('end', () => { response.end('ok'); gone.resolve() }), 700)
  })
  const gateway = await gatewayTo(t, target.url, '', 'timeouts: { body: 300ms }, limits: { body: 100mib }')
  assert.equal((await send(gateway.url, '/', { method: 'POST', body: Buffer.alloc(30 * 1024 * 1024) })).status, 200)
  await gone.promise
})

test('a client that waits for the response before it sends the rest gets it, and may then be silent', async t => {
  const target = await startService(t, (request, response) => {
    request.once('data', chunk => response.write(`got ${chunk}`))
    request.on('end', () => response.end('end'))
  })
  const gateway = await gatewayTo(t, target.url, '', 'timeouts: { body: 300ms }')
  const outgoing = begin(gateway.url, '/', { method: 'POST' })
  outgoing.write('a')
  const message = await headOf(outgoing)
  await new Promise(resolve => { setTimeout(resolve, 700) })
  outgoing.end('b')
  const { text, complete } = await readWhole(message)
  assert.deepEqual([text, complete], ['got aend', true])
})

test('bodies beyond the budget are refused, and served again when there is room', async t => {
  const target = await startTarget(t)
  const gateway = await gatewayTo(t, target.url, 'retry: { bufferBody: 1mib }', 'limits: { buffers: 256kib }')
  const holders = await Promise.all([1, 2].map(async () => await open(t, gateway.url)))
  for (const socket of holders) socket.write(head(100_001) + 'x'.repeat(100_000))
  await until(gateway, 'gateway_buffered_bytes', value => value >= 200_000)
  for (const path of ['/', '/read']) {
    const refused = await send(gateway.url, path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify('x'.repeat(100_000))
    })
    assert.deepEqual([refused.status, JSON.parse(refused.text).code, refused.headers['retry-after']], [503, 'buffers-full', '1'])
  }
  // A small one still fits.
  assert.equal((await send(gateway.url, '/', { method: 'POST', body: 'x' })).status, 200)
  holders[0]!.destroy()
  await until(gateway, 'gateway_buffered_bytes', value => value < 150_000)
  assert.equal((await send(gateway.url, '/', { method: 'POST', body: 'x'.repeat(100_000) })).status, 200)
  assert.equal(target.hits.at(-1)!.body.length, 100_000)
})

test('a body of tiny chunks is counted by what it costs, not by what it carries', async t => {
  const gateway = await gatewayTo(t, (await startTarget(t)).url, '', 'limits: { buffers: 256kib }')
  const socket = await open(t, gateway.url)
  const answer = answerOf(socket)
  socket.write(head('chunked', '/read').replace('\r\n\r\n', '\r\ncontent-type: application/json\r\n\r\n') + '1\r\nx\r\n'.repeat(2000))
  assert.equal((await answer).status, 503)
})

test('a small body that has come whole is sent again where its method may be', async t => {
  const dying = await startRawTarget(t, socket => socket.once('data', () => socket.destroy()))
  const good = await startTarget(t)
  const gateway = await gatewayTo(t, `${dying.url}', '${good.url}`, 'balance: round-robin')
  for (const _ of [1, 2]) assert.equal((await send(gateway.url, '/', { method: 'PUT', body: 'small' })).status, 200)
  assert.deepEqual(good.hits.map(({ body, headers }) => [body.toString(), headers['content-length']]), [['small', '5'], ['small', '5']])
})

test('whatever becomes of bodies, the memory and the places that they held come back', async t => {
  let seed = 1
  const random = (below: number): number => (seed = seed * 48271 % 2147483647) % below
  const target = await startService(t, (request, response) => {
    request.on('error', () => {})
    const what = random(5)
    if (what === 0) request.once('data', () => request.socket.destroy())
    else if (what === 1) {
      response.writeHead(413, { connection: 'close' }).end('no')
      request.resume()
    } else request.resume().on('end', () => response.end('x'.repeat(random(300_000))))
  })
  const gateway = await gatewayTo(
    t,
    target.url,
    'connections: { max: 8, pending: 8 }, retry: { bufferBody: 50kb }',
    'timeouts: { body: 200ms }, limits: { buffers: 512kib, body: 300kb }'
  )
  const one = async (): Promise<void> => {
    const size = [1, 100, 16_384, 40_000, 200_000, 400_000][random(6)]!
    const path = random(3) === 0 ? '/read' : '/'
    const socket = await open(t, gateway.url)
    const closed = once(socket, 'close')
    const chunked = random(2) === 0
    const fields = 'content-type: application/json\r\nconnection: close'
    socket.write(head(chunked ? 'chunked' : size, path).replace('\r\n\r\n', `\r\n${fields}\r\n\r\n`))
    const part = random(3) === 0 ? size : random(size + 1)
    if (part > 0) socket.write(chunked ? `${part.toString(16)}\r\n${'1'.repeat(part)}\r\n` : '1'.repeat(part))
    if (part === size && chunked) socket.write('0\r\n\r\n')
    const leave = random(4)
    if (leave > 0) socket.resume()
    if (leave === 1) setTimeout(() => socket.resetAndDestroy(), random(100))
    else if (leave === 2) setTimeout(() => socket.end(), random(100))
    else if (leave === 0) setTimeout(() => socket.destroy(), 400)
    await closed
  }
  for (let round = 0; round < 10; round++) await Promise.all(Array.from({ length: 30 }, one))
  for (const name of ['gateway_requests_in_flight', 'gateway_active_connections', 'gateway_buffered_bytes']) {
    await until(gateway, name, value => value === 0)
  }
  // It is not worn out either.
  const last = begin(gateway.url, '/read', { method: 'POST', headers: { 'content-type': 'application/json' } })
  last.end('1')
  assert.ok([200, 413, 502].includes((await answerTo(last)).status))
})
