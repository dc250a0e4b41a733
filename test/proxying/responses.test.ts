/**
 * The table of responses: what a target may send, what of it goes on to the client, as a reader sees it who takes RFC 9112 at its word, and
 * whether the connection to the target serves the next request.
 */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { readAnswers, type Answers } from '../attack/answers.ts'
import { begin, headOf, send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { open } from '../helpers/raw.ts'
import { startRawTarget } from '../helpers/target.ts'

interface Row {
  readonly method?: string
  /** Of the client. */
  readonly version?: string
  /** Further lines of the client's head. */
  readonly fields?: string
  readonly body?: string
  readonly target: string
  readonly status: number
  /** Statuses of the interim responses that the client gets. */
  readonly interim?: readonly number[]
  readonly text?: string
  /** Whether its end reaches the client; true unless set. */
  readonly complete?: boolean
  /** Undefined: the field is not there. */
  readonly sees?: Readonly<Record<string, string | undefined>>
  readonly trailers?: readonly (readonly [string, string])[]
  /** Whether the connection to the target is used again. */
  readonly kept: boolean
}

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'
const wanting = 'te: trailers\r\n'
const early = [
  'HTTP/1.1 103 Early Hints',
  'link: </a.css>; rel=preload; as=style',
  'link: </b.js>; rel=preload; as=script',
  'connection: x-hop',
  'x-hop: 1\r\n\r\n'
].join('\r\n')
const three = 'X-A: 1\r\nX-B: 2\r\nX-C: 3\r\n'

const table: Readonly<Record<string, Row>> = {
  // Framing of the final response
  'a length': { target: ok, status: 200, text: 'ok', sees: { 'content-length': '2' }, kept: true },
  'a length of nothing': {
    target: 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
    status: 200,
    text: '',
    sees: { 'content-length': '0' },
    kept: true
  },
  'chunks': { target: `${chunked}2\r\nok\r\n0\r\n\r\n`, status: 200, text: 'ok', kept: true },
  'no chunk at all': { target: `${chunked}0\r\n\r\n`, status: 200, text: '', kept: true },
  'the end of the connection': { target: 'HTTP/1.1 200 OK\r\n\r\nok<end>', status: 200, text: 'ok', kept: false },
  'a length, and Connection: close': {
    target: 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok',
    status: 200,
    text: 'ok',
    kept: false
  },
  'HTTP/1.0': { target: 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok', status: 200, text: 'ok', kept: false },
  'Transfer-Encoding: foo': { target: 'HTTP/1.1 200 OK\r\ntransfer-encoding: foo\r\n\r\nok<end>', status: 502, kept: false },
  'Transfer-Encoding: identity': { target: 'HTTP/1.1 200 OK\r\ntransfer-encoding: identity\r\n\r\nok<end>', status: 502, kept: false },
  'Transfer-Encoding: gzip, chunked': {
    target: 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    status: 502,
    kept: false
  },
  'Transfer-Encoding: gzip and chunked on two lines': {
    target: 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    status: 502,
    kept: false
  },
  'Transfer-Encoding: chunked, gzip': {
    target: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked, gzip\r\n\r\nok<end>',
    status: 502,
    kept: false
  },
  'Transfer-Encoding: chunked, chunked': {
    target: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    status: 502,
    kept: false
  },
  'a coding to a HEAD': { method: 'HEAD', target: 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n', status: 502, kept: false },
  // Responses without content
  'a HEAD with a length': {
    method: 'HEAD',
    target: 'HTTP/1.1 200 OK\r\ncontent-length: 1234\r\n\r\n',
    status: 200,
    sees: { 'content-length': '1234' },
    kept: true
  },
  'a HEAD in chunks': { method: 'HEAD', target: chunked, status: 200, sees: { 'content-length': undefined }, kept: true },
  'a HEAD that says that it stays': {
    method: 'HEAD',
    target: 'HTTP/1.1 200 OK\r\nconnection: keep-alive\r\n\r\n',
    status: 200,
    kept: true
  },
  'a HEAD of Connection: close': {
    method: 'HEAD',
    target: 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1234\r\n\r\n',
    status: 200,
    kept: false
  },
  'a HEAD with a body': { method: 'HEAD', target: ok, status: 200, sees: { 'content-length': '2' }, kept: false },
  '204': { target: 'HTTP/1.1 204 No Content\r\n\r\n', status: 204, sees: { 'content-length': undefined }, kept: true },
  '204 with a length of nothing': {
    target: 'HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n',
    status: 204,
    sees: { 'content-length': undefined },
    kept: true
  },
  '204 with a length': {
    target: 'HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\n',
    status: 204,
    sees: { 'content-length': undefined },
    kept: true
  },
  '204 with chunks': {
    target: 'HTTP/1.1 204 No Content\r\ntransfer-encoding: chunked\r\n\r\n',
    status: 204,
    sees: { 'transfer-encoding': undefined },
    kept: true
  },
  '304': { target: 'HTTP/1.1 304 Not Modified\r\netag: "a"\r\n\r\n', status: 304, sees: { etag: '"a"' }, kept: true },
  '304 with a length': {
    target: 'HTTP/1.1 304 Not Modified\r\ncontent-length: 1234\r\n\r\n',
    status: 304,
    sees: { 'content-length': '1234' },
    kept: true
  },
  // Interim responses
  '103': { target: early + ok, status: 200, text: 'ok', interim: [103], kept: true },
  '102 and 103 to a POST': {
    method: 'POST',
    body: 'x',
    target: `HTTP/1.1 102 Processing\r\n\r\n${early}${ok}`,
    status: 200,
    text: 'ok',
    interim: [102, 103],
    kept: true
  },
  '104, which is new': {
    target: `HTTP/1.1 104 Upload Resumption Supported\r\n\r\n${ok}`,
    status: 200,
    text: 'ok',
    interim: [104],
    kept: true
  },
  '103 to HTTP/1.0': { version: '1.0', target: early + ok, status: 200, text: 'ok', interim: [], kept: true },
  '103 with a length': {
    target: `HTTP/1.1 103 Early Hints\r\ncontent-length: 7\r\nlink: </a>\r\n\r\n${ok}`,
    status: 200,
    text: 'ok',
    interim: [103],
    kept: true
  },
  'sixty of 103': { target: early.repeat(60) + ok, status: 200, text: 'ok', interim: Array<number>(16).fill(103), kept: true },
  'more 103 than a response can need': { target: early.repeat(101) + ok, status: 502, interim: Array<number>(16).fill(103), kept: false },
  '100 that nobody asked for': { target: `HTTP/1.1 100 Continue\r\n\r\n${ok}`, status: 200, text: 'ok', interim: [], kept: true },
  '100 that nobody asked for, to a POST': {
    method: 'POST',
    body: 'x',
    target: `HTTP/1.1 100 Continue\r\n\r\n${ok}`,
    status: 200,
    text: 'ok',
    interim: [],
    kept: true
  },
  '100 twice, and 103': {
    target: `HTTP/1.1 100 Continue\r\nx: y\r\n\r\n${early}HTTP/1.1 100 Continue\r\n\r\n${ok}`,
    status: 200,
    text: 'ok',
    interim: [103],
    kept: true
  },
  '101 that nobody asked for': {
    target: 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
    status: 502,
    kept: false
  },
  // Trailers
  'three trailers': {
    fields: wanting,
    target: `${chunked}2\r\nok\r\n0\r\n${three}\r\n`,
    status: 200,
    text: 'ok',
    trailers: [['x-a', '1'], ['x-b', '2'], ['x-c', '3']],
    kept: true
  },
  'three trailers after nothing': {
    fields: wanting,
    target: `${chunked}0\r\n${three}\r\n`,
    status: 200,
    text: '',
    trailers: [['x-a', '1'], ['x-b', '2'], ['x-c', '3']],
    kept: true
  },
  'three trailers after much': {
    fields: wanting,
    target: `${chunked}30d40\r\n${'a'.repeat(200_000)}\r\n0\r\n${three}\r\n`,
    status: 200,
    text: 'a'.repeat(200_000),
    trailers: [['x-a', '1'], ['x-b', '2'], ['x-c', '3']],
    kept: true
  },
  'two trailers of one name': {
    fields: wanting,
    target: `${chunked}2\r\nok\r\n0\r\nX-A: 1\r\nX-A: 2\r\n\r\n`,
    status: 200,
    text: 'ok',
    trailers: [['x-a', '1'], ['x-a', '2']],
    kept: true
  },
  'trailers that nobody wants': { target: `${chunked}2\r\nok\r\n0\r\n${three}\r\n`, status: 200, text: 'ok', trailers: [], kept: true },
  'trailers for another coding': {
    fields: 'te: trailers-not, gzip\r\n',
    target: `${chunked}2\r\nok\r\n0\r\n${three}\r\n`,
    status: 200,
    text: 'ok',
    trailers: [],
    kept: true
  },
  'a length among the trailers': {
    fields: wanting,
    target: `${chunked}2\r\nok\r\n0\r\nContent-Length: 7\r\nX-A: 1\r\n\r\n`,
    status: 200,
    complete: false,
    kept: false
  },
  'a coding among the trailers': {
    fields: wanting,
    target: `${chunked}2\r\nok\r\n0\r\nTransfer-Encoding: gzip\r\nX-A: 1\r\n\r\n`,
    status: 200,
    text: 'ok',
    trailers: [['x-a', '1']],
    kept: false
  },
  'an upgrade among the trailers': {
    fields: wanting,
    target: `${chunked}2\r\nok\r\n0\r\nUpgrade: x\r\nX-A: 1\r\n\r\n`,
    status: 200,
    text: 'ok',
    trailers: [['x-a', '1']],
    kept: false
  },
  'Proxy-Connection among the trailers': {
    fields: wanting,
    target: `${chunked}2\r\nok\r\n0\r\nProxy-Connection: close\r\nX-A: 1\r\n\r\n`,
    status: 200,
    text: 'ok',
    trailers: [['x-a', '1']],
    kept: false
  },
  'Connection alone among the trailers': {
    fields: wanting,
    target: `${chunked}2\r\nok\r\n0\r\nConnection: close\r\n\r\n`,
    status: 200,
    text: 'ok',
    trailers: [],
    kept: false
  },
  'a trailer whose value is the name of a field that frames': {
    fields: wanting,
    target: `${chunked}2\r\nok\r\n0\r\nX-A: upgrade\r\n\r\n`,
    status: 200,
    text: 'ok',
    trailers: [['x-a', 'upgrade']],
    kept: true
  },
  'trailers that would change the message': {
    fields: wanting,
    target: `${chunked}2\r\nok\r\n0\r\nSet-Cookie: a=b\r\nCache-Control: public\r\nConnection: close\r\nVia: 1.1 x\r\nX-A: 1\r\n\r\n`,
    status: 200,
    text: 'ok',
    trailers: [['x-a', '1']],
    kept: false
  },
  'trailers that the route removes': {
    fields: wanting,
    target: `${chunked}2\r\nok\r\n0\r\nX-Secret: 1\r\nX-A: 1\r\n\r\n`,
    status: 200,
    text: 'ok',
    trailers: [['x-a', '1']],
    kept: true
  },
  'trailers to HTTP/1.0': {
    version: '1.0',
    fields: wanting,
    target: `${chunked}2\r\nok\r\n0\r\n${three}\r\n`,
    status: 200,
    text: 'ok',
    trailers: [],
    kept: true
  },
  'trailers to a HEAD': { method: 'HEAD', fields: wanting, target: chunked, status: 200, trailers: [], kept: true }
}

async function gatewayTo (t: TestContext, url: string, more = ''): Promise<TestGateway> {
  return await startGateway(t, `
upstreams:
  back: { targets: ['${url}'], retry: { attempts: 1 }, circuitBreaker: { failures: 1, openFor: 1ms } ${more} }
routes: [{ path: '/*', upstream: back, responseHeaders: { remove: [x-secret] } }]
`)
}

async function read (t: TestContext, gateway: TestGateway, { method = 'GET', version = '1.1', fields = '', body }: Row): Promise<Answers> {
  const socket = await open(t, gateway.url)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const framing = body === undefined ? '' : `content-length: ${body.length}\r\n`
  socket.write(`${method} /row HTTP/${version}\r\nhost: a\r\nconnection: close\r\n${fields}${framing}\r\n${body ?? ''}`)
  await once(socket, 'close')
  return readAnswers(Buffer.concat(chunks).toString('latin1'), [method], true)
}

for (const [name, row] of Object.entries(table)) {
  test(`a target may send ${name}`, async t => {
    let connections = 0
    const target = await startRawTarget(t, socket => {
      connections++
      socket.on('data', data => {
        const isRow = data.toString('latin1').includes(' /row ')
        socket.write(isRow ? row.target.replace('<end>', '') : 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnext')
        if (isRow && row.target.endsWith('<end>')) socket.end()
      })
    })
    const gateway = await gatewayTo(t, target.url)
    const { final, interim, faults } = await read(t, gateway, row)
    assert.deepEqual(faults, [])
    assert.equal(final.length, 1)
    const { status, body, complete, fields, trailers } = final[0]!
    assert.deepEqual([status, complete], [row.status, row.complete ?? true])
    if (row.text !== undefined) assert.equal(body, row.text)
    if (row.interim !== undefined) assert.deepEqual(interim.map(({ status: one }) => one), row.interim)
    for (const { status: one, fields: hints } of interim) {
      if (one === 103) assert.ok(hints.every(([key]) => key === 'link') && hints.length > 0, JSON.stringify(hints))
    }
    for (const [key, value] of Object.entries(row.sees ?? {})) assert.equal(fields.find(([field]) => field === key)?.[1], value, key)
    if (row.trailers !== undefined) assert.deepEqual(trailers, row.trailers)
    assert.equal((await send(gateway.url, '/next')).text, 'next')
    assert.equal(connections, row.kept ? 1 : 2)
  })
}

test('an unrequested 100 does not count against the target', async t => {
  const target = await startRawTarget(t, socket => socket.on('data', () => socket.write(`HTTP/1.1 100 Continue\r\n\r\n${ok}`)))
  const gateway = await gatewayTo(t, target.url)
  for (let count = 0; count < 3; count++) assert.equal((await send(gateway.url, '/row')).text, 'ok')
  assert.match((await send(gateway.admin, '/metrics')).text, /^gateway_upstream_attempts_total\{.*outcome="success".*\} 3$/m)
})

test('103 is passed on when it comes, and not with the response', async t => {
  let go = (): void => {}
  const target = await startRawTarget(t, socket => socket.once('data', () => {
    socket.write(early)
    go = () => socket.write(ok)
  }))
  const gateway = await gatewayTo(t, target.url)
  const socket = await open(t, gateway.url)
  socket.write('GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  const [first] = await once(socket, 'data') as [Buffer]
  assert.match(first.toString(), /^HTTP\/1\.1 103 /)
  go()
  const [second] = await once(socket, 'data') as [Buffer]
  assert.match(second.toString(), /^HTTP\/1\.1 200 /)
})

test('interim responses that a client does not take are left out, and its response comes all the same', async t => {
  let first: Socket | undefined
  const sent = Promise.withResolvers<void>()
  const target = await startRawTarget(t, socket => socket.once('data', data => {
    if (data.toString().includes(' /first ')) { first = socket; return }
    // Its client takes nothing before the response to the first request is there.
    const long = early.replace('a.css', 'a'.repeat(6000))
    socket.write(long.repeat(10) + ok, () => sent.resolve())
  }))
  const gateway = await gatewayTo(t, target.url)
  const socket = await open(t, gateway.url)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.write('GET /first HTTP/1.1\r\nhost: a\r\n\r\nGET /second HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  await sent.promise
  const active = async (): Promise<number> => (JSON.parse((await send(
    gateway.admin,
    '/upstreams'
  )).text) as { targets: { active: number }[] }[])[0]!.targets[0]!.active
  while (first === undefined || await active() !== 1);
  first.write(ok)
  await once(socket, 'close')
  const { final, interim } = readAnswers(Buffer.concat(chunks).toString('latin1'), ['GET', 'GET'], true)
  assert.deepEqual(final.map(({ status, body }) => [status, body]), [[200, 'ok'], [200, 'ok']])
  // 16 KiB may wait.
  assert.equal(interim.length, 3)
})

test('the length of a response with trailers is that of its bytes, whatever a plugin has said before', async t => {
  const target = await startRawTarget(t, socket => socket.on('data', () => socket.write(`${chunked}2\r\nok\r\n0\r\nx-a: 1\r\n\r\n`)))
  const gateway = await startGateway(t, `
policies: { claim: { plugin: ./claim.ts } }
routes: [{ path: '/*', target: '${target.url}', policies: [claim] }]
`, { files: { 'claim.ts': `import fp from '${import.meta.resolve('fastify-plugin')}'
export default fp(async app => { app.addHook('onRequest', async (request, reply) => { reply.header('content-length', '7') }) })
` } })
  const answer = await send(gateway.url, '/', { headers: { te: 'trailers' } })
  assert.deepEqual([answer.text, answer.headers['content-length']], ['ok', '2'])
})

for (const [length, sent] of [[10, 3], [200_000, 190_000]] as const) {
  test(`a client that leaves ${length - sent} of ${length} bytes unread does not cost the connection to the target`, async t => {
    let connections = 0
    let go = (): void => {}
    const target = await startRawTarget(t, socket => {
      connections++
      socket.on('data', data => {
        if (!data.toString().includes(' /slow ')) { socket.write(ok); return }
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n${'a'.repeat(sent)}`)
        go = () => socket.write('b'.repeat(length - sent))
      })
    })
    const gateway = await gatewayTo(t, target.url, ', connections: { max: 1 }')
    for (let count = 0; count < 10; count++) {
      const socket = await open(t, gateway.url)
      socket.write('GET /slow HTTP/1.1\r\nhost: a\r\n\r\n')
      while (socket.bytesRead < sent) await once(socket, 'data')
      socket.destroy()
      await gateway.logged(
        line => line['msg'] === 'request completed' && gateway.logs.filter(({ msg }) => msg === 'request completed').length > count * 2
      )
      go()
      assert.equal((await send(gateway.url, '/next')).text, 'ok')
    }
    assert.equal(connections, 1)
  })
}

test('a larger head than usual is taken where the file says so', async t => {
  const target = await startRawTarget(
    t,
    socket => socket.on('data', () => socket.write(`HTTP/1.1 200 OK\r\nx-long: ${'a'.repeat(100_000)}\r\ncontent-length: 2\r\n\r\nok`))
  )
  const careful = await gatewayTo(t, target.url)
  assert.equal((await send(careful.url, '/row')).status, 502)
  const generous = await gatewayTo(t, target.url, ', connections: { responseHeaders: 256kib }')
  const socket = await open(t, generous.url)
  socket.write('GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(socket, 'close')
  assert.match(Buffer.concat(chunks).toString(), /^HTTP\/1\.1 200 OK[^]*x-long: a{100000}\r\n[^]*ok$/)
})

test('a head reaches the client before any of its body where a plugin looks at responses, too', async t => {
  const target = await startRawTarget(
    t,
    socket => socket.once(
      'data',
      () => socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n')
    )
  )
  const gateway = await startGateway(t, `
policies: { look: { plugin: ./look.ts } }
routes:
  - { path: '/*', target: '${target.url}' }
  - { path: /seen, target: '${target.url}', policies: [look] }
`, { files: { 'look.ts': `import fp from '${import.meta.resolve('fastify-plugin')}'
export default fp(async app => { app.addHook('onSend', async (request, reply) => { reply.header('x-seen', 'yes') }) })
` } })
  for (const path of ['/', '/seen']) {
    const message = await headOf(begin(gateway.url, path).end())
    assert.deepEqual(
      [message.statusCode, message.headers['content-type'], message.headers['x-seen']],
      [200, 'text/event-stream', path === '/' ? undefined : 'yes']
    )
    message.destroy()
  }
})
