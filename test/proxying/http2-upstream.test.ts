/** An upstream that speaks HTTP/2, behind the whole gateway. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import { connect, type AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { answerTo, begin, send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'
import { checkFile } from './check-file.ts'

/** A service of HTTP/2 without TLS. */
async function startHttp2 (t: TestContext, serve: (request: Http2ServerRequest, response: Http2ServerResponse) => void): Promise<string> {
  const server = createServer(serve).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const echo = (request: Http2ServerRequest, response: Http2ServerResponse): void => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    response.end(JSON.stringify({
      version: request.httpVersion,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
      trailers: request.trailers
    }))
  })
}

const yaml = (target: string, more = ''): string => `upstreams:
  users: { targets: ["${target}"], protocol: h2c${more} }
routes:
  - { path: /*, upstream: users }
`

test('a request reaches an HTTP/2 target with its fields, body and trailers, and the response says so in Via', async t => {
  const { url } = await startGateway(t, yaml(await startHttp2(t, echo), ', host: client'))
  const outgoing = begin(url, '/a?b=c', {
    method: 'POST',
    headers: { 'host': 'shop.test', 'cookie': 'a=1; b=2', 'transfer-encoding': 'chunked', 'te': 'trailers', 'connection': 'close' }
  })
  const answered = answerTo(outgoing)
  outgoing.write('he')
  outgoing.addTrailers({ 'x-sum': '1', 'x-real-ip': '1.2.3.4', 'x_sum': '2', 'authorization': 'x' })
  outgoing.end('llo')
  const answer = await answered
  const { version, headers, body, trailers } = JSON.parse(answer.text)
  assert.deepEqual([answer.status, answer.headers.via], [200, '2 onedoor'])
  assert.deepEqual([version, body, trailers], ['2.0', 'hello', { 'x-sum': '1' }])
  assert.deepEqual([headers[':authority'], headers[':path'], headers.cookie, headers.te], ['shop.test', '/a?b=c', 'a=1; b=2', 'trailers'])
  for (const name of ['host', 'connection', 'transfer-encoding']) assert.equal(name in headers, false, name)
})

test('trailers and interim responses of an HTTP/2 target reach the client', async t => {
  const target = await startHttp2(t, (_request, response) => {
    response.writeEarlyHints({ link: '</a.css>; rel=preload' })
    response.writeHead(200)
    response.write('hi')
    response.addTrailers({ 'x-sum': '1' })
    response.end()
  })
  const { url } = await startGateway(t, yaml(target))
  const outgoing = begin(url, '/', { headers: { te: 'trailers', connection: 'te' } })
  const hints: unknown[] = []
  outgoing.on('information', ({ statusCode }) => hints.push(statusCode))
  const answered = answerTo(outgoing)
  outgoing.end()
  const { text, trailers } = await answered
  assert.deepEqual([hints, text, trailers], [[103], 'hi', { 'x-sum': '1' }])
})

test('a target that does not speak HTTP/2 gets nothing, and another one is tried', async t => {
  const old = await startTarget(t)
  const { url } = await startGateway(t, `upstreams:
  users: { targets: ["${old.url}", "${await startHttp2(t, echo)}"], protocol: h2c, retry: { attempts: 2, on: [connect] } }
routes:
  - { path: /*, upstream: users }
`)
  const answers = await Promise.all(Array.from({ length: 4 }, async () => await send(url, '/', { method: 'POST', body: 'x' })))
  assert.deepEqual([answers.map(({ status }) => status), old.hits.length], [[200, 200, 200, 200], 0])
  const only = await startGateway(t, yaml(old.url))
  const { status, text } = await send(only.url, '/')
  assert.deepEqual([status, JSON.parse(text).code], [502, 'protocol-unsupported'])
  await only.logged(line => line['code'] === 'protocol-unsupported')
})

test('a request that the target refuses is sent once more, whatever its method', async t => {
  let asked = 0
  const target = await startHttp2(t, (request, response) => {
    // REFUSED_STREAM
    if (++asked === 1) request.stream.close(7)
    else echo(request, response)
  })
  const { url } = await startGateway(t, yaml(target, ', retry: { attempts: 1, bufferBody: 1kb }'))
  const { status, text } = await send(url, '/', { method: 'POST', body: 'x' })
  assert.deepEqual([status, JSON.parse(text).body, asked], [200, 'x', 2])
})

test('a WebSocket reaches an HTTP/2 target that accepts them, and is refused with a reason of its own where it does not', async t => {
  for (const enableConnectProtocol of [true, false]) {
    const server = createServer({ settings: { enableConnectProtocol } })
    server.on('stream', (stream, headers) => {
      if (headers[':protocol'] !== 'websocket') return
      stream.respond({ ':status': 200 })
      stream.pipe(stream)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.close())
    const { url } = await startGateway(t, yaml(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
    const outgoing = begin(url, '/chat', { headers: {
      'connection': 'upgrade', 'upgrade': 'websocket', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version': '13'
    } })
    if (!enableConnectProtocol) {
      const answered = answerTo(outgoing)
      outgoing.end()
      const { status, text } = await answered
      assert.deepEqual([status, JSON.parse(text).code], [502, 'websocket-unsupported'])
      continue
    }
    outgoing.end()
    const [response, socket] = await once(outgoing, 'upgrade')
    assert.deepEqual([response.statusCode, response.headers['sec-websocket-accept']], [101, 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='])
    // A masked text frame, which the service sends back.
    const frame = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69])
    socket.write(frame)
    assert.deepEqual((await once(socket, 'data'))[0], frame)
    socket.destroy()
  }
})

test('a client that repeats fields, in front of the body and behind it, harms nobody', async t => {
  const { url } = await startGateway(t, yaml(await startHttp2(t, echo)))
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nhost: a\r\nreferer: 1\r\nreferer: 2\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n' +
    '2\r\nhi\r\n0\r\nuser-agent: 1\r\nuser-agent: 2\r\nreferer: 3\r\nreferer: 4\r\n\r\n')
  const [head] = await once(socket.setEncoding('latin1'), 'data')
  assert.match(head, /^HTTP\/1\.1 200 /)
  assert.equal((await send(url, '/')).status, 200)
})

test('a scheme that does not fit the protocol is told, also of targets that are found by name', async t => {
  for (const target of ['"https://a.test"', '{ url: "https://a.test" }', '{ dns: "https://a.test" }']) {
    const file = `upstreams: { a: { targets: [${target}], protocol: h2c } }\nroutes: [{ path: /, upstream: a }]\n`
    const found = await checkFile(t, file, {}, () => {})
    assert.ok(found.some(({ message, position }) => message.includes('needs http:// targets') && position?.line === 1), target)
  }
})
