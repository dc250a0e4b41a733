/** What the gateway decides where HTTP/2 differs from HTTP/1.1: rows of docs/reference/http.md. */

import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders, type Http2Server, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { answerOf, ask2, openHttp2 } from '../helpers/http2.ts'
import { flags, frame, headers, openFrames, pseudo, types } from '../helpers/http2-frames.ts'
import { startRawTarget, startTarget } from '../helpers/target.ts'
import { send } from '../helpers/client.ts'

const protocolError = 1

async function gatewayTo (t: TestContext, url: string, more = ''): Promise<TestGateway> {
  return await startGateway(t, `
listeners: [{ host: 127.0.0.1, port: 0, http2: true }]
upstreams: { back: { targets: ["${url}"] ${more} } }
routes: [{ path: /*, upstream: back }]
`)
}

/** A target that speaks HTTP/2 without TLS. */
async function startHttp2Target (t: TestContext, serve: (stream: ServerHttp2Stream, fields: IncomingHttpHeaders) => void): Promise<string> {
  const server: Http2Server = createServer()
  server.on('stream', serve)
  const sessions = new Set<{ destroy (): void }>()
  server.on('session', session => sessions.add(session))
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.after(() => {
    for (const session of sessions) session.destroy()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** How a request that is written by hand ends: the status of its response, or the code of its reset. */
async function endingOf (t: TestContext, { url }: TestGateway, bytes: readonly Buffer[]): Promise<number | string> {
  const client = await openFrames(t, url)
  client.write(...bytes)
  const ending = await client.ending(1)
  client.socket.destroy()
  return ending === 'complete' ? 'response' : ending
}

test(':authority is the host of the request, and the target sees it as HTTP/1.1 has it', async t => {
  const target = await startTarget(t)
  const { url } = await gatewayTo(t, target.url, ', host: client')
  const answer = await ask2(openHttp2(t, url), { ':path': '/a?b=c', ':authority': 'shop.example' })
  assert.equal(answer.status, 200)
  const { url: seen, headers: fields, rawHeaders } = target.hits[0]!
  assert.deepEqual([seen, fields.host, fields['x-forwarded-host']], ['/a?b=c', 'shop.example', 'shop.example'])
  assert.deepEqual(rawHeaders.filter(name => name.startsWith(':')), [])
})

test('a Host that differs from :authority is a 400, an equal one is passed over, and one alone is the host', async t => {
  const target = await startTarget(t)
  const { url } = await gatewayTo(t, target.url, ', host: client')
  const client = openHttp2(t, url)
  assert.equal((await ask2(client, { ':authority': 'a.example', host: 'b.example' })).status, 400)
  assert.equal(target.hits.length, 0)
  assert.equal((await ask2(client, { ':authority': 'a.example', host: 'a.example' })).status, 200)
  assert.equal(target.hits[0]!.headers.host, 'a.example')
  const frames = await openFrames(t, url)
  frames.write(headers(1, [...pseudo({ ':authority': undefined }), ['host', 'c.example']]))
  assert.equal(await frames.ending(1), 'complete')
  assert.equal(target.hits[1]!.headers.host, 'c.example')
})

for (const [what, fields] of [
  ['a connection field', [...pseudo(), ['connection', 'close']]],
  ['Transfer-Encoding', [...pseudo(), ['transfer-encoding', 'chunked']]],
  ['Upgrade', [...pseudo(), ['upgrade', 'h2c']]],
  ['TE with anything but trailers', [...pseudo(), ['te', 'gzip']]],
  ['a name in capitals', [...pseudo(), ['X-A', 'b']]],
  ['a pseudo-header field that is unknown', [...pseudo(), [':x', 'b']]],
  ['a pseudo-header field behind others', [['x-a', 'b'], ...pseudo()]],
  ['a pseudo-header field that comes twice', [...pseudo(), [':path', '/b']]],
  ['no :path', pseudo({ ':path': undefined })],
  ['no :method', pseudo({ ':method': undefined })],
  ['no :scheme', pseudo({ ':scheme': undefined })],
  ['a length that its body does not have', [...pseudo(), ['content-length', '3']]]
] as const) {
  test(`a request of HTTP/2 with ${what} is malformed, and reaches no target`, async t => {
    const target = await startTarget(t)
    const ending = await endingOf(t, await gatewayTo(t, target.url), [headers(1, fields)])
    assert.ok(ending === protocolError || ending === 'response', String(ending))
    assert.equal(target.hits.length, 0)
  })
}

test('a field whose value has a line feed or a NUL is left out', async t => {
  const target = await startTarget(t)
  const client = await openFrames(t, (await gatewayTo(t, target.url)).url)
  client.write(headers(1, [...pseudo(), ['x-a', 'b\nc: d'], ['x-b', 'a\0b'], ['x-c', 'd']]))
  assert.equal(await client.ending(1), 'complete')
  const { 'x-a': a, 'x-b': b, 'x-c': c } = target.hits[0]!.headers
  assert.deepEqual([a, b, c], [undefined, undefined, 'd'])
})

test('more bytes than Content-Length says end the connection, and the target gets no complete request', async t => {
  const target = await startTarget(t)
  const { url } = await gatewayTo(t, target.url)
  const request = headers(1, [...pseudo({ ':method': 'POST' }), ['content-length', '2']], 0)
  const tooLong = frame(types.data, flags.endStream, 1, Buffer.from('abc'))
  const ping = frame(types.ping, 0, 0, Buffer.alloc(8))
  for (const together of [true, false]) {
    const client = await openFrames(t, url)
    if (together) {
      client.write(request, tooLong)
    } else {
      client.write(request, ping)
      await client.until(() => client.find(types.ping))
      client.write(tooLong)
    }
    assert.notEqual(await client.goaway(), 0)
    await client.gone()
  }
  assert.equal(target.hits.length, 0)
  assert.equal((await send(url, '/')).status, 200)
})

test('pieces of Cookie are one line for the target', async t => {
  const target = await startTarget(t)
  const { url } = await gatewayTo(t, target.url)
  const client = await openFrames(t, url)
  client.write(headers(1, [...pseudo(), ['cookie', 'a=1'], ['x-a', 'b'], ['cookie', 'c=2; d=3']]))
  assert.equal(await client.ending(1), 'complete')
  const { rawHeaders, headers: fields } = target.hits[0]!
  assert.equal(fields.cookie, 'a=1; c=2; d=3')
  assert.equal(rawHeaders.filter(name => name.toLowerCase() === 'cookie').length, 1)
})

test('CONNECT and TRACE are a 405 over HTTP/2 too, and leave the connection open', async t => {
  const target = await startTarget(t)
  const client = openHttp2(t, (await gatewayTo(t, target.url)).url)
  assert.equal((await ask2(client, { ':method': 'TRACE' })).status, 405)
  assert.equal((await ask2(client, { ':method': 'CONNECT', ':authority': 'a.example:443' })).status, 405)
  assert.equal((await ask2(client)).status, 200)
})

test('a :path in absolute form is a 400, and * is for OPTIONS', async t => {
  const target = await startTarget(t)
  const client = openHttp2(t, (await gatewayTo(t, target.url)).url)
  for (const path of ['http://elsewhere.example/', 'a', '*', '/a b']) {
    const { status, rstCode } = await ask2(client, { ':path': path })
    assert.ok(status === 400 || rstCode === protocolError, `${path}: ${status}`)
  }
  assert.equal((await ask2(client, { ':method': 'OPTIONS', ':path': '*' })).status, 204)
  assert.equal(target.hits.length, 0)
})

test('the scheme is that of the connection, whatever :scheme says', async t => {
  const target = await startTarget(t)
  const client = openHttp2(t, (await gatewayTo(t, target.url)).url)
  assert.equal((await ask2(client, { ':scheme': 'https' })).status, 200)
  assert.equal(target.hits[0]!.headers['x-forwarded-proto'], 'http')
})

test('Expect: 100-continue gets its 100 over HTTP/2, and any other one a 417', async t => {
  const target = await startTarget(t)
  const client = openHttp2(t, (await gatewayTo(t, target.url)).url)
  const stream = client.request({ ':method': 'POST', expect: '100-continue' })
  stream.once('continue', () => stream.end('body'))
  const answer = await answerOf(stream)
  assert.deepEqual([answer.status, target.hits[0]!.body.toString(), target.hits[0]!.headers.expect], [200, 'body', undefined])
  assert.equal((await ask2(client, { expect: 'tea' })).status, 417)
  assert.equal((await ask2(client)).status, 200)
})

test('interim responses and trailers of a target of HTTP/1.1 reach a client of HTTP/2, fields of its connection do not', async t => {
  const target = await startRawTarget(t, socket => socket.on('data', () => socket.write(
    'HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\n\r\n' +
      'HTTP/1.1 200 OK\r\nconnection: keep-alive, x-hop\r\nkeep-alive: timeout=5\r\nx-hop: gone\r\ntransfer-encoding: chunked\r\n\r\n' +
      '2\r\nok\r\n0\r\nx-sum: 1\r\n\r\n'
  )))
  const client = openHttp2(t, (await gatewayTo(t, target.url)).url)
  const answer = await ask2(client, { te: 'trailers' })
  assert.deepEqual(answer.interim.map(fields => [fields[':status'], fields['link']]), [[103, '</a.css>; rel=preload']])
  assert.deepEqual([answer.status, answer.text, answer.trailers], [200, 'ok', { 'x-sum': '1' }])
  for (const name of ['connection', 'keep-alive', 'x-hop', 'transfer-encoding']) assert.equal(answer.headers[name], undefined, name)
})

test('trailers of a request reach a target of HTTP/2', async t => {
  const seen = Promise.withResolvers<object>()
  const url = await startHttp2Target(t, stream => {
    stream.on('trailers', fields => seen.resolve(fields)).resume()
    stream.on('end', () => stream.respond({ ':status': 204 }, { endStream: true }))
  })
  const client = openHttp2(t, (await gatewayTo(t, url, ', protocol: h2c')).url)
  const stream = client.request({ ':method': 'POST', te: 'trailers' }, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '1' }))
  stream.end('body')
  assert.equal((await answerOf(stream)).status, 204)
  assert.deepEqual(Object.entries(await seen.promise), [['x-sum', '1']])
})

test('Via says which version each side spoke', async t => {
  const answer = (stream: ServerHttp2Stream, fields: IncomingHttpHeaders): void => {
    stream.respond({ ':status': 200, 'x-seen': String(fields['via']) })
    stream.end()
  }
  const gateway = await gatewayTo(t, await startHttp2Target(t, answer), ', protocol: h2c')
  const asked = await ask2(openHttp2(t, gateway.url))
  assert.deepEqual([asked.headers['x-seen'], asked.headers['via']], ['2 onedoor', '2 onedoor'])
  const older = await send(gateway.url, '/')
  assert.deepEqual([older.headers['x-seen'], older.headers['via']], ['1.1 onedoor', '2 onedoor'])
})
