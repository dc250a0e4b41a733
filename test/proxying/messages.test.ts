/** Responses of every legal shape pass, and one that breaks off never looks complete. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { answerTo, begin, headOf, readWhole, send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { exchangeBytes, open, readAnswer } from '../helpers/raw.ts'
import { answering, startRawTarget, startService } from '../helpers/target.ts'

async function gatewayBefore (t: TestContext, bytes: string, closing = true): Promise<TestGateway> {
  const target = await startRawTarget(t, answering(bytes, closing))
  return await gatewayTo(t, target.url)
}

async function gatewayTo (t: TestContext, url: string): Promise<TestGateway> {
  return await startGateway(t, `
upstreams:
  back: { targets: ['${url}'], retry: { attempts: 1 } }
routes: [{ path: '/*', upstream: back }]
`)
}

const get = 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n'

for (const closing of [true, false]) {
  test(`a 304 may declare the length of what was not sent, ${closing ? 'and close' : 'and keep the connection'}`, async t => {
    const gateway = await gatewayBefore(t, 'HTTP/1.1 304 Not Modified\r\netag: "x"\r\ncontent-length: 1234\r\n\r\n', closing)
    const answer = await exchangeBytes(t, gateway.url, get)
    assert.deepEqual([answer.status, answer.headers['etag'], answer.body.length], [304, ['"x"'], 0])
    const line = await gateway.logged(({ msg }) => msg === 'request completed')
    assert.equal(line['code'], undefined)
  })
}

test('a 304 and a 204 without any length pass', async t => {
  for (const status of ['304 Not Modified', '204 No Content']) {
    const gateway = await gatewayBefore(t, `HTTP/1.1 ${status}\r\nx-a: b\r\n\r\n`, false)
    const answer = await exchangeBytes(t, gateway.url, get)
    assert.deepEqual([answer.status, answer.headers['x-a'], answer.body.length], [Number(status.slice(0, 3)), ['b'], 0])
  }
})

test('a 204 with bytes after it stays a 204 without a body', async t => {
  const gateway = await gatewayBefore(t, 'HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\nhello', false)
  const answer = await exchangeBytes(t, gateway.url, get)
  assert.deepEqual([answer.status, answer.body.length], [204, 0])
})

test('the answer to a HEAD keeps the length that a GET would have', async t => {
  const gateway = await gatewayBefore(t, 'HTTP/1.1 200 OK\r\ncontent-type: text/x\r\ncontent-length: 1234\r\n\r\n', false)
  const answer = await exchangeBytes(t, gateway.url, get.replace('GET', 'HEAD'))
  assert.deepEqual(
    [answer.status, answer.headers['content-length'], answer.headers['content-type'], answer.body.length],
    [200, ['1234'], ['text/x'], 0]
  )
})

test('statuses of every kind and 5xx bodies pass unchanged', async t => {
  const target = await startService(
    t,
    (request, response) => { response.statusCode = Number(request.url!.slice(1)); response.end(`own ${request.url}`) }
  )
  const gateway = await gatewayTo(t, target.url)
  for (const status of [200, 201, 202, 299, 300, 400, 401, 404, 409, 418, 429, 451, 499, 500, 501, 502, 503, 504, 599]) {
    const answer = await send(gateway.url, `/${status}`)
    assert.deepEqual([answer.status, answer.text], [status, `own /${status}`])
  }
})

test('a redirect is the client\'s to follow, and one to the target leads through the gateway', async t => {
  const target = await startService(t, (request, response) => {
    const to = request.url === '/away' ? 'https://example.com/x?y' : request.url === '/relative' ? 'next?a=b' : `${target.url}/inside?a=%2F`
    response.writeHead(302, { location: to, 'content-location': to }).end()
  })
  const gateway = await startGateway(t, `routes: [{ path: '/api/*', target: ${target.url}, stripPrefix: /api }]`)
  const away = await send(gateway.url, '/api/away')
  assert.deepEqual([away.status, away.headers.location], [302, 'https://example.com/x?y'])
  assert.equal((await send(gateway.url, '/api/relative')).headers.location, 'next?a=b')
  const inside = await send(gateway.url, '/api/back')
  assert.deepEqual([inside.headers.location, inside.headers['content-location']], ['/api/inside?a=%2F', '/api/inside?a=%2F'])
})

const cuts = {
  'by length': 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc',
  'in chunks': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n',
  'in a chunk': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8\r\nabc',
  'by a chunk that is none': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\nxyz\r\n'
}

for (const [what, bytes] of Object.entries(cuts)) {
  for (const ending of ['closed', 'reset'] as const) {
    test(`a response cut ${what} and ${ending} is cut for the client too`, async t => {
      const target = await startRawTarget(t, socket => socket.once('data', () => {
        socket.write(bytes, () => { if (ending === 'closed') socket.end() })
        // Gone only when the client has seen the beginning, so that there is a response to cut.
        if (ending === 'reset') reset = () => { if (!socket.writableEnded) socket.resetAndDestroy() }
      }))
      let reset = (): void => {}
      const gateway = await gatewayTo(t, target.url)
      const response = begin(gateway.url, '/').end()
      const head = headOf(response)
      const whole = answerTo(response)
      void head.then(async message => { await once(message, 'data'); reset() })
      const { status, text, complete } = await whole
      assert.deepEqual([status, complete], [200, false])
      assert.ok('abc'.startsWith(text))
      const line = await gateway.logged(({ msg }) => msg === 'request completed')
      assert.deepEqual([line['code'], line['fault'], line['level']], ['response-cut', 'upstream', 'warn'])
    })
  }

  test(`a response cut ${what} is no complete message for a client that reads bytes`, async t => {
    const gateway = await gatewayBefore(t, bytes)
    const { status, head, body } = await exchangeBytes(t, gateway.url, get)
    assert.equal(status, 200)
    assert.match(head, /^transfer-encoding: chunked|^content-length: 10/mi)
    assert.ok(body.length < 10)
  })
}

for (const framing of ['content-length: 10', 'transfer-encoding: chunked']) {
  test(`status line and headers (${framing}) reach the client before the body, and a cut then is a cut for the client`, async t => {
    const target = await startRawTarget(t, socket => socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\n${framing}\r\netag: "x"\r\n\r\n`)
      cut = () => socket.destroy()
    }))
    let cut = (): void => {}
    const gateway = await gatewayTo(t, target.url)
    const message = await headOf(begin(gateway.url, '/').end())
    assert.equal(message.headers.etag, '"x"')
    cut()
    const { status, body, complete } = await readWhole(message)
    assert.deepEqual([status, body.length, complete], [200, 0, false])
    const line = await gateway.logged(({ msg }) => msg === 'request completed')
    assert.deepEqual([line['code'], line['fault']], ['response-cut', 'upstream'])
  })
}

test('after a response with Connection: close the next request goes to a new connection', async t => {
  let connections = 0
  const target = await startRawTarget(
    t,
    socket => { connections++; answering('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok')(socket) }
  )
  const gateway = await gatewayTo(t, target.url)
  for (const _ of [1, 2, 3]) assert.equal((await send(gateway.url, '/', { method: 'POST', body: 'x' })).text, 'ok')
  assert.equal(connections, 3)
})

test('bytes after a response never become the response to another request', async t => {
  const target = await startRawTarget(
    t,
    answering('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\npoison', false)
  )
  const gateway = await gatewayTo(t, target.url)
  for (let count = 0; count < 5; count++) assert.notEqual((await send(gateway.url, '/')).text, 'poison')
})

test('a response that comes before the upload is read reaches a client that is still sending', async t => {
  const target = await startService(t, (_request, response) => { response.writeHead(413, { 'x-of': 'target' }).end('too much for me') })
  const gateway = await gatewayTo(t, target.url)
  for (const framing of [{ 'content-length': 8_000_000 }, { 'transfer-encoding': 'chunked' }]) {
    const upload = begin(gateway.url, '/', { method: 'POST', headers: framing })
    const answer = answerTo(upload)
    const piece = Buffer.alloc(100_000)
    for (let sent = 0; sent < 80; sent++) upload.write(piece)
    upload.end()
    const { status, text, complete } = await answer
    assert.deepEqual([status, text, complete], [413, 'too much for me', true])
  }
})

test('two Content-Types of a target do not bring the gateway down', async t => {
  const gateway = await gatewayBefore(
    t,
    'HTTP/1.1 200 OK\r\ncontent-type: text/a\r\ncontent-type: text/b\r\ncontent-length: 2\r\n\r\nok',
    false
  )
  const { status, text, headers } = await send(gateway.url, '/')
  assert.deepEqual([status, text, headers['content-type']], [200, 'ok', 'text/b'])
})

test('bytes beyond ASCII in fields pass both ways unchanged', async t => {
  const received: Buffer[] = []
  const target = await startRawTarget(t, socket => socket.on('data', (chunk: Buffer) => {
    received.push(chunk)
    socket.write(
      'HTTP/1.1 200 OK\r\nx-name: M\xfcller \xc3\xa9\r\ncontent-disposition: attachment; filename="\xc3\xa9"\r\ncontent-length: ' +
        '2\r\n\r\nok',
      'latin1'
    )
  }))
  const gateway = await gatewayTo(t, target.url)
  const answer = await exchangeBytes(t, gateway.url, Buffer.from(get.replace('host: a', 'host: a\r\nx-name: M\xfcller \xc3\xa9'), 'latin1'))
  assert.deepEqual(
    [answer.headers['x-name'], answer.headers['content-disposition']],
    [['M\xfcller \xc3\xa9'], ['attachment; filename="\xc3\xa9"']]
  )
  assert.ok(Buffer.concat(received).toString('latin1').includes('x-name: M\xfcller \xc3\xa9\r\n'))
})

test('pipelined requests get responses in their order', async t => {
  const target = await startService(t, (request, response) => response.end(request.url))
  const gateway = await gatewayTo(t, target.url)
  const socket = await open(t, gateway.url)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.write('GET /one HTTP/1.1\r\nhost: a\r\n\r\nGET /two HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  await once(socket, 'close')
  const text = Buffer.concat(chunks).toString()
  assert.equal(readAnswer(Buffer.concat(chunks)).status, 200)
  assert.ok(text.indexOf('/one') > 0 && text.indexOf('/one') < text.indexOf('/two'))
})

for (const behind of [0, 1]) {
  test(`a pipelined response that breaks early ends the connection in its place, before ${behind} further requests`, async t => {
    const broke = Promise.withResolvers<void>()
    const target = await startService(t, (request, response) => {
      if (request.url === '/good') {
        void broke.promise.then(() => response.end('good'))
        return
      }
      response.socket!.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\nno hexadecimal\r\n')
    })
    const gateway = await gatewayTo(t, target.url)
    const socket = await open(t, gateway.url)
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    const good = 'GET /good HTTP/1.1\r\nhost: a\r\n\r\n'
    socket.write(`${good}GET /broken HTTP/1.1\r\nhost: a\r\n\r\n${good.repeat(behind)}`)
    await gateway.logged(({ path, code }) => path === '/broken' && code === 'response-cut')
    broke.resolve()
    await once(socket, 'close')
    const text = Buffer.concat(chunks).toString()
    assert.match(text, /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\ngood/)
    assert.doesNotMatch(text, /\r\n0\r\n\r\n/)
    assert.equal(text.split('good').length, 2)
  })
}
