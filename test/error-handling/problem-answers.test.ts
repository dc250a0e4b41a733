/** What a client gets, and what the log says, when something goes wrong. */

import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test, type TestContext } from 'node:test'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { exchangeBytes, open, readAnswer } from '../helpers/raw.ts'
import { freePort, startRawTarget, startTarget } from '../helpers/target.ts'

/** Throws what `x-throw` names. */
const thrower = `export default async function (app) {
  const kinds = {
    teapot: () => Object.assign(new Error('teapots only'), { statusCode: 418 }),
    down: () => Object.assign(new Error('db at 10.0.0.3 is down'), { statusCode: 503 }),
    bug: () => new Error('outer', { cause: new Error('inner') }),
    text: () => 'just text',
    limited: () => Object.assign(new Error('too fast'), { statusCode: 429 })
  }
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-policy', 'kept').header('retry-after', '9').header('etag', '"of nothing"')
    throw kinds[request.headers['x-throw']]()
  })
}`

async function throwing (t: TestContext): Promise<TestGateway> {
  return await startGateway(
    t,
    'policies: { boom: { plugin: ./boom.mjs } }\nroutes: [{ path: /*, policies: [boom], respond: { status: 200 } }]',
    { files: { 'boom.mjs': thrower } }
  )
}

async function problemOf (answer: Response): Promise<Record<string, unknown>> {
  assert.equal(answer.headers.get('content-type'), 'application/problem+json')
  return await answer.json() as Record<string, unknown>
}

test('an error of a plugin with a 4xx status is a problem document with that status', async t => {
  const { url } = await throwing(t)
  const answer = await fetch(url, { headers: { 'x-throw': 'teapot', 'x-request-id': 'r-1' } })
  assert.equal(answer.status, 418)
  assert.deepEqual(await problemOf(answer), {
    type: 'urn:onedoor:error:rejected', title: 'rejected', status: 418, code: 'rejected', requestId: 'r-1'
  })
  assert.equal(answer.headers.get('proxy-status'), 'onedoor; error=http_request_denied')
  assert.equal(answer.headers.get('x-request-id'), 'r-1')
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assert.ok(answer.headers.get('date'))
})

test('the message of an error of a plugin is in the log with its causes and not in the response', async t => {
  const { url, logged } = await throwing(t)
  const answer = await fetch(url, { headers: { 'x-throw': 'bug' } })
  assert.equal(answer.status, 500)
  const { detail, code } = await problemOf(answer)
  assert.deepEqual([code, detail], ['plugin-error', undefined])
  const line = await logged(({ msg }) => msg === 'request failed')
  assert.deepEqual([line['level'], line['code'], line['fault']], ['error', 'plugin-error', 'plugin'])
  assert.match((line['err'] as { stack: string }).stack, /outer[^]*caused by[^]*inner/)
})

test('a plugin that says 503 gets 503, and its message stays inside', async t => {
  const { url } = await throwing(t)
  const answer = await fetch(url, { headers: { 'x-throw': 'down' } })
  assert.equal(answer.status, 503)
  assert.doesNotMatch(await answer.text(), /10\.0\.0\.3/)
})

test('thrown text is an error of the plugin', async t => {
  const { url } = await throwing(t)
  const answer = await fetch(url, { headers: { 'x-throw': 'text' } })
  assert.equal(answer.status, 500)
  assert.equal((await problemOf(answer))['code'], 'plugin-error')
})

test('what policies say about a refusal stays on it, what speaks of other content does not', async t => {
  const { url } = await throwing(t)
  const { headers } = await fetch(url, { headers: { 'x-throw': 'limited' } })
  assert.deepEqual([headers.get('x-policy'), headers.get('retry-after'), headers.get('etag')], ['kept', '9', null])
})

test('a problem has no body for HEAD', async t => {
  const { url } = await throwing(t)
  const { status, body, headers } = await exchangeBytes(
    t,
    url,
    'HEAD / HTTP/1.1\r\nhost: a\r\nx-throw: teapot\r\nconnection: close\r\n\r\n'
  )
  assert.equal(status, 418)
  assert.deepEqual(headers['content-type'], ['application/problem+json'])
  assert.equal(body.length, 0)
})

test('a target that refuses is a 502 that says so, logged as a warning with the cause', async t => {
  const { url, logged } = await startGateway(t, `routes: [{ path: /*, target: "http://127.0.0.1:${await freePort()}" }]`)
  const answer = await fetch(url)
  assert.equal(answer.status, 502)
  assert.equal(answer.headers.get('proxy-status'), 'onedoor; error=connection_refused')
  const line = await logged(({ msg }) => msg === 'request failed')
  assert.deepEqual([line['level'], line['code'], (line['err'] as { code: string }).code], ['warn', 'connection-refused', 'ECONNREFUSED'])
})

test('what a client does wrong is not a line of its own in the log', async t => {
  const { url, logged, logs } = await startGateway(t, 'routes: [{ path: /a, respond: { status: 200 } }]')
  assert.equal((await fetch(`${url}/b`)).status, 404)
  await logged(({ msg }) => msg === 'request completed')
  assert.deepEqual(logs.filter(({ msg }) => msg === 'request failed'), [])
})

test('nothing of a response that a plugin fails on leaks into the problem', async t => {
  const target = await startRawTarget(t, socket => {
    socket.once('data', () => {
      socket.write(
        'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\nset-cookie: a=b\r\netag: ' +
          '"1"\r\nlast-modified: Sat, 21 Nov 2026 00:00:00 GMT\r\n\r\nok'
      )
    })
  })
  const { url } = await startGateway(t, `
policies: { broken: { plugin: ./broken.mjs } }
routes: [{ path: /*, target: "${target.url}", policies: [broken] }]
`, {
    files: {
      'broken.mjs': `export default async app => {
        app.addHook("onSend", async (_request, reply) => { if (reply.statusCode === 200) throw new Error("broken") })
      }`
    }
  })
  const { status, headers, text } = await exchangeBytes(t, url, 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  assert.equal(status, 500)
  for (const name of ['content-encoding', 'set-cookie', 'etag', 'last-modified', 'transfer-encoding']) {
    assert.equal(headers[name], undefined, name)
  }
  assert.deepEqual(headers['content-length'], [String(text.length)])
  assert.equal(headers['date']?.length, 1)
  assert.equal(JSON.parse(text).code, 'plugin-error')
})

test('a small unread body does not close the client\'s connection', async t => {
  const { url } = await startGateway(t, 'routes: [{ path: /a, respond: { status: 200 } }]')
  const socket = await open(t, url)
  const chunks: Buffer[] = []
  socket.on('data', chunk => chunks.push(chunk))
  socket.write('POST /nope HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhelloGET /a HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  await new Promise(resolve => socket.once('close', resolve))
  assert.deepEqual(Buffer.concat(chunks).toString().match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 404', 'HTTP/1.1 200'])
})

for (const [what, head] of [
  ['too long to throw away', 'content-length: 10000000'],
  ['of unknown length', 'transfer-encoding: chunked'],
  ['that may never come', 'content-length: 5\r\nexpect: 100-continue']
] as const) {
  test(`an unread body ${what} ends the connection`, async t => {
    const { url } = await startGateway(t, 'routes: [{ path: /a, respond: { status: 200 } }]')
    const { port } = new URL(url)
    const socket = connect(Number(port), '127.0.0.1')
    t.after(() => socket.destroy())
    socket.on('error', () => {})
    socket.write(`POST /nope HTTP/1.1\r\nhost: a\r\n${head}\r\n\r\n`)
    const chunks: Buffer[] = []
    socket.on('data', chunk => chunks.push(chunk))
    await new Promise(resolve => socket.once('close', resolve))
    const { status, headers } = readAnswer(Buffer.concat(chunks))
    assert.equal(status, 404)
    assert.deepEqual(headers['connection'], ['close'])
  })
}

test('a service\'s own 5xx is passed on unchanged', async t => {
  const target = await startTarget(t, (_request, response) => { response.writeHead(500, { 'content-type': 'text/plain' }).end('mine') })
  const { url } = await startGateway(t, `routes: [{ path: /*, target: "${target.url}" }]`)
  const answer = await fetch(url)
  assert.deepEqual([answer.status, await answer.text(), answer.headers.get('proxy-status')], [500, 'mine', null])
})
