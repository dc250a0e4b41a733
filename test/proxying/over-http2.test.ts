/** Requests over HTTP/2 through a whole gateway: what holds for HTTP/1.1 holds for each of them, and other streams go on. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { test, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { flags, frame, headers, openFrames, pseudo, rstStream, types, windowUpdate } from '../helpers/http2-frames.ts'
import { answerOf, ask2, openHttp2 } from '../helpers/http2.ts'
import { startTarget, type Respond, type TestTarget } from '../helpers/target.ts'

interface Started extends TestGateway {
  readonly target: TestTarget
}

async function start (t: TestContext, respond?: Respond, more = '', server = '{}'): Promise<Started> {
  const target = await startTarget(t, respond)
  const gateway = await startGateway(t, file(target, more, server))
  return { ...gateway, target }
}

function file ({ url }: TestTarget, more: string, server = '{}'): string {
  return `
server: ${server}
listeners: [{ host: 127.0.0.1, port: 0, http2: true }]
upstreams: { a: { targets: ['${url}'] } }
routes: [{ path: '/*', upstream: a }]
${more}`
}

/** Targets whose responses the test ends. */
function holding (): { readonly respond: Respond, readonly held: ServerResponse[], readonly next: (count: number) => Promise<void> } {
  const held: ServerResponse[] = []
  return {
    held,
    respond: (_request, response) => { held.push(response) },
    next: async count => { while (held.length < count) await setImmediate() }
  }
}

test('a request and its response pass with all that belongs to them', async t => {
  const { url, target, logged } = await start(t, (_request, response) => {
    response.writeHead(201, { 'set-cookie': ['a=1', 'b=2'], 'x-one': '1', 'trailer': 'x-sum', connection: 'x-hop', 'x-hop': '1' })
    response.write('he')
    response.addTrailers({ 'x-sum': '7' })
    response.end('llo')
  }, 'accessLog: { fields: { include: [protocol] } }')
  const answer = await ask2(openHttp2(t, url), { ':method': 'POST', ':path': '/x?y=z', 'x-request': 'r', te: 'trailers' }, 'body')
  const { status, text, headers: fields } = answer
  assert.deepEqual([status, text, fields['set-cookie'], fields['x-hop']], [201, 'hello', ['a=1', 'b=2'], undefined])
  assert.deepEqual(answer.trailers, { 'x-sum': '7' })
  const [hit] = target.hits
  assert.deepEqual([hit!.method, hit!.url, hit!.headers['x-request'], String(hit!.body)], ['POST', '/x?y=z', 'r', 'body'])
  const line = await logged(({ msg }) => msg === 'request completed')
  assert.deepEqual([line['status'], line['bytesIn'], line['bytesOut'], line['protocol']], [201, 4, 5, 'HTTP/2.0'])
})

test('a client that resets its request cancels that of the target, and its other requests go on', async t => {
  const { respond, held, next } = holding()
  const { url, logged } = await start(t, respond)
  const client = await openFrames(t, url)
  client.write(headers(1, pseudo({ ':path': '/left' })), headers(3, pseudo({ ':path': '/kept' })))
  await next(2)
  const [left, kept] = held[0]!.req.url === '/left' ? [held[0]!, held[1]!] : [held[1]!, held[0]!]
  client.write(rstStream(1, 8))
  await once(left, 'close')
  const line = await logged(({ path }) => path === '/left')
  assert.deepEqual([line['status'], line['code']], [499, 'client-closed'])
  kept.end('kept')
  assert.equal(await client.ending(3), 'complete')
  assert.equal(client.bodyOf(3), 'kept')
})

test('a response of a target that breaks off resets its stream alone', async t => {
  const { url } = await start(t, (request, response) => {
    if (request.url === '/whole') response.end('whole')
    else response.write('half', () => response.destroy())
  })
  const client = openHttp2(t, url)
  const broken = await ask2(client, { ':path': '/broken' })
  assert.deepEqual([broken.status, broken.text, broken.rstCode === 0], [200, 'half', false])
  assert.equal((await ask2(client, { ':path': '/whole' })).text, 'whole')
})

test('an upload moves at the pace of the target, and arrives whole', async t => {
  const { url, target } = await start(t)
  const body = Buffer.alloc(3_000_000, 'u')
  const answer = await ask2(openHttp2(t, url), { ':method': 'POST' }, body)
  assert.equal(answer.status, 200)
  assert.ok(target.hits[0]!.body.equals(body))
})

test('a client that waits for 100 Continue gets it when the body is read', async t => {
  const { url } = await start(t, undefined, 'policies: {}')
  const client = openHttp2(t, url)
  const stream = client.request({ ':method': 'POST', expect: '100-continue' })
  const done = answerOf(stream)
  await once(stream, 'continue')
  stream.end('late')
  const answer = await done
  assert.deepEqual([answer.status, answer.interim[0]![':status']], [200, 100])
})

test('a body above the limit gets a 413, and the connection stays', async t => {
  const { url } = await start(t, undefined, '', '{ limits: { body: 1kib } }')
  const client = openHttp2(t, url)
  const stream = client.request({ ':method': 'POST' })
  stream.write(Buffer.alloc(5000))
  const answer = await answerOf(stream)
  assert.deepEqual([answer.status, answer.rstCode], [413, 0])
  assert.equal((await ask2(client)).status, 200)
})

test('a body that trickles gets a 408', async t => {
  const { url } = await start(t, undefined, '', '{ timeouts: { body: 100ms } }')
  const client = openHttp2(t, url)
  const stream = client.request({ ':method': 'POST' })
  stream.write('a')
  assert.equal((await answerOf(stream)).status, 408)
  assert.equal((await ask2(client)).status, 200)
})

test('a slow client holds back the target', async t => {
  let written = 0
  const { url } = await start(t, (_request, response) => {
    const chunk = Buffer.alloc(64 * 1024)
    const more = (): void => {
      while (written < 30_000_000) {
        written += chunk.length
        if (!response.write(chunk)) {
          response.once('drain', more)
          return
        }
      }
      response.end()
    }
    more()
  })
  const client = await openFrames(t, url)
  client.write(headers(1, pseudo()))
  await client.until(() => client.bodyOf(1).length >= 65_535)
  let before = -1
  while (before !== written) {
    before = written
    for (let i = 0; i < 50; i++) await setImmediate()
  }
  assert.ok(written < 20_000_000, String(written))
  client.write(windowUpdate(0, 0x7fff0000), windowUpdate(1, 0x7fff0000))
  assert.equal(await client.ending(1), 'complete')
})

test('a shutdown tells the client, waits for what is under way, and takes nothing else', async t => {
  const { respond, held, next } = holding()
  const { url, gateway } = await start(t, respond)
  const client = await openFrames(t, url)
  client.write(headers(1, pseudo()))
  await next(1)
  const closed = gateway.close(10_000)
  assert.equal(await client.goaway(), 0)
  client.write(headers(3, pseudo()))
  held[0]!.end('in time')
  assert.equal(await client.ending(1), 'complete')
  assert.equal(client.bodyOf(1), 'in time')
  await client.gone()
  await closed
  assert.equal(held.length, 1)
})

test('a shutdown that takes too long cuts what is under way', async t => {
  const { respond, next } = holding()
  const { url, gateway, logged } = await start(t, respond)
  const client = await openFrames(t, url)
  client.write(headers(1, pseudo({ ':path': '/cut' })))
  await next(1)
  await gateway.close(50)
  await client.gone()
  assert.equal((await logged(({ path }) => path === '/cut'))['code'], 'shutdown')
})

test('a connection lives on over reloads, and each request has the configuration of its time', async t => {
  const { respond, held, next } = holding()
  const { url, gateway, write, target } = await start(t, respond)
  const client = openHttp2(t, url)
  const before = ask2(client, { ':path': '/a' })
  await next(1)
  write(file(target, 'accessLog: { enabled: false }').replace("path: '/*'", "path: '/b'"))
  await gateway.reload('api')
  assert.equal((await ask2(client, { ':path': '/a' })).status, 404)
  held[0]!.end('of before')
  assert.equal((await before).text, 'of before')
  const after = ask2(client, { ':path': '/b' })
  await next(2)
  held[1]!.end('of after')
  assert.equal((await after).text, 'of after')
})

test('the client counts once for each connection, with the address of a proxy in front', async t => {
  const { url, target } = await start(t, undefined, '', '{ trustProxy: [loopback] }')
  const client = openHttp2(t, url)
  await ask2(client, { 'x-forwarded-for': '192.0.2.1' })
  assert.equal(target.hits[0]!.headers['x-forwarded-for'], '192.0.2.1, 127.0.0.1')
})

test('an empty DATA frame ends a body', async t => {
  const { url, target } = await start(t)
  const client = await openFrames(t, url)
  client.write(headers(1, pseudo({ ':method': 'POST' }), 0), frame(types.data, 0, 1, Buffer.from('abc')))
  client.write(frame(types.data, flags.endStream, 1))
  assert.equal(await client.ending(1), 'complete')
  assert.equal(String(target.hits[0]!.body), 'abc')
})
