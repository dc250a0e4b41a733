/** Resets of streams in both directions, and the frames of a response without messages. */

import assert from 'node:assert/strict'
import { connect, createServer, constants, type ClientHttp2Stream, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { Metadata, status } from '@grpc/grpc-js'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { writeFrame } from '../../src/http/grpc/frames.ts'
import { begin, call, openChannel } from './caller.ts'

const begun = { ':status': 200, 'content-type': 'application/grpc' }

async function start (t: TestContext, serve: (stream: ServerHttp2Stream, calls: number) => void): Promise<TestGateway> {
  const server = createServer()
  const sessions = new Set<{ destroy (): void }>()
  let calls = 0
  server.on('session', session => sessions.add(session))
  server.on('stream', stream => {
    stream.on('error', () => {}).resume()
    serve(stream, ++calls)
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.after(() => {
    for (const session of sessions) session.destroy()
    server.close()
  })
  return await startGateway(t, `
listeners: [{ host: 127.0.0.1, port: 0, http2: true }]
upstreams: { orders: { targets: ['http://127.0.0.1:${(server.address() as AddressInfo).port}'], protocol: h2c } }
routes: [{ grpc: shop.Orders/*, upstream: orders }]
`)
}

const { NGHTTP2_CANCEL, NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_INADEQUATE_SECURITY, NGHTTP2_INTERNAL_ERROR, NGHTTP2_REFUSED_STREAM } = constants

const codes: [string, number, number][] = [
  ['INTERNAL_ERROR', NGHTTP2_INTERNAL_ERROR, status.INTERNAL],
  ['CANCEL', NGHTTP2_CANCEL, status.CANCELLED],
  ['ENHANCE_YOUR_CALM', NGHTTP2_ENHANCE_YOUR_CALM, status.RESOURCE_EXHAUSTED],
  ['INADEQUATE_SECURITY', NGHTTP2_INADEQUATE_SECURITY, status.PERMISSION_DENIED]
]

for (const [name, code, expected] of codes) {
  test(`a target that resets a stream with ${name} gives the status of the specification, before and after a message`, async t => {
    let reset: () => void = () => {}
    const gateway = await start(t, (stream, calls) => {
      if (calls === 1) {
        stream.close(code)
        return
      }
      // Without trailers to wait for, `close` would send END_STREAM before the reset.
      stream.respond(begun, { waitForTrailers: true })
      stream.on('wantTrailers', () => {})
      stream.write(writeFrame(Buffer.from('one')))
      reset = () => stream.close(code)
    })
    const channel = openChannel(t, new URL(gateway.url).host)
    const before = await call(channel, 'Echo', [Buffer.from('x')], new Metadata())
    assert.deepEqual([before.code, before.messages.length], [expected, 0])
    const { ended, next } = begin(channel, 'Chat', new Metadata())
    assert.equal(String(await next()), 'one')
    reset()
    const after = await ended
    assert.deepEqual([after.code, after.messages.length], [expected, 1])
  })
}

test('a target that refuses a stream is asked again, though the method is POST', async t => {
  const gateway = await start(t, (stream, calls) => {
    if (calls === 1) stream.close(NGHTTP2_REFUSED_STREAM)
    else stream.respond({ ...begun, 'grpc-status': '0' }, { endStream: true })
  })
  const channel = openChannel(t, new URL(gateway.url).host)
  assert.equal((await call(channel, 'Echo', [Buffer.from('x')], new Metadata())).code, status.OK)
})

test('a client that cancels resets the stream of the target with CANCEL', async t => {
  const { promise: closed, resolve: tell } = Promise.withResolvers<number>()
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
  const gateway = await start(t, stream => {
    stream.on('close', () => tell(stream.rstCode))
    stream.respond(begun)
    arrive()
  })
  const { stream, ended } = begin(openChannel(t, new URL(gateway.url).host), 'Chat', new Metadata())
  await arrived
  stream.cancel()
  assert.equal((await ended).code, status.CANCELLED)
  assert.equal(await closed, NGHTTP2_CANCEL)
})

test('a response without messages is one HEADERS frame that ends the stream, from a target and from the gateway', async t => {
  const gateway = await start(t, stream => stream.respond({ ...begun, 'grpc-status': '5' }, { endStream: true }))
  const session = connect(gateway.url)
  t.after(() => session.destroy())
  for (const [path, code] of [['/shop.Orders/Get', '5'], ['/shop.None/Get', '12']]) {
    const stream: ClientHttp2Stream = session.request({
      ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers'
    }, { endStream: false })
    const [headers, flags] = await new Promise<[Record<string, unknown>, number]>(resolve => {
      stream.once('response', (fields, bits) => resolve([fields, bits]))
      stream.end(writeFrame(Buffer.from('x')))
    })
    assert.deepEqual([headers[':status'], headers['grpc-status']], [200, code])
    assert.equal(flags & constants.NGHTTP2_FLAG_END_STREAM, constants.NGHTTP2_FLAG_END_STREAM, path)
  }
})
