import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { finished } from 'node:stream'
import type { Http2Request } from '../../../src/listeners/http2/http2-request.ts'
import type { Http2Response } from '../../../src/listeners/http2/http2-response.ts'
import { answerOf } from '../../helpers/http2.ts'
import { frame, headers, openFrames, pseudo, rstStream, types } from '../../helpers/http2-frames.ts'
import { bareServer } from './bare-server.ts'

/** What happened to a message, in order. */
function eventsOf (message: Http2Request | Http2Response): string[] {
  const seen: string[] = []
  for (const name of ['aborted', 'error', 'end', 'finish', 'close']) message.on(name, () => seen.push(name))
  return seen
}

async function bodyOf (request: Http2Request): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

test('a request has the fields of HTTP/1.1', async t => {
  let seen: Record<string, unknown> = {}
  const { client, url } = await bareServer(t, (request, response) => {
    const { method, headers, rawHeaders, httpVersion, httpVersionMajor, complete, bodyFollows, malformed } = request
    seen = { method, url: request.url, headers, rawHeaders, httpVersion, httpVersionMajor, complete, bodyFollows, malformed }
    response.end()
  })
  const host = new URL(url).host
  await answerOf(client.request({ ':path': '/a?b=c', 'x-one': ['1', '2'], cookie: ['a=1', 'b=2'], accept: 'text/html' }))
  assert.deepEqual(seen, {
    method: 'GET',
    url: '/a?b=c',
    httpVersion: '2.0',
    httpVersionMajor: 2,
    headers: { host, 'x-one': '1, 2', cookie: 'a=1; b=2', accept: 'text/html' },
    rawHeaders: ['host', host, 'x-one', '1', 'x-one', '2', 'cookie', 'a=1; b=2', 'accept', 'text/html'],
    complete: true,
    bodyFollows: false,
    malformed: false
  })
})

test('a body is read with its pauses, and its trailers come at the end', async t => {
  const chunk = Buffer.alloc(50_000, 'x')
  let length = 0
  let request!: Http2Request
  const { client } = await bareServer(t, (incoming, response) => {
    request = incoming
    assert.equal(request.bodyFollows, true)
    assert.equal(request.complete, false)
    request.on('data', (part: Buffer) => {
      length += part.length
      request.pause()
      setImmediate(() => request.resume())
    })
    request.on('end', () => response.end('done'))
  })
  const stream = client.request({ ':method': 'POST' }, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '7' }))
  for (let i = 0; i < 20; i++) stream.write(chunk)
  stream.end()
  assert.equal((await answerOf(stream)).text, 'done')
  assert.equal(length, 1_000_000)
  assert.equal(request.complete, true)
  assert.deepEqual(request.trailers, { 'x-sum': '7' })
  assert.deepEqual(request.rawTrailers, ['x-sum', '7'])
})

test('an empty body ends', async t => {
  const { client } = await bareServer(t, (request, response) => { void bodyOf(request).then(text => response.end(`<${text}>`)) })
  assert.equal((await answerOf(client.request({}))).text, '<>')
})

test('a body that nobody reads is stopped after the response, without an error', async t => {
  const { client } = await bareServer(t, (_request, response) => { response.writeHead(403).end('no') })
  const stream = client.request({ ':method': 'POST' })
  stream.write('x'.repeat(1000))
  const answer = await answerOf(stream)
  assert.deepEqual([answer.status, answer.text, answer.rstCode], [403, 'no', 0])
})

for (const code of [8, 0]) {
  test(`a client that resets its request with code ${code} aborts it and closes the response`, async t => {
    let request!: Http2Request
    let response!: Http2Response
    let seen: string[][] = []
    const { url } = await bareServer(t, (incoming, outgoing) => {
      request = incoming
      response = outgoing
      seen = [eventsOf(request), eventsOf(response)]
      response.flushHeaders()
      request.resume()
    })
    const client = await openFrames(t, url)
    client.write(headers(1, pseudo({ ':method': 'POST' }), 0), frame(types.data, 0, 1, Buffer.from('part')))
    await client.until(() => client.find(types.headers, 1))
    const { signal } = request
    client.write(rstStream(1, code))
    await once(response, 'close')
    assert.equal(request.aborted, true)
    assert.equal(request.complete, false)
    assert.equal(signal.aborted, true)
    assert.equal(response.writableFinished, false)
    assert.deepEqual(seen, [['aborted', 'error', 'close'], ['close']])
  })
}

test('a client that leaves after its request closes the response', async t => {
  let response!: Http2Response
  const { client } = await bareServer(t, (_request, outgoing) => { (response = outgoing).flushHeaders() })
  const stream = client.request({})
  await once(stream, 'response')
  stream.close(8)
  await once(response, 'close')
  assert.equal(response.req.aborted, true)
})

test('a response finishes once and closes once', async t => {
  const all: string[][] = []
  const { client } = await bareServer(t, (request, response) => {
    all.push(eventsOf(response))
    finished(response, error => all.push([String(error?.name)]))
    if (request.url === '/whole') response.writeHead(200, { 'content-length': 2 }).end('ok')
    else if (request.url === '/empty') response.writeHead(200).end()
    else if (request.url === '/204') response.writeHead(204).end()
    else {
      response.write('o')
      response.end('k')
    }
  })
  for (const path of ['/whole', '/empty', '/204', '/parts']) {
    all.length = 0
    const { rstCode } = await answerOf(client.request({ ':path': path }))
    while (all.length < 2 || all[0]!.length < 2) await new Promise(setImmediate)
    assert.equal(rstCode, 0)
    assert.deepEqual(all, [['finish', 'close'], ['undefined']], path)
  }
})

test('writableFinished says that the client can have all of it', async t => {
  let response!: Http2Response
  const { client } = await bareServer(t, (_request, outgoing) => {
    response = outgoing
    response.end(Buffer.alloc(200_000))
  })
  const stream = client.request({})
  await once(stream, 'response')
  // The window of the client is full.
  await new Promise(setImmediate)
  assert.deepEqual([response.writableEnded, response.writableFinished], [true, false])
  stream.resume()
  await once(response, 'finish')
  assert.equal(response.writableFinished, true)
})

test('back pressure comes from the window of the client', async t => {
  let response!: Http2Response
  let drained = 0
  const { client } = await bareServer(t, (_request, outgoing) => {
    response = outgoing
    response.on('drain', () => {
      drained++
      response.end('end')
    })
    while (response.write(Buffer.alloc(20_000))) { /* until it is full */ }
    assert.equal(response.writableNeedDrain, true)
  })
  const stream = client.request({})
  await once(stream, 'response')
  const answer = await answerOf(stream)
  assert.equal(drained, 1)
  assert.equal(answer.body.length % 20_000, 3)
})

test('a HEAD has the fields of a GET and no body', async t => {
  const { client } = await bareServer(t, (_request, response) => {
    response.setHeader('content-length', 5)
    response.end('hello')
  })
  const answer = await answerOf(client.request({ ':method': 'HEAD' }))
  assert.deepEqual([answer.status, answer.headers['content-length'], answer.text, answer.rstCode], [200, '5', '', 0])
})

test('responses without a body never have one', async t => {
  const { client } = await bareServer(t, (request, response) => {
    response.writeHead(Number(request.url!.slice(1)), { 'content-length': '5' })
    response.write('he')
    response.end('llo')
  })
  for (const status of [204, 205, 304]) {
    const answer = await answerOf(client.request({ ':path': `/${status}` }))
    assert.deepEqual([answer.status, answer.text, answer.rstCode], [status, '', 0])
  }
})

test('trailers follow a whole body, a streamed one and none', async t => {
  const { client } = await bareServer(t, (request, response) => {
    response.writeHead(200)
    if (request.url === '/streamed') response.write('bo')
    if (request.url === '/flushed') response.flushHeaders()
    const trailers = { 'grpc-status': '0', connection: 'close' }
    response.addTrailers(request.url === '/pairs' ? Object.entries(trailers) : trailers)
    response.end(request.url === '/none' ? undefined : 'dy')
  })
  for (const path of ['/whole', '/streamed', '/flushed', '/none', '/pairs']) {
    const answer = await answerOf(client.request({ ':path': path }))
    assert.deepEqual(answer.trailers, { 'grpc-status': '0' }, path)
    assert.equal(answer.rstCode, 0)
  }
})

test('trailers reach a client that has not ended its request', async t => {
  const { client } = await bareServer(t, (_request, response) => {
    response.write('body')
    response.addTrailers({ 'x-end': '1' })
    response.end()
  })
  const stream = client.request({ ':method': 'POST' })
  const answer = await answerOf(stream)
  assert.deepEqual([answer.text, answer.trailers, answer.rstCode], ['body', { 'x-end': '1' }, 0])
})

test('fields of HTTP/1.1 connections are left out, repeated ones kept', async t => {
  const { client } = await bareServer(t, (_request, response) => {
    response.setHeader('Keep-Alive', 'timeout=5')
    response.setHeader('set-cookie', ['a=1', 'b=2'])
    response.writeHead(200, { Connection: 'x', 'transfer-encoding': 'chunked', upgrade: 'h2c', te: 'gzip', ETag: '"1"' }).end()
  })
  const { headers: fields } = await answerOf(client.request({}))
  assert.deepEqual({ ...fields, date: '' }, { ':status': 200, 'set-cookie': ['a=1', 'b=2'], etag: '"1"', date: '' })
})

test('fields that no client may see throw, as in HTTP/1.1', async t => {
  const codes: unknown[] = []
  const attempt = (act: () => void): void => { try { act() } catch (error) { codes.push((error as { code: string }).code) } }
  const { client } = await bareServer(t, (_request, response) => {
    attempt(() => response.setHeader('x', 'a\nb'))
    attempt(() => response.setHeader('x', 'a\0b\0c'))
    attempt(() => response.writeHead(200, { x: 'a\r\nb' }))
    attempt(() => response.writeHead(200, { ':status': '201' }))
    attempt(() => response.setHeader('x y', 'a'))
    attempt(() => response.writeHead(200, { 'x y': 'a' }))
    attempt(() => response.writeHead(100))
    attempt(() => response.writeHead(700))
    response.writeHead(200)
    attempt(() => response.writeHead(200))
    attempt(() => response.setHeader('a', 'b'))
    response.end('fine')
  })
  assert.equal((await answerOf(client.request({}))).text, 'fine')
  assert.deepEqual(codes, [
    'ERR_INVALID_CHAR', 'ERR_INVALID_CHAR', 'ERR_INVALID_CHAR', 'ERR_INVALID_HTTP_TOKEN', 'ERR_INVALID_HTTP_TOKEN',
    'ERR_INVALID_HTTP_TOKEN',
    'ERR_HTTP_INVALID_STATUS_CODE', 'ERR_HTTP_INVALID_STATUS_CODE', 'ERR_HTTP_HEADERS_SENT', 'ERR_HTTP_HEADERS_SENT'
  ])
})

test('the header methods are those of ServerResponse', async t => {
  const { client } = await bareServer(t, (_request, response) => {
    response.setHeader('A', '1').appendHeader('a', '2').setHeader('b', 3)
    response.setHeaders(new Map([['c', '4']]))
    assert.deepEqual(response.getHeaderNames(), ['a', 'b', 'c'])
    assert.deepEqual({ ...response.getHeaders() }, { a: ['1', '2'], b: 3, c: '4' })
    assert.equal(response.hasHeader('C'), true)
    response.removeHeader('C')
    assert.equal(response.getHeader('c'), undefined)
    response.writeHead(201, 'Created', ['a', '5', 'a', '6', 'd', '7'])
    assert.equal(response.headersSent, true)
    response.end()
  })
  const { status, headers: fields } = await answerOf(client.request({}))
  assert.deepEqual([status, fields['a'], fields['b'], fields['c'], fields['d']], [201, '5, 6', '3', undefined, '7'])
})

test('interim responses come before the response', async t => {
  const { client } = await bareServer(t, (_request, response) => {
    response.writeContinue()
    response.writeEarlyHints({ link: '</a.css>; rel=preload' })
    for (let i = 0; i < 200; i++) response.writeInformation(102, ['x-i', String(i)])
    response.end('done')
  })
  const { interim, text } = await answerOf(client.request({}))
  assert.equal(text, 'done')
  assert.deepEqual(interim.slice(0, 3).map(fields => [fields[':status'], fields['link'], fields['x-i']]), [
    [100, undefined, undefined], [103, '</a.css>; rel=preload', undefined], [102, undefined, '0']
  ])
  assert.equal(interim.length, 64)
})

test('a response that breaks off resets its stream alone', async t => {
  let other!: Http2Response
  const { client } = await bareServer(t, (request, response) => {
    if (request.url === '/other') other = response
    else if (request.url === '/early') response.destroy(new Error('early'))
    else {
      response.resetCode = 11
      response.write('half', () => response.destroy(new Error('broken')))
    }
  })
  const kept = answerOf(client.request({ ':path': '/other' }))
  assert.deepEqual(await answerOf(client.request({ ':path': '/early' })).then(({ rstCode }) => rstCode), 2)
  const broken = await answerOf(client.request({ ':path': '/late' }))
  assert.deepEqual([broken.text, broken.rstCode], ['half', 11])
  other.end('served')
  assert.equal((await kept).text, 'served')
})

test('a response with `connection: close` is the last of its connection', async t => {
  let held!: Http2Response
  const { client } = await bareServer(t, (request, response) => {
    if (request.url === '/held') held = response
    else response.writeHead(200, { connection: 'close' }).end('last')
  })
  const kept = answerOf(client.request({ ':path': '/held' }))
  const gone = once(client, 'goaway')
  assert.equal((await answerOf(client.request({}))).text, 'last')
  assert.equal((await gone)[0], 0)
  held.end('still served')
  assert.equal((await kept).text, 'still served')
  await once(client, 'close')
})

test('what is done after the client has left does no harm', async t => {
  let response!: Http2Response
  const { client } = await bareServer(t, (_request, outgoing) => { response = outgoing })
  const stream = client.request({})
  stream.on('error', () => {})
  await once(client, 'connect')
  while (response === undefined) await new Promise(setImmediate)
  stream.close(8)
  await once(response, 'close')
  response.writeHead(200, { a: 'b' })
  response.write('x')
  response.addTrailers({ a: 'b' })
  response.flushHeaders()
  response.end('y')
  response.destroy()
  await new Promise(setImmediate)
  assert.equal(response.writableFinished, false)
})

test('a body of any length arrives whole', async t => {
  const lengths = [0, 1, 16_383, 16_384, 65_535, 65_536, 65_537, 200_000, 1_000_000]
  const { client } = await bareServer(t, (request, response) => {
    response.end(Buffer.alloc(lengths[Number(request.url!.slice(1))]!, 'y'))
  })
  const got = await Promise.all(lengths.map(async (_, index) => (await answerOf(client.request({ ':path': `/${index}` }))).body.length))
  assert.deepEqual(got, lengths)
})

test('trailers that no client may see are left out together, and the response is complete', async t => {
  const { client } = await bareServer(t, (_request, response) => {
    response.write('body')
    response.addTrailers({ 'x y': '1', good: '2' })
    response.end()
  })
  const answer = await answerOf(client.request({}))
  assert.deepEqual([answer.text, answer.trailers, answer.rstCode], ['body', undefined, 0])
})
