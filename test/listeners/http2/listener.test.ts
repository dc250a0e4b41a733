/** Connections that speak HTTP/2 on a listener, with and without TLS: how they begin, their limits, and how they end. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { test, type TestContext } from 'node:test'
import { usualHttp2Limits } from '../../../src/config/schema/http2-schema.ts'
import type { RejectedInput } from '../../../src/contract/rejected-input.ts'
import { Listener, type ListenerLimits, type ListenerOptions } from '../../../src/listeners/listener.ts'
import { CertificateBook } from '../../../src/listeners/tls/certificate-book.ts'
import type { HandshakeRules } from '../../../src/listeners/tls/handshakes.ts'
import { serverCertificate } from '../../../src/listeners/tls/server-certificate.ts'
import { issueCertificate } from '../../helpers/certificates.ts'
import { answerOf, ask2, openHttp2 } from '../../helpers/http2.ts'
import {
  block, flags, frame, FrameClient, get, headers, openFrames, preface, pseudo, settings, types, windowUpdate
} from '../../helpers/http2-frames.ts'
import { openTls } from '../../helpers/tls.ts'
import { exchangeBytes } from '../../helpers/raw.ts'

const timeouts = { headers: 2000, request: 2000, keepAlive: 2000, write: 2000, linger: 500 }

const book = new CertificateBook([serverCertificate(issueCertificate({ subject: 'a.test', san: ['dns:a.test'] }))])
const tls = { book, timeout: 2000, most: 100 }

type Handle = (request: IncomingMessage, response: ServerResponse) => void

interface Started {
  readonly listener: Listener
  readonly url: string
  readonly rejected: RejectedInput[]
}

/** Listens with HTTP/2; limits can be changed. */
async function listen (
  t: TestContext,
  handle: Handle,
  { tls: handshakes, ...limits }: Partial<ListenerLimits & { tls: HandshakeRules }> = {},
  options: Partial<ListenerOptions> = {}
): Promise<Started> {
  const rejected: RejectedInput[] = []
  const listener = new Listener({
    name: 'test',
    via: 'test',
    headers: 4096,
    handle,
    draining: () => false,
    rejected: input => rejected.push(input),
    failed: () => {},
    ...options
  })
  listener.apply({ timeouts, connections: 100, http2: usualHttp2Limits, ...limits })
  listener.secure(handshakes)
  await listener.open({ host: '127.0.0.1', port: 0 })
  t.after(async () => {
    listener.connections.destroyAll()
    await listener.close()
  })
  return { listener, url: listener.address, rejected }
}

const hello: Handle = (request, response) => {
  response.writeHead(200, { 'content-type': 'text/plain' }).end(`${request.method} ${request.url} ${request.httpVersion}`)
}

/** Writes frames to a listener, with or without TLS. */
async function framesTo (t: TestContext, url: string, first = Buffer.concat([preface, settings()])): Promise<FrameClient> {
  if (!url.startsWith('https')) return await openFrames(t, url, first)
  return new FrameClient(await openTls(t, url, { ALPNProtocols: ['h2'] }), first)
}

for (const [name, secured] of [['without TLS', {}], ['over TLS', { tls }]] as const) {
  test(`${name}: requests of one connection are served side by side`, async t => {
    const held: ServerResponse[] = []
    const { url, listener } = await listen(t, (request, response) => {
      if (request.url === '/held') held.push(response)
      else hello(request, response)
    }, secured)
    const client = openHttp2(t, url)
    const waiting = ask2(client, { ':path': '/held' })
    assert.equal((await ask2(client, { ':path': '/a' })).text, 'GET /a 2.0')
    held[0]!.end('at last')
    assert.equal((await waiting).text, 'at last')
    assert.equal(listener.connections.open, 1)
  })

  test(`${name}: a connection beyond the limit gets a 503 and is closed`, async t => {
    const { url, rejected } = await listen(t, hello, { ...secured, connections: 1 })
    const first = openHttp2(t, url)
    assert.equal((await ask2(first)).status, 200)
    const second = openHttp2(t, url)
    const gone = once(second, 'close')
    assert.equal((await ask2(second)).status, 503)
    await gone
    assert.deepEqual(rejected.map(({ reason }) => reason.code), ['overloaded'])
    assert.equal((await ask2(first)).status, 200)
  })

  test(`${name}: a connection without a request is closed after the idle timeout, with GOAWAY`, async t => {
    const { url } = await listen(t, hello, { ...secured, timeouts: { ...timeouts, keepAlive: 100 } })
    const client = await framesTo(t, url)
    client.write(get(1))
    assert.equal(await client.ending(1), 'complete')
    assert.equal(await client.goaway(), 0)
    await client.gone()
  })

  test(`${name}: a connection that never asks is closed after the timeout for headers`, async t => {
    const { url } = await listen(t, hello, { ...secured, timeouts: { ...timeouts, headers: 100 } })
    const client = await framesTo(t, url)
    await client.gone()
    assert.equal(await client.goaway(), 0)
  })

  test(`${name}: headers that never end close the connection, however slowly they come`, async t => {
    const { url } = await listen(t, hello, { ...secured, timeouts: { ...timeouts, headers: 200 } })
    const client = await framesTo(t, url)
    client.write(get(1))
    await client.ending(1)
    client.write(frame(types.headers, flags.endStream, 3, block(pseudo())))
    const drip = setInterval(() => client.write(frame(types.continuation, 0, 3, block([['x', 'y']]))), 20)
    await client.gone()
    clearInterval(drip)
  })

  test(`${name}: a body that does not come gets a 408, and other requests are served`, async t => {
    const { url } = await listen(t, (request, response) => {
      if (request.method === 'GET') hello(request, response)
      else request.resume().on('end', () => response.end('never'))
    }, { ...secured, timeouts: { ...timeouts, request: 200 } })
    const client = openHttp2(t, url)
    const stream = client.request({ ':method': 'POST' })
    stream.write('part')
    const answer = await answerOf(stream)
    assert.deepEqual([answer.status, answer.rstCode], [408, 0])
    assert.equal((await ask2(client)).status, 200)
  })

  test(`${name}: a client that opens no window loses its response, and its other requests are served`, async t => {
    const closed: boolean[] = []
    const { url } = await listen(t, (request, response) => {
      if (request.url !== '/long') hello(request, response)
      else response.on('close', () => closed.push(response.writableFinished)).end(Buffer.alloc(100_000))
    }, { ...secured, timeouts: { ...timeouts, write: 200 } })
    const client = await framesTo(t, url)
    client.write(get(1, '/long'))
    assert.equal(await client.ending(1), 8)
    assert.deepEqual(closed, [false])
    client.write(windowUpdate(0, 1_000_000), get(3))
    assert.equal(await client.ending(3), 'complete')
  })

  test(`${name}: a client that reads slowly keeps its response`, async t => {
    const { url } = await listen(t, (_request, response) => response.end(Buffer.alloc(400_000)), {
      ...secured, timeouts: { ...timeouts, write: 400 }
    })
    const client = await framesTo(t, url, Buffer.concat([preface, settings({ 4: 65_535 }), windowUpdate(0, 10_000_000)]))
    client.write(get(1))
    const drip = setInterval(() => client.write(windowUpdate(1, 20_000)), 50)
    assert.equal(await client.ending(1), 'complete')
    clearInterval(drip)
    assert.equal(client.bodyOf(1).length, 400_000)
  })

  test(`${name}: a client that reads nothing at all is cut`, async t => {
    const closed: boolean[] = []
    const { url, listener } = await listen(t, (_request, response) => {
      response.on('close', () => closed.push(response.writableFinished)).end(Buffer.alloc(30_000_000))
    }, { ...secured, timeouts: { ...timeouts, write: 200 } })
    const client = await framesTo(t, url, Buffer.concat([preface, settings({ 4: 0x7fffffff }), windowUpdate(0, 0x7fffffff - 65_535)]))
    client.write(get(1))
    await client.until(() => client.find(types.headers, 1))
    client.socket.pause()
    while (listener.connections.open > 0) await new Promise(resolve => setTimeout(resolve, 20))
    assert.deepEqual(closed, [false])
  })

  test(`${name}: headers above the limit get a 431, and far above it their stream is reset`, async t => {
    const { url, rejected } = await listen(t, hello, secured)
    const client = await framesTo(t, url)
    client.write(headers(1, [...pseudo(), ['x', 'y'.repeat(4000)]]))
    assert.equal(await client.ending(1), 'complete')
    assert.match(client.bodyOf(1), /headers-too-large/)
    assert.deepEqual(rejected.map(({ reason }) => reason.code), ['headers-too-large'])
    client.write(headers(3, [...pseudo(), ['x', 'y'.repeat(9000)]]))
    assert.equal(await client.ending(3), 11)
    client.write(headers(5, [...pseudo(), ...Array.from({ length: 50 }, (_, i): [string, string] => [`x-${i}`, ''])]))
    await client.ending(5)
    assert.match(client.bodyOf(5), /GET/)
  })

  test(`${name}: closing lets the requests in flight end, and takes no others`, async t => {
    const held: ServerResponse[] = []
    const { url, listener } = await listen(t, (_request, response) => { held.push(response.writeHead(200)) }, secured)
    const client = await framesTo(t, url)
    client.write(get(1))
    while (held.length < 1) await new Promise(setImmediate)
    const closed = listener.close()
    assert.equal(await client.goaway(), 0)
    client.write(get(3))
    held[0]!.end('done')
    assert.equal(await client.ending(1), 'complete')
    await client.gone()
    await closed
    assert.equal(held.length, 1)
  })

  test(`${name}: while draining, a connection ends after its next response`, async t => {
    let draining = false
    const { url } = await listen(t, hello, secured, { draining: () => draining })
    const client = openHttp2(t, url)
    assert.equal((await ask2(client)).status, 200)
    draining = true
    const gone = once(client, 'close')
    assert.equal((await ask2(client)).status, 200)
    await gone
  })

  test(`${name}: a connection ends after its last request, and when it is old`, async t => {
    const { url, listener } = await listen(t, hello, { ...secured, http2: { ...usualHttp2Limits, maxRequests: 2 } })
    const client = openHttp2(t, url)
    const gone = once(client, 'close')
    assert.equal((await ask2(client)).status, 200)
    assert.equal((await ask2(client)).status, 200)
    await gone
    listener.apply({ timeouts, connections: 100, http2: { ...usualHttp2Limits, maxAge: 100 } })
    const next = openHttp2(t, url)
    assert.equal((await ask2(next)).status, 200)
    await once(next, 'close')
  })

  test(`${name}: HTTP/1.1 is served beside HTTP/2`, async t => {
    const { url } = await listen(t, hello, secured)
    const bytes = 'GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
    if (name === 'without TLS') {
      assert.equal((await exchangeBytes(t, url, bytes)).text, 'GET /x 1.1')
    } else {
      const socket = await openTls(t, url)
      let text = ''
      socket.on('data', chunk => { text += String(chunk) }).write(bytes)
      await once(socket, 'close')
      assert.match(text, /GET \/x 1\.1\r\n0\r\n\r\n$/)
    }
  })
}

test('the preface may come byte by byte', async t => {
  const { url } = await listen(t, hello)
  const client = await openFrames(t, url, Buffer.alloc(0))
  for (const byte of preface) {
    client.socket.write(Buffer.from([byte]))
    await new Promise(setImmediate)
  }
  client.write(settings(), get(1))
  assert.equal(await client.ending(1), 'complete')
})

test('a request of HTTP/1.1 may come byte by byte, and begin like the preface', async t => {
  const { url } = await listen(t, hello)
  const socket = connect(Number(new URL(url).port), '127.0.0.1').setNoDelay()
  let text = ''
  socket.on('data', chunk => { text += String(chunk) })
  for (const byte of Buffer.from('PROPFIND /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')) {
    socket.write(Buffer.from([byte]))
    await new Promise(setImmediate)
  }
  if (!socket.closed) await once(socket, 'close')
  assert.match(text, /^HTTP\/1.1 200 /)
})

test('a client that sends less than the preface gets a 408', async t => {
  const { url, rejected } = await listen(t, hello, { timeouts: { ...timeouts, headers: 50 } })
  const { status } = await exchangeBytes(t, url, 'PRI * HTTP')
  assert.equal(status, 408)
  assert.deepEqual(rejected.map(({ reason }) => reason.code), ['request-timeout'])
})

test('a listener without HTTP/2 takes the preface for a bad request, and closing does not wait for it', async t => {
  const { url, listener } = await listen(t, hello, { http2: undefined })
  const { status } = await exchangeBytes(t, url, Buffer.concat([preface, settings()]))
  assert.equal(status, 400)
  listener.apply({ timeouts, connections: 100, http2: usualHttp2Limits })
  const client = openHttp2(t, url)
  assert.equal((await ask2(client)).status, 200)
  listener.apply({ timeouts, connections: 100 })
  await once(client, 'close')
})

test('closing the listener closes connections that have not begun', async t => {
  const { url, listener } = await listen(t, hello)
  const client = await openFrames(t, url, Buffer.from('PRI'))
  await new Promise<void>(resolve => { httpRequest(url, response => response.resume().on('end', resolve)).end() })
  await listener.close()
  await client.gone()
})
