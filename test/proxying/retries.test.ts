/** A failed attempt is made again where that is safe: at another target first, never with a body that is gone, and counted. */

import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { answerTo, begin, send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { freePort, startRawTarget, startService, startTarget } from '../helpers/target.ts'

async function gatewayTo (t: TestContext, urls: readonly string[], keys: string): Promise<TestGateway> {
  return await startGateway(t, `
upstreams:
  back:
    targets: [${urls.map(url => `'${url}'`).join()}]
    ${keys}
routes: [{ path: '/*', upstream: back }]
`)
}

async function attemptsOf (gateway: TestGateway): Promise<unknown> {
  return (await gateway.logged(({ msg }) => msg === 'request completed'))['attempts']
}

const refusing = async (): Promise<string> => `http://127.0.0.1:${await freePort()}`

for (const [method, body] of [['GET', ''], ['POST', 'hello'], ['PATCH', 'hello']] as const) {
  test(`a ${method} whose target refuses the connection goes to the other target, body and all`, async t => {
    const target = await startTarget(t, (_request, response, hit) => response.end(hit.body))
    const gateway = await gatewayTo(t, [await refusing(), await refusing(), target.url], 'retry: { attempts: 3 }')
    const answer = await send(gateway.url, '/', { method, body })
    assert.deepEqual([answer.status, answer.text], [200, body])
    assert.equal(target.hits.length, 1)
  })
}

test('an upload in chunks that has not begun to flow is sent again after a refused connection', async t => {
  const target = await startTarget(t, (_request, response, hit) => response.end(String(hit.body.length)))
  const gateway = await gatewayTo(t, [await refusing(), target.url], 'retry: { attempts: 2 }')
  const upload = begin(gateway.url, '/', { method: 'POST', headers: { 'transfer-encoding': 'chunked' } })
  const answer = answerTo(upload)
  upload.end(Buffer.alloc(300_000))
  assert.equal((await answer).text, '300000')
})

test('without a second target the same one is tried again, as often as allowed and not more', async t => {
  let connections = 0
  const target = await startRawTarget(t, socket => { connections++; socket.once('data', () => socket.destroy()) })
  const gateway = await gatewayTo(t, [target.url], 'retry: { attempts: 4 }')
  assert.equal((await send(gateway.url, '/')).status, 502)
  assert.equal(connections, 4)
  assert.equal(await attemptsOf(gateway), 4)
})

test('a POST is not sent again once its target may have seen it', async t => {
  let requests = 0
  const target = await startRawTarget(t, socket => socket.once('data', () => { requests++; socket.destroy() }))
  const other = await startTarget(t)
  const gateway = await gatewayTo(t, [target.url, other.url], 'balance: round-robin\n    retry: { attempts: 3, on: [connect, reset, 502] }')
  const statuses = [
    (await send(gateway.url, '/', { method: 'POST' })).status,
    (await send(gateway.url, '/', { method: 'POST', body: 'x' })).status
  ]
  assert.deepEqual(statuses.sort((a, b) => a - b), [200, 502])
  assert.deepEqual([requests, other.hits.length], [1, 1])
})

test('a PUT whose body has gone up is not sent again', async t => {
  const failing = await startTarget(t, (_request, response) => { response.statusCode = 503; response.end('no') })
  const gateway = await gatewayTo(t, [failing.url, failing.url.replace('127.0.0.1', 'localhost')], 'retry: { attempts: 3, on: [503] }')
  const answer = await send(gateway.url, '/', { method: 'PUT', body: 'x'.repeat(20_000) })
  assert.deepEqual([answer.status, answer.text], [503, 'no'])
  assert.equal(failing.hits.length, 1)
})

test('a response with a status of the list is retried at the other target, and its last one is passed on', async t => {
  const bad = await startTarget(
    t,
    (_request, response) => { response.statusCode = 503; response.setHeader('x-of', 'bad'); response.end('bad') }
  )
  const good = await startTarget(t, (_request, response) => response.end('good'))
  const gateway = await gatewayTo(t, [bad.url, good.url], 'retry: { attempts: 2, on: [503] }')
  for (let count = 0; count < 4; count++) {
    const answer = await send(gateway.url, '/')
    assert.deepEqual([answer.status, answer.text, answer.headers['x-of']], [200, 'good', undefined])
  }
  assert.equal(good.hits.length, 4)
  const alone = await gatewayTo(t, [bad.url], 'retry: { attempts: 3, on: [503] }')
  const last = await send(alone.url, '/')
  assert.deepEqual([last.status, last.text, await attemptsOf(alone)], [503, 'bad', 3])
})

test('a status that is not in the list is passed on at once', async t => {
  const target = await startTarget(t, (_request, response) => { response.statusCode = 503; response.end() })
  const gateway = await gatewayTo(t, [target.url], 'retry: { attempts: 5 }')
  assert.equal((await send(gateway.url, '/')).status, 503)
  assert.equal(target.hits.length, 1)
})

test('a small response that is not wanted is read to its end and its connection used again', async t => {
  const bad = await startTarget(t, (_request, response) => { response.statusCode = 503; response.end('x'.repeat(1000)) })
  const good = await startTarget(t, (_request, response) => response.end('good'))
  const gateway = await gatewayTo(t, [bad.url, good.url], 'retry: { attempts: 2, on: [503] }')
  for (let count = 0; count < 20; count++) await send(gateway.url, '/')
  assert.ok(bad.hits.length >= 5 && bad.connections <= 2, `${bad.connections} connections for ${bad.hits.length} requests`)
})

test('a response that is not wanted and too long, or never ends, costs its connection and nothing else', async t => {
  const closed: Promise<unknown>[] = []
  const bad = await startService(t, (request, response) => {
    closed.push(once(response, 'close'))
    response.writeHead(503, { 'content-length': 50_000_000 })
    response.write(request.url === '/long' ? Buffer.alloc(2_000_000) : 'a little')
  })
  const good = await startTarget(t, (_request, response) => response.end('good'))
  const gateway = await gatewayTo(t, [bad.url, good.url], 'connections: { max: 1 }\n    retry: { attempts: 2, on: [503] }')
  for (const path of ['/long', '/long', '/stalled', '/stalled']) assert.equal((await send(gateway.url, path)).text, 'good')
  assert.equal(closed.length, 2)
  await Promise.all(closed)
})

test('of a response that is not wanted no more is read than its connection is worth', async t => {
  const length = 500_000_000
  const piece = Buffer.alloc(1_000_000)
  let written = 0
  const closed = Promise.withResolvers<void>()
  const bad = await startService(t, (_request, response) => {
    response.writeHead(503, { 'content-length': length }).once('close', () => closed.resolve())
    const more = (): void => {
      do written += piece.length
      while (response.write(piece) && written < length)
      if (written < length) response.once('drain', more)
    }
    more()
  })
  const good = await startTarget(t, (_request, response) => response.end('good'))
  const gateway = await gatewayTo(t, [bad.url, good.url], 'balance: round-robin\n    retry: { attempts: 2, on: [503] }')
  assert.equal((await send(gateway.url, '/')).text, 'good')
  await closed.promise
  // What waits in the buffers of the system is not read by the gateway.
  assert.ok(written < 50_000_000, `${written} bytes`)
})

test('an idle connection that the target closes just when it is used again is no failure', async t => {
  const sockets: Socket[] = []
  const target = await startRawTarget(t, socket => {
    sockets.push(socket)
    let requests = 0
    socket.on('data', () => {
      // Only now the target lets go: the gateway has already sent, as it does when both happen at the same moment.
      if (++requests === 2 && socket === sockets[0]) socket.destroy()
      else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
    })
  })
  const gateway = await gatewayTo(t, [target.url], 'retry: { attempts: 1, on: [] }\n    circuitBreaker: { failures: 1, openFor: 1h }')
  for (let count = 0; count < 4; count++) assert.equal((await send(gateway.url, '/')).text, 'ok')
  assert.ok(sockets.length >= 2)
  assert.match((await send(gateway.admin, '/metrics')).text, /^gateway_circuit_state\{.*\} 0$/m)
})

test('the same race by a reset is no failure either', async t => {
  let connections = 0
  const target = await startRawTarget(t, socket => {
    const first = ++connections === 1
    let requests = 0
    socket.on('data', () => {
      if (++requests === 2 && first) socket.resetAndDestroy()
      else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
    })
  })
  const gateway = await gatewayTo(t, [target.url], 'retry: { attempts: 1, on: [] }')
  for (let count = 0; count < 4; count++) assert.equal((await send(gateway.url, '/')).text, 'ok')
  assert.ok(connections >= 2)
})

test('a request that runs into the same race twice is not sent a third time', async t => {
  const held: (() => void)[] = []
  let again = 0
  const target = await startRawTarget(t, socket => {
    let requests = 0
    socket.on('data', () => {
      if (++requests === 1) held.push(() => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'))
      else {
        again++
        socket.destroy()
      }
    })
  })
  const gateway = await gatewayTo(t, [target.url], 'retry: { attempts: 1, on: [] }')
  const first = Promise.all([1, 2, 3].map(async () => await send(gateway.url, '/')))
  while (held.length < 3) await new Promise(setImmediate)
  for (const answer of held) answer()
  assert.deepEqual((await first).map(({ text }) => text), ['ok', 'ok', 'ok'])
  assert.deepEqual([(await send(gateway.url, '/')).status, again], [502, 2])
})

test('a POST that runs into the same race is not sent twice', async t => {
  let posts = 0
  const target = await startRawTarget(t, socket => socket.on('data', (chunk: Buffer) => {
    if (!chunk.toString().startsWith('POST')) return void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
    posts++
    socket.destroy()
  }))
  const gateway = await gatewayTo(t, [target.url], 'retry: { attempts: 3 }')
  assert.equal((await send(gateway.url, '/')).text, 'ok')
  assert.equal((await send(gateway.url, '/', { method: 'POST' })).status, 502)
  assert.equal(posts, 1)
})

test('a fresh connection that is closed is a failure, and with retries off there is none', async t => {
  let connections = 0
  const target = await startRawTarget(t, socket => { connections++; socket.once('data', () => socket.end('HTTP/1.1 2')) })
  const gateway = await gatewayTo(t, [target.url], 'retry: { attempts: 1, on: [] }')
  assert.equal((await send(gateway.url, '/')).status, 502)
  assert.equal(connections, 1)
})

test('with one attempt no other target is asked, also where the first could not be reached', async t => {
  const good = await startTarget(t)
  const { url } = await startGateway(t, `
upstreams: { back: { targets: ["${await refusing()}", "${good.url}"], balance: round-robin, retry: { attempts: 1 } } }
routes: [{ path: /, upstream: back }]
`)
  assert.equal((await send(url, '/')).status, 502)
  assert.equal(good.hits.length, 0)
})
