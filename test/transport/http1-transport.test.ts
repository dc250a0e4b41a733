/** What is particular to HTTP/1.1 in what a transport promises to the attempt loop. */

import assert from 'node:assert/strict'
import { lookup } from 'node:dns'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { GatewayError } from '../../src/contract/errors.ts'
import type { BodyReader, TransportRequest } from '../../src/contract/transport.ts'
import { Http1Transport } from '../../src/transport/http1/http1-transport.ts'
import { KeptLoad } from '../../src/upstream/target-load.ts'
import { freePort } from '../helpers/target.ts'
import { upstreamConfig } from '../load-balancing/upstream.ts'
import { Chunks, get, Recorder } from './recorder.ts'

/** A transport to a server that does `serve` with each request that it has begun to read. */
async function start (t: TestContext, serve: (socket: Socket, count: number, data: Buffer) => void): Promise<Http1Transport> {
  const server = createServer(socket => {
    let count = 0
    socket.on('error', () => {}).on('data', data => serve(socket, ++count, data))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const transport = transportTo((server.address() as AddressInfo).port)
  t.after(async () => {
    server.close()
    await transport.destroy()
  })
  return transport
}

function transportTo (port: number): Http1Transport {
  const { tls, connections } = upstreamConfig()
  return new Http1Transport(
    { protocol: 'http1', origin: `http://127.0.0.1:${port}`, connect: 5000, connections: { ...connections, max: 1 }, tls },
    { names: { lookup, doubt: () => {} }, load: new KeptLoad(), clock: { now: () => 0, wall: () => 0 } }
  )
}

async function exchange (transport: Http1Transport, request: Partial<TransportRequest> = {}): Promise<Recorder> {
  const recorder = new Recorder()
  transport.send({ ...get, ...request }, recorder)
  await recorder.over.promise
  return recorder
}

const small = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi'

const responses: readonly {
  readonly what: string,
  readonly bytes: string,
  readonly heard: readonly string[],
  readonly close?: boolean
}[] = [
  { what: 'a complete response', bytes: small, heard: ['started', 'head 200', 'end {}'] },
  {
    what: 'an interim response',
    bytes: `HTTP/1.1 103 Early Hints\r\n\r\n${small}`,
    heard: ['started', 'interim 103', 'head 200', 'end {}']
  },
  { what: 'a 100 that was not asked for', bytes: `HTTP/1.1 100 Continue\r\n\r\n${small}`, heard: ['started', 'head 200', 'end {}'] },
  {
    what: 'trailers',
    bytes: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nx-sum: 1\r\n\r\n',
    heard: ['started', 'head 200', 'end {"x-sum":"1"}']
  },
  {
    what: 'a 304 that declares a length',
    bytes: 'HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n',
    heard: ['started', 'head 304', 'end {}']
  },
  {
    what: 'a 204 that declares a length',
    bytes: 'HTTP/1.1 204 No Content\r\ncontent-length: 9\r\n\r\n',
    heard: ['started', 'head 204', 'end {}']
  },
  { what: 'what is not HTTP', bytes: 'SSH-2.0-OpenSSH\r\n\r\n', heard: ['started', 'failed malformed-response'] },
  { what: 'a status beyond 599', bytes: 'HTTP/1.1 600 No\r\ncontent-length: 0\r\n\r\n', heard: ['started', 'failed malformed-response'] },
  {
    what: 'an unknown transfer coding',
    bytes: 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    heard: ['started', 'failed malformed-response']
  },
  {
    what: 'more than 100 interim responses',
    bytes: 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(101) + small,
    heard: ['started', ...Array.from({ length: 100 }, () => 'interim 103'), 'failed malformed-response']
  },
  { what: 'a close without a response', bytes: '', close: true, heard: ['started', 'failed connection-terminated'] },
  { what: 'a close in the headers', bytes: 'HTTP/1.1 200 OK\r\nx-', close: true, heard: ['started', 'failed connection-terminated'] },
  { what: 'a close in the body', bytes: small.slice(0, -1), close: true, heard: ['started', 'head 200', 'failed response-cut'] }
]

for (const { what, bytes, heard, close } of responses) {
  test(`${what}: the end is heard once, and last`, async t => {
    const transport = await start(t, socket => {
      if (close === true) socket.end(bytes)
      else socket.write(bytes)
    })
    const recorder = await exchange(transport)
    await new Promise(resolve => { setImmediate(resolve) })
    assert.deepEqual(recorder.heard, heard)
    assert.equal(recorder.failure?.closedIdle ?? false, false)
  })
}

test('a connection that is closed as the second request arrives was closed idle, unless a byte of the response has come', async t => {
  for (const [begun, closedIdle] of [['', true], ['HTTP', false]] as const) {
    const transport = await start(t, (socket, count) => {
      if (count === 1) socket.write(small)
      else socket.end(begun)
    })
    assert.equal((await exchange(transport)).body, 'hi')
    const { heard, failure } = await exchange(transport)
    assert.deepEqual([heard, failure!.closedIdle], [['started', 'failed connection-terminated'], closedIdle])
  }
})

test('a target that takes no connection fails without a start', async () => {
  const transport = transportTo(await freePort())
  const { heard, failure } = await exchange(transport)
  assert.deepEqual([heard, failure!.closedIdle, failure!.unwritten], [['failed connection-refused'], false, false])
  await transport.destroy()
})

test('a streamed body is sent whole, and released when the attempt is over', async t => {
  let got = ''
  const transport = await start(t, (socket, _count, data) => {
    got += data.toString()
    if (got.endsWith('0\r\n\r\n')) socket.write(small)
  })
  const body = new Chunks(['a'.repeat(10), 'b'])
  const recorder = await exchange(transport, { method: 'POST', body })
  assert.deepEqual(recorder.heard, ['started', 'head 200', 'end {}'])
  assert.deepEqual([body.calls[0], body.calls.includes('release')], ['resume', true])
})

test('a body that fails ends the request with the reason of its error', async t => {
  const transport = await start(t, () => {})
  const body = new Chunks([])
  body.resume = () => { setImmediate(() => reader.fail(new GatewayError('client-closed'))) }
  let reader!: BodyReader
  body.pass = given => { reader = given }
  const recorder = await exchange(transport, { method: 'POST', body })
  assert.deepEqual(recorder.heard.at(-1), 'failed client-closed')
})
