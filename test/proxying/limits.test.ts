/** Limits of size and number: what is beyond them is refused with its own status and never reaches a target whole. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { answerTo, begin, send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { exchangeBytes, open, readAnswer, type RawAnswer } from '../helpers/raw.ts'
import { startRawTarget, startService, startTarget, type TestTarget } from '../helpers/target.ts'

async function limited (t: TestContext, limits: string, route = ''): Promise<{ gateway: TestGateway, target: TestTarget }> {
  const target = await startTarget(t)
  const gateway = await startGateway(
    t,
    `server: { host: 127.0.0.1, port: 0, limits: { ${limits} } }\nroutes: [{ path: '/*', target: ${target.url}${route} }]`
  )
  return { gateway, target }
}

function codeOf ({ text }: { readonly text: string }): unknown {
  return (JSON.parse(text) as { code: unknown }).code
}

test('a body that declares too much is a 413, and the target never hears of it', async t => {
  const { gateway, target } = await limited(t, 'body: 10b')
  assert.equal((await send(gateway.url, '/', { method: 'POST', body: '0123456789' })).status, 200)
  const answer = await send(gateway.url, '/', { method: 'POST', body: '0123456789a' })
  assert.deepEqual([answer.status, codeOf(answer)], [413, 'body-too-large'])
  assert.equal(target.hits.length, 1)
})

test('a body in chunks is counted, cut at the limit, and never complete for the target', async t => {
  const { gateway, target } = await limited(t, 'body: 10b')
  const answer = await exchangeBytes(
    t,
    gateway.url,
    'POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n6\r\n012345\r\n6\r\n678901\r\n0\r\n\r\n'
  )
  assert.deepEqual([answer.status, codeOf(answer), answer.headers['connection']], [413, 'body-too-large', ['close']])
  assert.equal((await send(gateway.url, '/', { method: 'POST', body: 'fits' })).status, 200)
  assert.deepEqual(target.hits.map(hit => hit.body.toString()), ['fits'])
})

test('a body beyond the limit is no failure of the target', async t => {
  const target = await startTarget(t)
  const gateway = await startGateway(t, `
server: { host: 127.0.0.1, port: 0, limits: { body: 10b } }
upstreams: { back: { targets: ['${target.url}'], circuitBreaker: { failures: 1, openFor: 1h } } }
routes: [{ path: '/*', upstream: back }]`)
  const upload = begin(gateway.url, '/', { method: 'POST', headers: { 'transfer-encoding': 'chunked' } })
  const answer = answerTo(upload)
  upload.end('0123456789a')
  assert.equal((await answer).status, 413)
  assert.equal((await send(gateway.url, '/')).status, 200)
})

test('a client that sends far too much gets its 413 while it is still sending', async t => {
  const { gateway } = await limited(t, 'body: 1kb')
  for (const headers of [{ 'content-length': 8_000_000 }, { 'transfer-encoding': 'chunked' }]) {
    const upload = begin(gateway.url, '/', { method: 'POST', headers })
    const answer = answerTo(upload)
    const piece = Buffer.alloc(100_000)
    for (let sent = 0; sent < 80; sent++) upload.write(piece)
    upload.end()
    const { status, complete } = await answer
    assert.deepEqual([status, complete], [413, true])
  }
})

test('after a small refused body the connection serves the next request', async t => {
  const { gateway } = await limited(t, 'body: 3b')
  const socket = await open(t, gateway.url)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.write('POST /a HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhelloGET /next HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  await once(socket, 'close')
  const text = Buffer.concat(chunks).toString()
  assert.equal(readAnswer(Buffer.concat(chunks)).status, 413)
  assert.match(text, /HTTP\/1\.1 200 OK[^]*"url":"\/next"/)
})

test('a route may allow another body than the server', async t => {
  const { gateway } = await limited(t, 'body: 3b', ', limits: { body: 10b }')
  assert.equal((await send(gateway.url, '/', { method: 'POST', body: '0123456789' })).status, 200)
  assert.equal((await send(gateway.url, '/', { method: 'POST', body: '0123456789a' })).status, 413)
})

test('a URL beyond the limit is a 414', async t => {
  const { gateway, target } = await limited(t, 'url: 100b')
  assert.equal((await send(gateway.url, `/${'a'.repeat(99)}`)).status, 200)
  const answer = await send(gateway.url, `/${'a'.repeat(100)}`)
  assert.deepEqual([answer.status, codeOf(answer)], [414, 'target-too-long'])
  assert.equal(target.hits.length, 1)
})

test('a head beyond the limit is a 431', async t => {
  const { gateway, target } = await limited(t, 'headers: 2kib')
  const answer = await exchangeBytes(t, gateway.url, `GET / HTTP/1.1\r\nhost: a\r\nx-filler: ${'a'.repeat(4000)}\r\n\r\n`)
  assert.deepEqual([answer.status, codeOf(answer)], [431, 'headers-too-large'])
  assert.equal(target.hits.length, 0)
})

test('of thousands of header fields within the limit not one is lost', async t => {
  let head = ''
  const target = await startRawTarget(t, socket => socket.on('data', (chunk: Buffer) => {
    head += chunk.toString()
    if (head.endsWith('\r\n\r\n')) socket.end('HTTP/1.1 204 No Content\r\n\r\n')
  }))
  const gateway = await startGateway(t, `routes: [{ path: '/*', target: ${target.url} }]`)
  const fields = Array.from({ length: 2500 }, (_, index) => `x-${index}:1`).join('\r\n')
  assert.equal((await exchangeBytes(t, gateway.url, `GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${fields}\r\n\r\n`)).status, 204)
  assert.equal(head.match(/^x-\d+: 1/gm)?.length, 2500)
})

test('a target whose connections are all taken is a 503 with Retry-After, until one is free', async t => {
  const waiting: (() => void)[] = []
  const arrived = Promise.withResolvers<void>()
  const target = await startService(t, (_request, response) => { waiting.push(() => response.end('done')); arrived.resolve() })
  const gateway = await startGateway(t, `
upstreams: { back: { targets: ['${target.url}'], connections: { max: 1, pending: 0 } } }
routes: [{ path: '/*', upstream: back }]`)
  const first = send(gateway.url, '/')
  await arrived.promise
  const refused = await send(gateway.url, '/')
  assert.deepEqual([refused.status, codeOf(refused), refused.headers['retry-after']], [503, 'no-target', '1'])
  waiting.shift()!()
  assert.equal((await first).text, 'done')
  const next = send(gateway.url, '/')
  while (waiting.length === 0) await once(target.server, 'request')
  waiting.shift()!()
  assert.equal((await next).status, 200)
})

test('clients beyond the connections of the server are told so with a 503, and others go on', async t => {
  const { gateway } = await limited(t, 'connections: 2')
  const idle = [await open(t, gateway.url), await open(t, gateway.url)]
  const serve = async (index: number): Promise<RawAnswer> => {
    idle[index]!.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
    const [chunk] = await once(idle[index]!, 'data') as [Buffer]
    return readAnswer(chunk)
  }
  assert.equal((await serve(0)).status, 200)
  assert.equal((await serve(1)).status, 200)
  const refused = await exchangeBytes(t, gateway.url, 'GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  assert.deepEqual([refused.status, codeOf(refused)], [503, 'overloaded'])
  assert.equal((await serve(0)).status, 200)
})
