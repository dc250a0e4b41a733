/** What every transport promises to the attempt loop: one suite for all protocols. */

import assert from 'node:assert/strict'
import { lookup } from 'node:dns'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo, Server, Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { GatewayError } from '../../src/contract/errors.ts'
import type { BodyReader, Transport, TransportRequest } from '../../src/contract/transport.ts'
import { createTransport } from '../../src/transport/create-transport.ts'
import { KeptLoad } from '../../src/upstream/target-load.ts'
import { freePort } from '../helpers/target.ts'
import { upstreamConfig } from '../load-balancing/upstream.ts'
import { Chunks, get, Recorder } from './recorder.ts'

/** `cut` closes the connection. */
type Serve = (request: IncomingMessage, response: ServerResponse, cut: () => void) => void

const protocols = ['http1', 'h2c'] as const

const { tls, connections } = upstreamConfig()

function transportTo (protocol: typeof protocols[number], port: number, load = new KeptLoad()): Transport {
  return createTransport(
    { protocol, origin: `http://127.0.0.1:${port}`, connect: 5000, connections, tls },
    { names: { lookup, doubt: () => {} }, load, clock: { now: () => 0, wall: () => 0 } }
  )
}

for (const protocol of protocols) {
  /** A transport to a server that does `serve` with each request. */
  const start = async (t: TestContext, serve: Serve): Promise<{ transport: Transport, load: KeptLoad, sockets: Set<Socket> }> => {
    // The methods of Node's requests and responses are the same in both protocols.
    const sockets = new Set<Socket>()
    const cut = (): void => { for (const socket of sockets) socket.destroy() }
    const handle: RequestListener = (request, response) => serve(request, response, cut)
    const server = (protocol === 'http1' ? createServer(handle) : createHttp2Server(handle as never)) as Server
    server.on('connection', (socket: Socket) => sockets.add(socket))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const load = new KeptLoad()
    const transport = transportTo(protocol, (server.address() as AddressInfo).port, load)
    t.after(async () => {
      await transport.destroy()
      cut()
      server.close()
    })
    return { transport, load, sockets }
  }
  const run = async (transport: Transport, request: Partial<TransportRequest> = {}): Promise<Recorder> => {
    const recorder = new Recorder()
    transport.send({ ...get, ...request }, recorder)
    await recorder.over.promise
    // Nothing may follow.
    await new Promise(resolve => { setImmediate(resolve) })
    return recorder
  }
  const check = (promise: string, body: (t: TestContext) => Promise<void>): void => { test(`${protocol}: ${promise}`, body) }

  const responses: readonly {
    readonly what: string,
    readonly method?: string,
    readonly serve: Serve,
    readonly heard: readonly string[]
  }[] = [
    { what: 'a complete response', serve: (_, response) => response.end('hi'), heard: ['started', 'head 200', 'end {}'] },
    { what: 'a response without a body', serve: (_, response) => response.writeHead(201).end(), heard: ['started', 'head 201', 'end {}'] },
    {
      what: 'interim responses',
      serve: (_, response) => {
        response.writeEarlyHints({ link: '</a.css>; rel=preload' })
        response.end('hi')
      },
      heard: ['started', 'interim 103', 'head 200', 'end {}']
    },
    {
      what: 'trailers',
      serve: (_, response) => {
        response.writeHead(200, { trailer: 'x-sum' })
        response.write('hi')
        response.addTrailers({ 'x-sum': '1' })
        response.end()
      },
      heard: ['started', 'head 200', 'end {"x-sum":"1"}']
    },
    {
      what: 'a response to HEAD with a length',
      method: 'HEAD',
      serve: (_, response) => response.writeHead(200, { 'content-length': '9' }).end(),
      heard: ['started', 'head 200', 'end {}']
    },
    { what: 'a 204', serve: (_, response) => response.writeHead(204).end(), heard: ['started', 'head 204', 'end {}'] },
    { what: 'a 304', serve: (_, response) => response.writeHead(304, { etag: '"1"' }).end(), heard: ['started', 'head 304', 'end {}'] },
    { what: 'a cut before the response', serve: (_request, _response, cut) => cut(), heard: ['started', 'failed connection-terminated'] },
    {
      what: 'a cut in the body',
      serve: (_request, response, cut) => {
        response.write('hi')
        setTimeout(cut, 20)
      },
      heard: ['started', 'head 200', 'failed response-cut']
    }
  ]
  for (const { what, method = 'GET', serve, heard } of responses) {
    check(`${what}: the end is heard once, and last`, async t => {
      const { transport } = await start(t, serve)
      assert.deepEqual((await run(transport, { method })).heard, heard)
    })
  }

  check('header fields and path arrive as they are, and those of the response with repeats', async t => {
    const { transport } = await start(t, (request, response) => {
      response.setHeader('set-cookie', ['a=1', 'b=2'])
      response.end(JSON.stringify([request.method, request.url, request.headers['x-one'], request.headers.cookie]))
    })
    const recorder = await run(transport, {
      method: 'OPTIONS',
      path: '/a%2fb?c=%20',
      headers: ['host', 'x', 'X-One', 'caf\xe9', 'Cookie', 'a=1; b=2']
    })
    assert.deepEqual(JSON.parse(recorder.body), ['OPTIONS', '/a%2fb?c=%20', 'caf\xe9', 'a=1; b=2'])
    assert.deepEqual(recorder.fields!['set-cookie'], ['a=1', 'b=2'])
  })

  check('a buffered body arrives with its length', async t => {
    const { transport } = await start(t, (request, response) => { 
      response.setHeader('x-length', request.headers['content-length']!)
      request.pipe(response)
    })
    const recorder = await run(transport, { method: 'POST', body: Buffer.from('hello') })
    assert.deepEqual([recorder.body, recorder.fields!['x-length']], ['hello', '5'])
  })

  check('a streamed body is sent whole, at the pace of the target, and released', async t => {
    const { transport } = await start(t, (request, response) => {
      setImmediate(() => { request.pipe(response) })
    })
    const sent = Array.from({ length: 64 }, (_, index) => Buffer.alloc(64 * 1024, index))
    const body = new Chunks(sent)
    const recorder = await run(transport, { method: 'POST', body })
    assert.equal(Buffer.compare(Buffer.concat(recorder.chunks), Buffer.concat(sent)), 0)
    assert.equal(body.calls.includes('pause'), true)
    assert.deepEqual(recorder.heard, ['started', 'head 200', 'end {}'])
  })

  check('a body that fails ends the request with the reason of its error', async t => {
    const { transport } = await start(t, () => {})
    const body = new Chunks([])
    let reader!: BodyReader
    body.pass = given => { reader = given }
    body.resume = () => { setImmediate(() => reader.fail(new GatewayError('client-closed'))) }
    const recorder = await run(transport, { method: 'POST', body })
    assert.deepEqual([recorder.heard.at(-1), body.calls], ['failed client-closed', ['release']])
  })

  check('an abort ends it with the reason of its error, before and after the status line', async t => {
    const { transport } = await start(t, (request, response) => { if (request.url === '/begun') response.write('hi') })
    const before = new Recorder()
    transport.send(get, before)
    const transmission = await before.startedOnce.promise
    assert.equal(transmission.begun, false)
    transmission.abort(new GatewayError('response-timeout'))
    await before.over.promise
    assert.deepEqual(before.heard, ['started', 'failed response-timeout'])
    const after = new Recorder()
    transport.send({ ...get, path: '/begun' }, after)
    await after.headOnce.promise
    assert.equal(after.transmission!.begun, true)
    after.transmission!.abort(new GatewayError('idle-timeout'))
    await after.over.promise
    assert.deepEqual(after.heard, ['started', 'head 200', 'failed idle-timeout'])
  })

  check('an abort while it starts sends nothing', async t => {
    let hits = 0
    const { transport } = await start(t, (_, response) => {
      hits++
      response.end()
    })
    const recorder = new Recorder()
    recorder.started = transmission => transmission.abort(new GatewayError('client-closed'))
    transport.send(get, recorder)
    await recorder.over.promise
    await run(transport)
    assert.deepEqual([recorder.heard, hits], [['failed client-closed'], 1])
  })

  check('a paused response stops the target, and goes on whole', async t => {
    const total = 8 * 1024 * 1024
    const { transport } = await start(t, (_, response) => { response.end(Buffer.alloc(total, 'x')) })
    const recorder = new Recorder()
    const received = Promise.withResolvers<void>()
    recorder.data = chunk => {
      recorder.chunks.push(chunk)
      recorder.transmission!.pause()
      received.resolve()
    }
    transport.send(get, recorder)
    await received.promise
    assert.equal(recorder.transmission!.paused, true)
    const held = recorder.chunks.length
    await new Promise(resolve => { setImmediate(resolve) })
    assert.equal(recorder.chunks.length, held)
    recorder.data = chunk => { recorder.chunks.push(chunk) }
    recorder.transmission!.resume()
    await recorder.over.promise
    assert.equal(Buffer.concat(recorder.chunks).length, total)
  })

  check('a target that takes no connection fails without a start, and is unreachable until one is opened', async t => {
    const load = new KeptLoad()
    const refused = transportTo(protocol, await freePort(), load)
    const { heard, failure } = await run(refused)
    assert.deepEqual([heard, failure!.closedIdle, failure!.unwritten], [['failed connection-refused'], false, false])
    assert.equal(load.failure?.why, 'connection-refused')
    await refused.destroy()
    const { transport, load: reached } = await start(t, (_, response) => response.end())
    assert.equal(await transport.isReachable(), true)
    await run(transport)
    assert.deepEqual([reached.opened, reached.failure], [1, undefined])
  })

  check('a connection is used again, and one that is closed as the next request arrives was closed idle', async t => {
    const { transport, load, sockets } = await start(t, (request, response, cut) => {
      if (request.url === '/') response.end()
      else cut()
    })
    await run(transport)
    await run(transport)
    assert.deepEqual([load.opened, sockets.size], [1, 1])
    const { heard, failure } = await run(transport, { path: '/cut' })
    assert.deepEqual([heard, failure!.closedIdle, failure!.unprocessed], [['started', 'failed connection-terminated'], true, false])
  })

  check('it ends all requests under way when it is destroyed', async t => {
    const { transport } = await start(t, () => {})
    const recorder = new Recorder()
    transport.send(get, recorder)
    await recorder.startedOnce.promise
    await transport.destroy()
    await recorder.over.promise
    assert.deepEqual(recorder.heard, ['started', 'failed connection-terminated'])
  })
}
