/** Bodies stream both ways, byte for byte, and the slower side sets the pace. */

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { answerTo, begin, headOf, readWhole, send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { exchangeBytes, open, readAnswer } from '../helpers/raw.ts'
import { startRawTarget, startService, startTarget } from '../helpers/target.ts'

const mebi = 1024 * 1024
const large = 64 * mebi
/** What the kernel's buffers of two connections and the gateway itself may hold; Linux was seen to hold 10 MB. */
const held = 24 * mebi

/** Bytes that do not repeat within a chunk boundary of anything on the way. */
const block = Buffer.from(Array.from({ length: 65_521 }, (_, index) => (index * 31 + (index >> 8)) & 0xff))

function * blocks (total: number): Generator<Buffer> {
  for (let left = total; left > 0; left -= block.length) yield left >= block.length ? block : block.subarray(0, left)
}

/** The digest of all bytes of a large body. */
const digest = hashOf(blocks(large))

function hashOf (parts: Iterable<Buffer>): string {
  const hash = createHash('sha1')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

interface Writing {
  write (chunk: Buffer): boolean
  end (): unknown
  once (event: string, listener: () => void): unknown
  readonly destroyed: boolean
}

/** Writes all of it at the pace of the reader; `count` hears what has been written. */
function writeBlocks (to: Writing, total: number, count: (bytes: number) => void = () => {}): void {
  const parts = blocks(total)
  const more = (): void => {
    for (;;) {
      const { value, done } = parts.next()
      if (done === true) return void to.end()
      count(value.length)
      if (!to.write(value)) {
        to.once('drain', more)
        return
      }
    }
  }
  more()
}

test('64 MiB come down byte for byte, with the length that the target declared', async t => {
  const target = await startService(
    t,
    (_request, response) => { response.setHeader('content-length', large); writeBlocks(response, large) }
  )
  const gateway = await startGateway(t, `routes: [{ path: '/*', target: ${target.url} }]`)
  const response = await headOf(begin(gateway.url, '/').end())
  const hash = createHash('sha1')
  for await (const chunk of response) hash.update(chunk as Buffer)
  assert.equal(response.headers['content-length'], String(large))
  assert.equal(hash.digest('hex'), digest)
})

test('long responses in chunks of any size arrive byte for byte, also where the client reads in fits', async t => {
  const sizes = [1, 100, 9_000, 33_000, 65_000, 65_536, 131_072, 200_000, 1_000_003]
  const target = await startService(t, (request, response) => {
    const size = Number(request.url!.slice(1))
    if (size % 2 === 0) response.setHeader('content-length', 3 * size + 5)
    for (let i = 0; i < 3; i++) response.write(Buffer.alloc(size, 97 + i))
    response.end('whole')
  })
  const gateway = await startGateway(t, `routes: [{ path: '/*', target: ${target.url} }]`)
  await Promise.all([...sizes, ...sizes].map(async (size, index) => {
    const response = await headOf(begin(gateway.url, `/${size}`).end())
    const parts: Buffer[] = []
    for await (const chunk of response) {
      parts.push(chunk as Buffer)
      if (index % 2 === 0) await turn()
    }
    const expected = `${'a'.repeat(size)}${'b'.repeat(size)}${'c'.repeat(size)}whole`
    assert.ok(Buffer.concat(parts).equals(Buffer.from(expected)), `answer of ${expected.length} bytes`)
  }))
})

test('64 MiB go up byte for byte, framed as the client framed them', async t => {
  const seen: unknown[] = []
  const target = await startService(t, (request, response) => {
    const hash = createHash('sha1')
    seen.push(request.headers['content-length'], request.headers['transfer-encoding'])
    request.on('data', (chunk: Buffer) => hash.update(chunk)).on('end', () => response.end(hash.digest('hex')))
  })
  const gateway = await startGateway(
    t,
    `server: { host: 127.0.0.1, port: 0, limits: { body: 200mib } }\nroutes: [{ path: '/*', target: ${target.url} }]`
  )
  for (const headers of [{ 'content-length': large }, { 'transfer-encoding': 'chunked' }]) {
    const upload = begin(gateway.url, '/', { method: 'PUT', headers })
    const answer = answerTo(upload)
    writeBlocks(upload, large)
    assert.equal((await answer).text, digest)
  }
  assert.deepEqual(seen, [String(large), undefined, undefined, 'chunked'])
})

test('a client that does not read stops the target instead of filling the gateway', async t => {
  let written = 0
  let stalled: (() => void) | undefined
  const full = new Promise<void>(resolve => { stalled = resolve })
  let response: ServerResponse | undefined
  const target = await startService(t, (_request, answer) => {
    response = answer
    writeBlocks(answer, large, bytes => { written += bytes })
    watchStall(() => written, () => stalled!())
  })
  const gateway = await startGateway(t, `routes: [{ path: '/*', target: ${target.url} }]`)
  const reader = await headOf(begin(gateway.url, '/').end())
  reader.pause()
  await full
  assert.ok(written < held, `${written} bytes were taken from the target`)
  assert.equal(response!.writableFinished, false)
  assert.equal((await readWhole(reader)).body.length, large)
})

test('a target that does not read stops the client instead of filling the gateway', async t => {
  let go: (() => void) | undefined
  const target = await startService(t, (request, response) => {
    request.pause()
    let bytes = 0
    go = () => { request.on('data', (chunk: Buffer) => { bytes += chunk.length }).on('end', () => response.end(String(bytes))).resume() }
  })
  const gateway = await startGateway(
    t,
    `server: { host: 127.0.0.1, port: 0, limits: { body: 200mib } }\nroutes: [{ path: '/*', target: ${target.url} }]`
  )
  const upload = begin(gateway.url, '/', { method: 'POST', headers: { 'content-length': large } })
  const answer = answerTo(upload)
  let written = 0
  writeBlocks(upload, large, bytes => { written += bytes })
  await new Promise<void>(resolve => watchStall(() => written, resolve))
  assert.ok(written < held, `${written} bytes were taken from the client`)
  go!()
  assert.equal((await answer).text, String(large))
})

/**
 * Calls back when a count has begun and then stays what it is for many turns of the event loop, in which
 * sockets had every chance to move bytes.
 */
function watchStall (count: () => number, stalled: () => void, last = -1, turns = 0): void {
  const now = count()
  const still = now > 0 && now === last ? turns + 1 : 0
  if (still > 2000) stalled()
  else setImmediate(watchStall, count, stalled, now, still)
}

test('a small response arrives in one piece, head and body', async t => {
  const target = await startTarget(t, (_request, response) => response.end('hello'))
  const gateway = await startGateway(t, `routes: [{ path: '/*', target: ${target.url} }]`)
  const socket = await open(t, gateway.url)
  socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  const [first] = await once(socket, 'data') as [Buffer]
  assert.equal(readAnswer(first).text, 'hello')
})

test('an event of a stream arrives at once, although the stream goes on', async t => {
  const target = await startService(t, (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: 1\n\n')
  })
  const gateway = await startGateway(t, `routes: [{ path: '/*', target: ${target.url} }]`)
  const outgoing = begin(gateway.url, '/').end()
  const response = await headOf(outgoing)
  assert.equal(response.headers['content-type'], 'text/event-stream')
  const [event] = await once(response, 'data') as [Buffer]
  assert.equal(event.toString(), 'data: 1\n\n')
  outgoing.destroy()
})

test('a target may respond while it still reads: both bodies stream at the same time', async t => {
  const target = await startService(
    t,
    (request, response) => { request.on('data', (chunk: Buffer) => response.write(chunk)).on('end', () => response.end('.')) }
  )
  const gateway = await startGateway(t, `routes: [{ path: '/*', target: ${target.url} }]`)
  const upload = begin(gateway.url, '/', { method: 'POST', headers: { 'transfer-encoding': 'chunked' } })
  const head = headOf(upload)
  upload.write('a')
  const response = await head
  assert.equal(String((await once(response, 'data') as [Buffer])[0]), 'a')
  upload.write('b')
  assert.equal(String((await once(response, 'data') as [Buffer])[0]), 'b')
  upload.end()
  const { text, complete } = await readWhole(response)
  assert.deepEqual([text, complete], ['.', true])
})

const bodies: ReadonlyArray<readonly [string, string | undefined, string | Buffer]> = [
  ['JSON with numbers that no double holds', 'application/json', '{"id":12345678901234567890,"x":1.0}'],
  ['JSON with a member twice', 'application/json', '{"a":1,"a":2}'],
  ['JSON that is none', 'application/json', '{"a":'],
  ['white space that means nothing', 'application/json; charset=utf-8', ' { "a" : 1 }\n\n'],
  ['a form', 'application/x-www-form-urlencoded', 'a=1&a=2&%zz'],
  ['a type nobody has registered', 'application/vnd.acme.thing+cbor;v=2', Buffer.from([0, 255, 128, 13, 10])],
  ['a type that is none', 'foo', 'bar'],
  ['a type that is broken', ';;;=', 'bar'],
  ['an empty type', '', 'bar'],
  ['no type', undefined, 'bar'],
  ['__proto__ in JSON', 'application/json', '{"__proto__":{"a":1}}']
]

for (const [what, type, body] of bodies) {
  test(`a body passes both ways untouched: ${what}`, async t => {
    const target = await startTarget(t, (_request, response, hit) => {
      if (type !== undefined) response.setHeader('content-type', type)
      response.end(hit.body)
    })
    const gateway = await startGateway(t, `routes: [{ path: '/*', target: ${target.url} }]`)
    const answer = await send(gateway.url, '/', { method: 'POST', headers: type === undefined ? {} : { 'content-type': type }, body })
    assert.equal(answer.status, 200, answer.text)
    assert.deepEqual(answer.body, Buffer.from(body))
    assert.deepEqual(target.hits[0]!.body, Buffer.from(body))
    assert.equal(target.hits[0]!.headers['content-type'], type)
    assert.equal(answer.headers['content-type'], type)
  })
}

for (const method of ['GET', 'DELETE', 'QUERY', 'OPTIONS', 'PATCH']) {
  test(`the body of a ${method} is passed on, by length and chunked`, async t => {
    const target = await startTarget(t)
    const gateway = await startGateway(t, `routes: [{ path: '/*', target: ${target.url} }]`)
    for (const framing of ['content-length: 5\r\n\r\nhello', 'transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n']) {
      const answer = await exchangeBytes(t, gateway.url, `${method} / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${framing}`)
      assert.equal(answer.status, 200, answer.text)
    }
    assert.deepEqual(
      target.hits.map(({ method: sent, body, headers }) => [sent, body.toString(), headers['content-length']]),
      [[method, 'hello', '5'], [method, 'hello', undefined]]
    )
  })
}

test('an empty body stays empty, with the length the client gave', async t => {
  const target = await startTarget(t)
  const gateway = await startGateway(t, `routes: [{ path: '/*', target: ${target.url} }]`)
  assert.equal((await send(gateway.url, '/', { method: 'POST', headers: { 'content-length': 0 } })).status, 200)
  assert.equal((await send(gateway.url, '/', { method: 'POST', headers: { 'transfer-encoding': 'chunked' } })).status, 200)
  assert.equal((await send(gateway.url, '/')).status, 200)
  assert.deepEqual(
    target.hits.map(({ body, headers }) => [body.length, headers['content-length'], headers['transfer-encoding']]),
    [[0, '0', undefined], [0, '0', undefined], [0, undefined, undefined]]
  )
})

test('requests one after the other share a connection to the target', async t => {
  const target = await startTarget(t, (_request, response) => response.end('x'))
  const gateway = await startGateway(t, `routes: [{ path: '/*', target: ${target.url} }]`)
  for (let count = 0; count < 30; count++) {
    await send(gateway.url, '/', { method: count % 2 === 0 ? 'GET' : 'POST', body: count % 2 === 0 ? '' : 'abc' })
  }
  assert.ok(target.connections <= 2, `${target.connections} connections`)
})

test('responses in flight at the same time never get mixed up', async t => {
  const target = await startTarget(t, (request, response) => response.end(request.headers['x-id']))
  const gateway = await startGateway(t, `routes: [{ path: '/*', target: ${target.url} }]`)
  const ids = Array.from({ length: 200 }, (_, index) => `id-${index}`)
  const answers = await Promise.all(ids.map(async id => (await send(gateway.url, '/', { headers: { 'x-id': id } })).text))
  assert.deepEqual(answers, ids)
})

test('a response that ends with its connection is whole', async t => {
  const target = await startRawTarget(
    t,
    socket => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello'))
  )
  const gateway = await startGateway(t, `routes: [{ path: '/*', target: ${target.url} }]`)
  const { text, complete } = await send(gateway.url, '/')
  assert.deepEqual([text, complete], ['hello', true])
})
