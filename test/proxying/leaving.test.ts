/** When a client leaves, its attempt ends at once, no target is blamed, and everything is released. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import type { Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { begin, headOf, send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { open } from '../helpers/raw.ts'
import { startRawTarget, startService } from '../helpers/target.ts'

/** A breaker that one failure opens: what a client does must never open it. */
async function gatewayTo (t: TestContext, url: string): Promise<TestGateway> {
  return await startGateway(t, `
upstreams:
  back: { targets: ['${url}'], circuitBreaker: { failures: 1, openFor: 1h } }
routes: [{ path: '/*', upstream: back }]
`)
}

/** Nothing is under way any more. Closing travels through two sockets and needs its turns of the event loop. */
async function assertIdle (gateway: TestGateway): Promise<void> {
  const idle = [/^gateway_requests_in_flight 0$/m, /^gateway_active_connections\{.*\} 0$/m, /^gateway_circuit_state\{.*\} 0$/m]
  let text = ''
  for (let look = 0; look < 300; look++) {
    for (let turn = 0; turn < 20; turn++) await setImmediate()
    text = (await send(gateway.admin, '/metrics')).text
    if (idle.every(state => state.test(text))) return
  }
  assert.fail(text.match(/^gateway_(requests_in|active|circuit_state).*$/gm)?.join('\n'))
}

/** Log line, metrics and breaker after a client has left. */
async function assertForgiven (gateway: TestGateway, upload = false): Promise<void> {
  const line = await gateway.logged(({ msg }) => msg === 'request completed')
  assert.deepEqual([line['code'], line['fault'], line['level']], ['client-closed', 'client', 'info'])
  if (!upload) assert.equal(line['attempts'], 1)
  await assertIdle(gateway)
  assert.equal(gateway.logs.filter(({ level }) => level === 'warn' || level === 'error').length, 0, JSON.stringify(gateway.logs))
}

for (const method of ['GET', 'POST']) {
  test(`a client that leaves before the response to its ${method} closes the connection to the target`, async t => {
    const reached = Promise.withResolvers<Promise<unknown>[]>()
    const target = await startService(t, (request, response) => { request.resume(); reached.resolve([once(response, 'close')]) })
    const gateway = await gatewayTo(t, target.url)
    const outgoing = begin(gateway.url, '/', { method })
    outgoing.end(method === 'POST' ? 'hello' : undefined)
    const [closed] = await reached.promise
    outgoing.destroy()
    await closed
    const line = await gateway.logged(({ msg }) => msg === 'request completed')
    assert.equal(line['status'], 499)
    await assertForgiven(gateway)
  })
}

test('a client that leaves in the middle of a response closes the connection to the target', async t => {
  let closed: Promise<unknown> | undefined
  const target = await startService(t, (_request, response) => { closed = once(response, 'close'); response.write('begun') })
  const gateway = await gatewayTo(t, target.url)
  const outgoing = begin(gateway.url, '/').end()
  await once(await headOf(outgoing), 'data')
  outgoing.destroy()
  await closed
  await assertForgiven(gateway)
})

test('a client that leaves while its reading has stopped the target closes the connection to the target', async t => {
  const reached = Promise.withResolvers<Promise<unknown>[]>()
  const target = await startService(t, (_request, response) => {
    response.end(Buffer.alloc(64 * 1024 * 1024))
    reached.resolve([once(response, 'close')])
  })
  const gateway = await gatewayTo(t, target.url)
  const outgoing = begin(gateway.url, '/').end()
  const response = await headOf(outgoing)
  response.pause()
  const [closed] = await reached.promise
  outgoing.destroy()
  await closed
  await assertForgiven(gateway)
})

const uploads = {
  'with Content-Length': 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nonly this',
  'in chunks': 'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n9\r\nonly this\r\n',
  'in the middle of a chunk': 'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n20\r\nonly this',
  'of a GET': 'GET / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n9\r\nonly this\r\n'
}

for (const [framing, bytes] of Object.entries(uploads)) {
  for (const leave of ['ends', 'resets'] as const) {
    test(`an upload ${framing} that the client ${leave} in the middle never looks complete to the target`, async t => {
      const received: Buffer[] = []
      const begun = Promise.withResolvers<Promise<unknown>[]>()
      const target = await startRawTarget(t, socket => socket.on('data', (chunk: Buffer) => {
        received.push(chunk)
        if (Buffer.concat(received).includes('only this')) begun.resolve([once(socket, 'close')])
      }))
      const gateway = await gatewayTo(t, target.url)
      const socket = await open(t, gateway.url)
      socket.write(bytes)
      const [closed] = await begun.promise
      if (leave === 'ends') socket.end()
      else socket.resetAndDestroy()
      await closed
      const text = Buffer.concat(received).toString()
      assert.doesNotMatch(text, /\r\n0\r\n\r\n$/)
      assert.match(text, /only this(?:\r\n)?$/)
      await assertForgiven(gateway, true)
    })
  }
}

test('bytes that break the framing of an upload never let it look complete', async t => {
  const received: Buffer[] = []
  const begun = Promise.withResolvers<Promise<unknown>[]>()
  const target = await startRawTarget(t, socket => socket.on('data', (chunk: Buffer) => {
    received.push(chunk)
    if (Buffer.concat(received).includes('abc')) begun.resolve([once(socket, 'close')])
  }))
  const gateway = await gatewayTo(t, target.url)
  const socket = await open(t, gateway.url)
  socket.write('POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n')
  const [closed] = await begun.promise
  socket.write('xyz\r\n')
  await closed
  assert.doesNotMatch(Buffer.concat(received).toString(), /\r\n0\r\n\r\n$/)
})

test('thousands of clients that leave at different moments leave nothing behind', async t => {
  const target = await startService(t, (request, response) => {
    request.on('error', () => {}).resume()
    if (request.url === '/whole') response.end('whole')
    else if (request.url === '/half') response.write('half')
  })
  const gateway = await gatewayTo(t, target.url)
  await send(gateway.url, '/whole')
  const before = descriptors()
  const paths = ['/silent', '/half', '/whole']
  const total = 2000
  let started = 0
  const one = async (): Promise<void> => {
    while (started < total) {
      const number = started++
      const socket = await open(t, gateway.url)
      const path = paths[number % paths.length]!
      const upload = number % 2 === 0
      socket.write(
        upload ? `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n12345` : `GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`
      )
      for (let turn = number % 7; turn > 0; turn--) await setImmediate()
      socket.destroy()
      await once(socket, 'close')
    }
  }
  await Promise.all(Array.from({ length: 50 }, one))
  await assertIdle(gateway)
  assert.ok(descriptors() <= before + 60, `${before} descriptors before, ${descriptors()} after`)
  assert.equal((await send(gateway.url, '/whole')).text, 'whole')
})

function descriptors (): number {
  return readdirSync('/proc/self/fd').length
}

test('an upload that the client cuts short is complete for no target, however it is read and wherever it is cut', async t => {
  let complete = 0
  const target = await startService(t, (request, response) => {
    request.on('error', () => {}).on('end', () => {
      if (request.url !== '/next' && request.complete) complete++
      response.end('ok')
    }).resume()
  })
  const gateway = await startGateway(t, `
upstreams:
  streamed: { targets: ['${target.url}'] }
  whole: { targets: ['${target.url}'], retry: { bufferBody: 1mib } }
policies:
  read: { plugin: body-validation, schema: {}, maxBody: 1mib }
routes:
  - { path: '/*', upstream: streamed }
  - { path: /whole, upstream: whole }
  - { path: /read, upstream: streamed, policies: [read] }
`)
  const size = 200_000
  const ends = { finish: (socket: Socket) => socket.end(), reset: (socket: Socket) => { socket.resetAndDestroy() } }
  let cut = 0
  for (const path of ['/stream', '/whole', '/read']) {
    for (const chunked of [false, true]) {
      for (const sent of [1, 15_000, 16_384, 100_000, size - 1, size]) {
        // By its length, the last of these is no cut; in chunks the last chunk is missing.
        if (sent === size && !chunked) continue
        for (const end of Object.values(ends)) {
          const socket = await open(t, gateway.url)
          const framing = chunked ? 'transfer-encoding: chunked' : `content-length: ${size}`
          socket.write(`POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n${framing}\r\n\r\n`)
          const bytes = '1'.repeat(sent)
          await new Promise<void>(resolve => { socket.write(chunked ? `${sent.toString(16)}\r\n${bytes}\r\n` : bytes, () => resolve()) })
          end(socket)
          cut++
        }
      }
    }
  }
  const ended = (): number => gateway.logs.filter(({ msg }) => msg === 'request completed').length
  while (ended() < cut) await new Promise(resolve => { setTimeout(resolve, 10) })
  assert.equal((await send(gateway.url, '/next', { method: 'POST', body: 'x' })).text, 'ok')
  assert.equal(complete, 0)
})
