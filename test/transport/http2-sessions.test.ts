/** What becomes of requests over HTTP/2 when the target limits, resets or ends them, or breaks the rules. */

import assert from 'node:assert/strict'
import { lookup } from 'node:dns'
import { test, type TestContext } from 'node:test'
import type { UpstreamConfig } from '../../src/config/types.ts'
import { Http2Transport } from '../../src/transport/http2/http2-transport.ts'
import { KeptLoad } from '../../src/upstream/target-load.ts'
import { upstreamConfig } from '../load-balancing/upstream.ts'
import type { Frame } from '../helpers/http2-frames.ts'
import {
  endHeaders, endStream, field, maxStreams, ok, type Peer, type PeerConnection, setting, startPeer, types, word
} from './http2-peer.ts'
import { Chunks, get, Recorder } from './recorder.ts'

const none: Buffer = Buffer.alloc(0)

function transportTo (t: TestContext, port: number, options: Partial<UpstreamConfig['connections']> = {}, connect = 5000): {
  readonly transport: Http2Transport,
  readonly load: KeptLoad
} {
  const { tls, connections } = upstreamConfig()
  const load = new KeptLoad()
  const transport = new Http2Transport(
    { protocol: 'h2c', origin: `http://127.0.0.1:${port}`, connect, connections: { ...connections, ...options }, tls },
    { names: { lookup, doubt: () => {} }, load, clock: { now: () => 0, wall: () => 0 } }
  )
  t.after(async () => await transport.destroy())
  return { transport, load }
}

function send (transport: Http2Transport, request: Partial<typeof get> = {}): Recorder {
  const recorder = new Recorder()
  transport.send({ ...get, ...request }, recorder)
  return recorder
}

/** A peer that does `serve` with each request. */
async function serving (t: TestContext, serve: (connection: PeerConnection, stream: number) => void, settings = none): Promise<Peer> {
  return await startPeer(t, settings, (connection, { type, stream }) => { if (type === types.headers) serve(connection, stream) })
}

const fails: readonly {
  readonly what: string,
  readonly serve: (connection: PeerConnection, stream: number) => void,
  readonly heard: readonly string[],
  readonly resetCode?: number,
  readonly unprocessed?: boolean
}[] = [
  {
    what: 'REFUSED_STREAM',
    serve: (connection, stream) => connection.send(types.reset, 0, stream, word(7)),
    heard: ['started', 'failed connection-terminated'],
    resetCode: 7,
    unprocessed: true
  },
  {
    what: 'a reset with INTERNAL_ERROR',
    serve: (connection, stream) => connection.send(types.reset, 0, stream, word(2)),
    heard: ['started', 'failed connection-terminated'],
    resetCode: 2
  },
  {
    what: 'a reset with CANCEL',
    serve: (connection, stream) => connection.send(types.reset, 0, stream, word(8)),
    heard: ['started', 'failed connection-terminated'],
    resetCode: 8
  },
  {
    what: 'a reset without an error before the response',
    serve: (connection, stream) => connection.send(types.reset, 0, stream, word(0)),
    heard: ['started', 'failed connection-terminated'],
    resetCode: 0
  },
  ...[0, 2, 7, 8, 11].map(code => ({
    what: `a reset with code ${code} in the body`,
    serve: (connection: PeerConnection, stream: number) => {
      connection.send(types.headers, endHeaders, stream, ok)
      connection.send(types.data, 0, stream, Buffer.from('h'))
      connection.send(types.reset, 0, stream, word(code))
    },
    heard: ['started', 'head 200', 'failed response-cut'],
    resetCode: code
  })),
  {
    what: 'GOAWAY with an error and a close',
    serve: (connection, _stream) => {
      connection.send(types.goaway, 0, 0, Buffer.concat([word(1), word(11)]))
      connection.socket.end()
    },
    heard: ['started', 'failed connection-terminated']
  },
  {
    what: 'GOAWAY with an error that leaves the request out',
    serve: connection => {
      connection.send(types.goaway, 0, 0, Buffer.concat([word(0), word(11)]))
      connection.socket.end()
    },
    heard: ['started', 'failed connection-terminated'],
    unprocessed: true
  },
  {
    what: 'a connection field in the response',
    serve: (connection, stream) => {
      connection.send(types.headers, endHeaders + endStream, stream, Buffer.concat([ok, field('connection', 'close')]))
    },
    heard: ['started', 'failed malformed-response'],
    resetCode: 1
  },
  {
    what: 'a field name in upper case',
    serve: (connection, stream) => {
      connection.send(types.headers, endHeaders + endStream, stream, Buffer.concat([ok, field('X-A', '1')]))
    },
    heard: ['started', 'failed malformed-response'],
    resetCode: 1
  },
  {
    what: 'a response without a status',
    serve: (connection, stream) => connection.send(types.headers, endHeaders + endStream, stream, field('x-a', '1')),
    heard: ['started', 'failed malformed-response'],
    resetCode: 1
  },
  {
    what: 'a status beyond 599',
    serve: (connection, stream) => connection.send(types.headers, endHeaders + endStream, stream, field(':status', '600')),
    heard: ['started', 'failed malformed-response']
  },
  {
    what: 'a 101',
    serve: (connection, stream) => connection.send(types.headers, endHeaders, stream, field(':status', '101')),
    heard: ['started', 'failed malformed-response'],
    resetCode: 1
  },
  {
    what: 'more header fields than fit',
    serve: (connection, stream) => {
      connection.send(types.headers, 0, stream, Buffer.concat([ok, field('x-a', 'a'.repeat(16_000))]))
      for (let i = 0; i < 5; i++) connection.send(9, i === 4 ? endHeaders : 0, stream, field('x-a', 'a'.repeat(16_000)))
    },
    heard: ['started', 'failed malformed-response']
  },
  {
    what: 'more trailer fields than fit',
    serve: (connection, stream) => {
      connection.send(types.headers, endHeaders, stream, ok)
      connection.send(types.headers, endStream, stream, field('x-a', 'a'.repeat(16_000)))
      for (let i = 0; i < 5; i++) connection.send(9, i === 4 ? endHeaders : 0, stream, field('x-a', 'a'.repeat(16_000)))
    },
    heard: ['started', 'head 200', 'failed malformed-response']
  },
  {
    what: 'very many header fields',
    serve: (connection, stream) => {
      connection.send(types.headers, endHeaders, stream, Buffer.concat([ok, ...Array.from({ length: 3000 }, () => Buffer.from([0x90]))]))
    },
    heard: ['started', 'failed connection-terminated']
  },
  {
    what: 'more than 100 interim responses',
    serve: (connection, stream) => {
      for (let i = 0; i < 101; i++) connection.send(types.headers, endHeaders, stream, field(':status', '103'))
    },
    heard: ['started', ...Array.from({ length: 100 }, () => 'interim 103'), 'failed malformed-response']
  },
  {
    what: 'a body that is shorter than its length',
    serve: (connection, stream) => {
      connection.send(types.headers, endHeaders, stream, Buffer.concat([ok, field('content-length', '9')]))
      connection.send(types.data, endStream, stream, Buffer.from('hi'))
    },
    heard: ['started', 'head 200', 'failed response-cut'],
    resetCode: 1
  },
  {
    what: 'a window update of zero',
    serve: (connection, stream) => connection.send(types.windowUpdate, 0, stream, word(0)),
    heard: ['started', 'failed malformed-response']
  },
  {
    what: 'a window that grows too large',
    serve: (connection, stream) => connection.send(types.windowUpdate, 0, stream, word(0x7fffffff)),
    heard: ['started', 'failed malformed-response']
  },
  {
    what: 'data on a stream that was never opened',
    serve: connection => connection.send(types.data, 0, 99, Buffer.from('hi')),
    heard: ['started', 'failed malformed-response']
  },
  {
    what: 'data beyond the window',
    serve: (connection, stream) => {
      connection.send(types.headers, endHeaders, stream, ok)
      for (let i = 0; i < 64; i++) connection.send(types.data, 0, stream, Buffer.alloc(16_384))
    },
    heard: ['started', 'head 200', 'failed response-cut']
  }
]

for (const { what, serve, heard, resetCode, unprocessed = false } of fails) {
  test(`${what}: the end is heard once, and says what the target has done`, async t => {
    const { port } = await serving(t, serve)
    const { transport } = transportTo(t, port)
    const recorder = send(transport)
    if (what === 'data beyond the window') recorder.data = () => recorder.transmission!.pause()
    await recorder.over.promise
    await new Promise(resolve => { setImmediate(resolve) })
    assert.deepEqual(recorder.heard, heard)
    assert.equal(recorder.failure!.unprocessed, unprocessed)
    if (resetCode !== undefined) assert.equal(recorder.failure!.resetCode, resetCode)
  })
}

for (const [what, settings, connect, code] of [
  ['an HTTP/1.1 server', undefined, 5000, 'protocol-unsupported'],
  ['a target that closes at once', undefined, 5000, 'protocol-unsupported'],
  ['a target that says nothing', undefined, 50, 'connect-timeout']
] as const) {
  test(`${what} is a failure before anything is sent: ${code}`, async t => {
    const { port } = await startPeer(t, settings, ({ socket }) => {
      if (what === 'an HTTP/1.1 server') socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')
      else if (what === 'a target that closes at once') socket.end()
    })
    const { transport, load } = transportTo(t, port, {}, connect)
    const recorder = send(transport)
    await recorder.over.promise
    assert.deepEqual([recorder.heard, load.failure?.why, load.opened], [[`failed ${code}`], code, 0])
    assert.equal(await transport.isReachable(), false)
  })
}

test('a connection carries as many requests as the target allows, others wait, and connections are added up to the limit', async t => {
  const asked: [PeerConnection, number][] = []
  const peer = await serving(t, (...request) => { asked.push(request) }, setting(maxStreams, 2))
  const { transport } = transportTo(t, peer.port, { max: 2 })
  const recorders = Array.from({ length: 5 }, () => send(transport))
  await Promise.all(recorders.slice(0, 4).map(async ({ startedOnce }) => await startedOnce.promise))
  assert.deepEqual([transport.capacity, recorders[4]!.heard], [4, []])
  while (asked.length < 4) await new Promise(resolve => { setImmediate(resolve) })
  assert.deepEqual(peer.connections.map(connection => asked.filter(([on]) => on === connection).length), [2, 2])
  asked[0]![0].respond(asked[0]![1])
  await recorders[4]!.startedOnce.promise
  while (asked.length < 5) await new Promise(resolve => { setImmediate(resolve) })
  for (const [connection, stream] of asked.slice(1)) connection.respond(stream)
  await Promise.all(recorders.map(async ({ over }) => await over.promise))
  assert.deepEqual(recorders.map(({ body }) => body), Array.from({ length: 5 }, () => 'hi'))
})

test('requests go to the connection with the fewest streams', async t => {
  const asked: [PeerConnection, number][] = []
  const peer = await serving(t, (...request) => { asked.push(request) })
  const { transport } = transportTo(t, peer.port, { streams: 2, max: 2 })
  const first = Array.from({ length: 3 }, () => send(transport))
  await Promise.all(first.map(async ({ startedOnce }) => await startedOnce.promise))
  const fourth = send(transport)
  await fourth.startedOnce.promise
  while (asked.length < 4) await new Promise(resolve => { setImmediate(resolve) })
  assert.deepEqual(peer.connections.map(connection => asked.filter(([on]) => on === connection).length), [2, 2])
})

test('a target that takes no streams for now gets the request when it does', async t => {
  const peer = await serving(t, (connection, stream) => connection.respond(stream), setting(maxStreams, 0))
  const { transport } = transportTo(t, peer.port)
  const recorder = send(transport)
  while (peer.connections[0]?.frames.some(({ type, flags }) => type === types.settings && flags === 1) !== true) {
    await new Promise(resolve => { setImmediate(resolve) })
  }
  assert.deepEqual([recorder.heard, peer.connections.length], [[], 1])
  peer.connections[0].send(types.settings, 0, 0, setting(maxStreams, 1))
  await recorder.over.promise
  assert.deepEqual(recorder.heard, ['started', 'head 200', 'end {}'])
})

test('after GOAWAY the streams up to its last go on, those above are unprocessed, and new requests have a new connection', async t => {
  const asked: [PeerConnection, number][] = []
  const peer = await serving(t, (...request) => {
    asked.push(request)
    if (asked.length === 2) request[0].send(types.goaway, 0, 0, Buffer.concat([word(1), word(0)]))
  })
  const { transport, load } = transportTo(t, peer.port)
  const [kept, above] = [send(transport), send(transport, { method: 'POST', body: Buffer.from('x') })]
  await above.over.promise
  assert.deepEqual([above.heard, above.failure!.unprocessed], [['started', 'failed connection-terminated'], true])
  const later = send(transport)
  while (asked.length < 3) await new Promise(resolve => { setImmediate(resolve) })
  for (const index of [0, 2]) asked[index]![0].respond(asked[index]![1])
  await Promise.all([kept.over.promise, later.over.promise])
  assert.deepEqual([kept.heard, later.heard], [['started', 'head 200', 'end {}'], ['started', 'head 200', 'end {}']])
  assert.deepEqual([asked[0]![0] === asked[2]![0], load.opened], [false, 2])
})

test('requests that wait when a connection ends get another one', async t => {
  let served = 0
  const peer = await serving(t, (connection, stream) => {
    if (++served === 1) connection.socket.destroy()
    else connection.respond(stream)
  }, setting(maxStreams, 1))
  const { transport } = transportTo(t, peer.port, { max: 1 })
  const [first, second] = [send(transport), send(transport)]
  await Promise.all([first.over.promise, second.over.promise])
  assert.deepEqual(second.heard, ['started', 'head 200', 'end {}'])
})

test('an aborted request resets its stream with CANCEL and leaves the connection to others', async t => {
  const peer = await serving(t, (connection, stream) => { if (stream > 1) connection.respond(stream) })
  const { transport, load } = transportTo(t, peer.port)
  const recorder = send(transport)
  while (peer.connections[0]?.frames.some(({ type }) => type === types.headers) !== true) {
    await new Promise(resolve => { setImmediate(resolve) })
  }
  recorder.transmission!.abort(new Error('gone'))
  const next = send(transport)
  await next.over.promise
  const reset = peer.connections[0].frames.find(({ type }) => type === types.reset)
  assert.deepEqual([reset?.stream, reset?.payload, load.opened], [1, word(8), 1])
})

test('an idle connection is closed after the time that it is kept', async t => {
  const peer = await serving(t, (connection, stream) => connection.respond(stream))
  const { transport, load } = transportTo(t, peer.port, { keepAlive: 30 })
  for (const opened of [1, 2]) {
    await send(transport).over.promise
    assert.equal(load.opened, opened)
    const { socket } = peer.connections.at(-1)!
    await new Promise(resolve => { socket.once('end', resolve) })
    socket.end()
  }
})

test('a response that is complete before the request ends the upload', async t => {
  const peer = await serving(t, (connection, stream) => connection.respond(stream))
  const { transport } = transportTo(t, peer.port)
  const body = new Chunks([])
  body.resume = () => {}
  const recorder = send(transport, { method: 'POST', body })
  await recorder.over.promise
  assert.deepEqual([recorder.heard, body.calls], [['started', 'head 200', 'end {}'], ['release']])
})

const dataOf = (frames: readonly Frame[]): Frame[] => frames.filter(({ type }) => type === types.data)

test('trailers of a request follow its body, and a declared length ends it without them', async t => {
  for (const [headers, trailers] of [[['host', 'x'], true], [['host', 'x', 'content-length', '2'], false]] as const) {
    const peer = await startPeer(t, none, (connection, { type, flags, stream }) => {
      if (stream > 0 && (flags & endStream) !== 0 && type !== types.settings) connection.respond(stream)
    })
    const { transport } = transportTo(t, peer.port)
    const recorder = send(transport, { method: 'POST', headers: [...headers], body: new Chunks(['ab'], ['x-sum', '1']) })
    await recorder.over.promise
    const { frames } = peer.connections[0]!
    assert.equal(Buffer.concat(dataOf(frames).map(({ payload }) => payload)).toString(), 'ab')
    assert.equal(frames.filter(({ type }) => type === types.headers).length, trailers ? 2 : 1)
  }
})
