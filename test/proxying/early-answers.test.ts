/**
 * A target that refuses an upload answers and closes before it has read it (RFC 9112 §9.5): its response reaches the
 * client, whatever the end of its connection looks like, and nothing of it is booked on the target.
 */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { suite, test, type TestContext } from 'node:test'
import { createServer as createTlsServer } from 'node:tls'
import { answerTo, begin, send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { certificate, privateKey } from '../health-checks/certificate.ts'

const refusal = 'HTTP/1.1 413 Content Too Large\r\nconnection: close\r\ncontent-length: 15\r\nx-of: target\r\n\r\ntoo much for me'

/** The connection under a TLS socket, which alone can be reset, by its port. */
const plain = new Map<number, Socket>()

/** What a target does when it has read the head of a request. */
const ends = {
  'closes with data unread': socket => {
    socket.pause().write(refusal)
    socket.destroySoon()
  },
  resets: socket => {
    // The client's system must have the response before the reset reaches it.
    socket.pause().write(refusal, () => setImmediate(() => (plain.get(socket.remotePort!) ?? socket).resetAndDestroy()))
  },
  'half-closes and reads on': socket => {
    socket.end(refusal)
    socket.resume()
  },
  stays: socket => {
    socket.write(refusal)
    socket.resume()
  }
} satisfies Record<string, (socket: Socket) => void>

async function startRefusing (t: TestContext, serve: (socket: Socket) => void, tls: boolean): Promise<string> {
  const sockets = new Set<Socket>()
  const listener = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => {}).once('data', () => serve(socket))
  }
  const server = tls ? createTlsServer(
    { cert: certificate, key: privateKey, allowHalfOpen: true },
    listener
  ) : createTcpServer({ allowHalfOpen: true }, listener)
  if (tls) server.on('connection', (socket: Socket) => plain.set(socket.remotePort!, socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function gatewayTo (t: TestContext, urls: readonly string[], keys = ''): Promise<TestGateway> {
  return await startGateway(t, `
server: { host: 127.0.0.1, port: 0, limits: { body: 100mb } }
upstreams: { back: { targets: [${urls.map(url => `'${url}'`).join()}], tls: { verify: false }, ${keys} } }
routes: [{ path: '/*', upstream: back }]
`)
}

async function upload (gateway: TestGateway, bytes: number, chunked: boolean, method = 'POST'): Promise<readonly [number, string]> {
  const outgoing = begin(gateway.url, '/', { method, headers: chunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': bytes } })
  const answer = answerTo(outgoing)
  const piece = Buffer.alloc(100_000)
  for (let left = bytes; left > 0; left -= piece.length) outgoing.write(piece.subarray(0, left))
  outgoing.end()
  const { status, text } = await answer
  return [status, text]
}

suite('a response that comes before the upload has been read', { concurrency: 2 }, () => {
  for (const tls of [false, true]) {
    for (const [name, serve] of Object.entries(ends)) {
      for (const [size, bytes] of [['200 KB', 200_000], ['20 MB', 20_000_000]] as const) {
        for (const chunked of [false, true]) {
          const framing = chunked ? 'chunked' : 'of a declared length'
          test(`reaches the client: the target ${name}, ${size}, ${framing}${tls ? ', TLS' : ''}`, async t => {
            const gateway = await gatewayTo(t, [await startRefusing(t, serve, tls)])
            for (let count = 0; count < 5; count++) assert.deepEqual(await upload(gateway, bytes, chunked), [413, 'too much for me'])
          })
        }
      }
    }
  }
})

/** More than the buffers of the system hold: a client that does not read is still being written to. */
const tooMuch = 20_000_000

const mute = (socket: Socket): void => { socket.pause().destroySoon() }

for (const [name, serve, status, bytes] of [
  ['answers 413 and closes', ends['closes with data unread'], 413, 262_144],
  ['closes without an answer', mute, 502, tooMuch]
] as const) {
  test(`five uploads to a target that ${name} close nothing: breaker, passive health, outliers`, async t => {
    const target = await startRefusing(t, socket => { serve(socket) }, false)
    const gateway = await gatewayTo(
      t,
      [target],
      'circuitBreaker: { minRequests: 2 }, healthChecks: { passive: { minRequests: 1 }, outliers: { consecutive5xx: 1 }, ' +
        'whenNoneHealthy: fail-closed }'
    )
    for (let count = 0; count < 5; count++) assert.equal((await upload(gateway, bytes, count % 2 === 0))[0], status)
    const [{ targets: [seen] }] = await (await fetch(`${gateway.admin}/upstreams`)).json() as [{ targets: [{
      open: boolean,
      active: number,
      gates: { gate: string, permits: boolean, why?: string }[]
    }] }]
    assert.deepEqual([seen.open, seen.active], [true, 0], JSON.stringify(seen))
    assert.equal(seen.gates.find(({ gate }) => gate === 'circuit-breaking')!.why, undefined, 'not a single failure was counted')
  })
}

test('an upload that was kept for a second attempt is not shown to every target', async t => {
  let uploads = 0
  const closing = (socket: Socket): void => { uploads++; mute(socket) }
  const targets = await Promise.all([1, 2, 3].map(async () => await startRefusing(t, closing, false)))
  const gateway = await gatewayTo(t, targets, 'retry: { attempts: 3, bufferBody: 50mb }')
  assert.equal((await upload(gateway, tooMuch, false, 'PUT'))[0], 502)
  assert.equal(uploads, 1)
})

test('the same connection that is cut without an upload is a failure of the target', async t => {
  const closing = await startRefusing(t, mute, false)
  const gateway = await gatewayTo(t, [closing], 'circuitBreaker: { failures: 1, openFor: 1h }, connections: { keepAlive: 1ms }')
  assert.equal((await upload(gateway, tooMuch, true))[0], 502)
  assert.equal((await send(gateway.url, '/', { method: 'GET' })).status, 502, 'a request without a body is cut, and counts')
  assert.equal((await send(gateway.url, '/')).status, 503)
})

test('a response that is cut while the upload goes on counts for nothing; the client sees the cut', async t => {
  const cut = (socket: Socket): void => {
    socket.pause().write('HTTP/1.1 413 Content Too Large\r\ncontent-length: 100\r\n\r\ntoo')
    socket.destroySoon()
  }
  const gateway = await gatewayTo(t, [await startRefusing(t, cut, false)], 'circuitBreaker: { failures: 1 }')
  for (let count = 0; count < 3; count++) await upload(gateway, tooMuch, true).catch(() => {})
  const [{ targets: [seen] }] = await (await fetch(`${gateway.admin}/upstreams`)).json() as [{ targets: [{ open: boolean }] }]
  assert.equal(seen.open, true)
})
