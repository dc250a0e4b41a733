/**
 * Timeouts cut targets that are too slow, and never blame a target for a slow client.
 * Where a timeout must not fire, a request beside it that must run into the same timeout says when it would have.
 */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { begin, answerTo, headOf, readWhole, send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startRawTarget, startService } from '../helpers/target.ts'

/** Resolves when a timeout of the upstream has passed: the path /silent gets no response. */
async function timeoutPassed (gateway: TestGateway, status = 504): Promise<void> {
  const answer = await send(gateway.url, '/silent')
  assert.deepEqual([answer.status, answer.complete], [status, status === 504])
}

async function gatewayTo (t: TestContext, urls: readonly string[], timeouts: string, more = ''): Promise<TestGateway> {
  return await startGateway(t, `
upstreams:
  back:
    targets: [${urls.map(url => `'${url}'`).join()}]
    timeouts: { ${timeouts} }
    ${more}
routes: [{ path: '/*', upstream: back }]
`)
}

test('a target that does not take the connection in time is a 504 connect-timeout', async t => {
  // A handshake that the target never finishes is the part of connecting that loopback can make slow.
  const target = await startRawTarget(t, socket => socket.resume())
  const gateway = await gatewayTo(t, [target.url.replace('http', 'https')], 'connect: 30ms', 'retry: { attempts: 1 }')
  const answer = await send(gateway.url, '/')
  assert.deepEqual([answer.status, JSON.parse(answer.text).code], [504, 'connect-timeout'])
})

test('a target that falls silent before any of its body: the client sees the head and a cut, the log an idle-timeout', async t => {
  const target = await startService(t, (_request, response) => { response.writeHead(200, { 'content-length': 5 }).flushHeaders() })
  const gateway = await gatewayTo(t, [target.url], 'idle: 30ms')
  const answer = await send(gateway.url, '/')
  assert.deepEqual([answer.status, answer.text, answer.complete], [200, '', false])
  const line = await gateway.logged(({ msg }) => msg === 'request completed')
  assert.deepEqual([line['status'], line['code'], line['fault']], [200, 'idle-timeout', 'upstream'])
})

test('a target that falls silent in its body: the client sees a cut, the target a close, the log an idle-timeout', async t => {
  let closed: Promise<unknown> | undefined
  const target = await startService(t, (_request, response) => {
    closed = once(response, 'close')
    response.writeHead(200, { 'content-length': 5 }).write('abc')
  })
  const gateway = await gatewayTo(t, [target.url], 'idle: 30ms')
  const answer = await send(gateway.url, '/')
  assert.deepEqual([answer.status, answer.text, answer.complete], [200, 'abc', false])
  await closed
  const line = await gateway.logged(({ msg }) => msg === 'request completed')
  assert.deepEqual([line['status'], line['code'], line['fault']], [200, 'idle-timeout', 'upstream'])
})

test('with idle: 0s a stream may be silent for as long as it likes', async t => {
  let go: (() => void) | undefined
  const target = await startService(t, (request, response) => {
    if (request.url === '/silent') return
    response.write('one')
    go = () => response.end('two')
  })
  const gateway = await gatewayTo(t, [target.url], 'idle: 0s, response: 30ms')
  const response = await headOf(begin(gateway.url, '/').end())
  const answer = readWhole(response)
  await once(response, 'data')
  await timeoutPassed(gateway)
  go!()
  const { text, complete } = await answer
  assert.deepEqual([text, complete], ['onetwo', true])
})

test('a client that reads slower than the idle timeout still gets the whole response', async t => {
  const bytes = Buffer.alloc(32 * 1024 * 1024, 'x')
  const target = await startService(t, (request, response) => {
    response.setHeader('content-length', bytes.length)
    if (request.url === '/silent') response.flushHeaders()
    else response.end(bytes)
  })
  const gateway = await gatewayTo(t, [target.url], 'idle: 150ms')
  const response = await headOf(begin(gateway.url, '/').end())
  response.pause()
  await timeoutPassed(gateway, 200)
  await timeoutPassed(gateway, 200)
  const answer = await readWhole(response)
  assert.deepEqual([answer.body.length, answer.complete], [bytes.length, true])
})

test('all attempts together may not take longer than total', async t => {
  let hits = 0
  const silent = async (): Promise<string> => (await startService(t, () => { hits++ })).url
  const gateway = await gatewayTo(
    t,
    [await silent(), await silent(), await silent()],
    'response: 1s, total: 1600ms',
    'retry: { attempts: 3, on: [timeout], backoff: { base: 1ms, max: 1ms } }'
  )
  const answer = await send(gateway.url, '/')
  assert.deepEqual([answer.status, JSON.parse(answer.text).code], [504, 'total-timeout'])
  const line = await gateway.logged(({ msg }) => msg === 'request completed')
  assert.equal(line['attempts'], 2)
  assert.equal(hits, 2)
})

test('the time for a connection is part of the time for a response, and not added to it', async t => {
  const silent = await startService(t, () => {})
  const gateway = await startGateway(t, `
upstreams:
  first: { targets: ['${silent.url}'], timeouts: { connect: 400ms, response: 500ms }, retry: { attempts: 1 } }
  second: { targets: ['${silent.url}'], timeouts: { connect: 0s, response: 880ms }, retry: { attempts: 1 } }
routes: [{ path: /first, upstream: first }, { path: /second, upstream: second }]`)
  const order: string[] = []
  await Promise.all(['/first', '/second'].map(async path => { order.push(`${path} ${(await send(gateway.url, path)).status}`) }))
  assert.deepEqual(order, ['/first 504', '/second 504'])
})

test('an upload that takes longer than every timeout is no slow response', async t => {
  const begun = Promise.withResolvers<void>()
  const target = await startService(t, (request, response) => {
    if (request.url === '/silent') return
    begun.resolve()
    request.resume().on('end', () => response.end('done'))
  })
  const gateway = await gatewayTo(t, [target.url], 'response: 40ms, total: 50ms')
  const upload = begin(gateway.url, '/', { method: 'POST', headers: { 'content-length': 20_003 } })
  const answer = answerTo(upload)
  upload.write('a'.repeat(20_000))
  await begun.promise
  await timeoutPassed(gateway)
  await timeoutPassed(gateway)
  upload.end('def')
  const { status, text } = await answer
  assert.deepEqual([status, text], [200, 'done'])
})

test('a target that stops taking an upload is a 504 response-timeout', async t => {
  const target = await startService(t, request => { request.pause() })
  const gateway = await gatewayTo(t, [target.url], 'response: 40ms')
  const upload = begin(gateway.url, '/', { method: 'POST', headers: { 'content-length': 9_000_000 } })
  const answer = answerTo(upload)
  upload.end(Buffer.alloc(9_000_000))
  assert.equal((await answer).status, 504)
})

test('with `exchange` a response that drips is cut when its time is over, and its target is not to blame', async t => {
  const closed = Promise.withResolvers<void>()
  const target = await startService(t, (_request, response) => {
    const drip = setInterval(() => response.write('x'), 10)
    response.on('close', () => { clearInterval(drip); closed.resolve() })
  })
  const gateway = await gatewayTo(t, [target.url], 'exchange: 150ms', 'circuitBreaker: { failures: 1 }')
  const { status, complete, text } = await send(gateway.url, '/')
  assert.deepEqual([status, complete], [200, false])
  assert.match(text, /^x+$/)
  await closed.promise
  const line = await gateway.logged(({ msg }) => msg === 'request completed')
  assert.deepEqual([line['status'], line['code']], [200, 'exchange-timeout'])
  assert.match((await send(gateway.admin, '/metrics')).text, /^gateway_circuit_state\{.*\} 0$/m)
})

test('with `exchange` a request whose response does not begin in time is a 504', async t => {
  const target = await startService(t, request => { request.resume() })
  const gateway = await gatewayTo(t, [target.url], 'exchange: 100ms, response: 0s, total: 0s')
  for (const body of [undefined, 'x'.repeat(100_000)]) {
    const answer = await send(gateway.url, '/', { method: 'PUT', ...(body === undefined ? {} : { body }) })
    assert.deepEqual([answer.status, JSON.parse(answer.text).code], [504, 'exchange-timeout'])
  }
})

test('with `exchange` an upload that drips is cut, and a client that reads too slowly', async t => {
  const target = await startService(t, (request, response) => {
    if (request.method === 'GET') response.end(Buffer.alloc(64 * 1024 * 1024))
    else request.on('error', () => {}).resume()
  })
  const gateway = await gatewayTo(t, [target.url], 'exchange: 200ms')
  const upload = begin(gateway.url, '/', { method: 'POST' })
  const drip = setInterval(() => upload.write('x'), 10)
  const answer = await answerTo(upload)
  clearInterval(drip)
  assert.deepEqual([answer.status, JSON.parse(answer.text).code], [504, 'exchange-timeout'])
  const response = await headOf(begin(gateway.url, '/').end())
  response.pause()
  const line = await gateway.logged(({ msg, status }) => msg === 'request completed' && status === 200)
  assert.equal(line['code'], 'exchange-timeout')
  assert.equal((await readWhole(response)).complete, false)
})

test('with `exchange` an event stream goes on, and so does a response that is in time', async t => {
  let go = (): void => {}
  const target = await startService(t, (request, response) => {
    if (request.url === '/silent') response.write('x')
    else if (request.url === '/quick') response.end('ok')
    else {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).write('data: 1\n\n')
      go = () => response.end('data: 2\n\n')
    }
  })
  const gateway = await gatewayTo(t, [target.url], 'exchange: 400ms')
  const message = await headOf(begin(gateway.url, '/events').end())
  const whole = readWhole(message)
  await timeoutPassed(gateway, 200)
  await timeoutPassed(gateway, 200)
  go()
  assert.deepEqual([(await whole).text, (await send(gateway.url, '/quick')).text], ['data: 1\n\ndata: 2\n\n', 'ok'])
})

test('a connection that does not open within timeouts.response is a connect-timeout; a wait in the queue is not', async t => {
  const mute = await startRawTarget(t, socket => socket.resume())
  const busy = await startService(t, (_request, response) => { response.write('for ever') })
  const gateway = await startGateway(t, `
upstreams:
  mute: { targets: ['${mute.url.replace('http', 'https')}'], connections: { max: 1 }, timeouts: { connect: 60s, response: 50ms },
    retry: { attempts: 1 } }
  busy: { targets: ['${busy.url}'], connections: { max: 1, pending: 1 }, timeouts: { connect: 60s, response: 1s }, retry: { attempts: 1 } }
routes: [{ path: /mute, upstream: mute }, { path: /busy, upstream: busy }]`)
  const code = async (path: string): Promise<unknown> => JSON.parse((await send(gateway.url, path)).text).code
  assert.equal(await code('/mute'), 'connect-timeout')
  // A response that goes on keeps the one connection.
  const first = begin(gateway.url, '/busy').end()
  await headOf(first)
  assert.equal(await code('/busy'), 'response-timeout')
  first.destroy()
})

test('a target that sends a little at a time is not silent, however long it takes', async t => {
  const target = await startService(t, (_request, response) => {
    let left = 20
    const drip = setInterval(() => {
      if (left-- > 0) response.write('x')
      else { clearInterval(drip); response.end() }
    }, 25)
    response.on('close', () => clearInterval(drip))
  })
  const gateway = await gatewayTo(t, [target.url], 'idle: 200ms')
  const { text, complete } = await send(gateway.url, '/')
  assert.deepEqual([text, complete], ['x'.repeat(20), true])
})

test('a pause of the gateway is not a silence of its target', async t => {
  const target = await startService(t, (_request, response) => {
    response.write('a')
    go = () => {
      response.write('b')
      const until = performance.now() + 250
      while (performance.now() < until);
      response.end('c')
    }
  })
  let go = (): void => {}
  const gateway = await gatewayTo(t, [target.url], 'idle: 200ms')
  const response = await headOf(begin(gateway.url, '/').end())
  const answer = readWhole(response)
  await once(response, 'data')
  go()
  const { text, complete } = await answer
  assert.deepEqual([text, complete], ['abc', true])
})

test('a target that falls silent after its client was slow is cut all the same', async t => {
  const size = 32 * 1024 * 1024
  let stopped = (): boolean => false
  const target = await startService(t, (_request, response) => {
    response.writeHead(200, { 'content-length': size + 1 })
    response.write(Buffer.alloc(size))
    stopped = () => response.writableNeedDrain
  })
  const gateway = await gatewayTo(t, [target.url], 'idle: 200ms')
  const response = await headOf(begin(gateway.url, '/').end())
  response.pause()
  while (!stopped()) await new Promise(setImmediate)
  const { body, complete } = await readWhole(response)
  assert.deepEqual([body.length, complete], [size, false])
  const line = await gateway.logged(({ msg }) => msg === 'request completed')
  assert.equal(line['code'], 'idle-timeout')
})
