/** WebSockets that are refused: by the gateway before the chain, by a policy, by the rules of the route, or by the service. */

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { exchangeBytes, open, readAnswer } from '../helpers/raw.ts'
import { freePort, startTarget } from '../helpers/target.ts'
import { closed, refusal, startTalking, talk } from '../helpers/websocket.ts'

const asking = {
  connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA=='
}

async function textOf (response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return text
}

const key = 'secret-key-of-ada-000000000000000'
const hash = `sha256:${createHash('sha256').update(key).digest('hex')}`

const codeOf = async (response: IncomingMessage): Promise<[number | undefined, unknown]> =>
  [response.statusCode, (JSON.parse(await textOf(response)) as { code: unknown }).code]

test('a handshake that is not valid is refused before any policy and any service', async t => {
  const target = await startTarget(t)
  const { url } = await startGateway(t, `
policies: { login: { plugin: jwt-auth, secret: '0123456789abcdef0123456789abcdef', algorithms: [HS256] } }
routes: [{ path: /chat, target: '${target.url}', policies: [login] }]
`)
  for (const [headers, status, code] of [
    [{ ...asking, 'sec-websocket-key': 'short' }, 400, 'bad-websocket-handshake'],
    [{ ...asking, 'content-length': '2' }, 400, 'bad-websocket-handshake'],
    [{ ...asking, 'sec-websocket-version': '8' }, 426, 'websocket-version']
  ] as const) {
    const answer = await send(url, '/chat', { headers, ...('content-length' in headers ? { body: 'ab' } : {}) })
    assert.deepEqual([answer.status, (JSON.parse(answer.text) as { code: string }).code], [status, code])
    assert.equal(answer.headers['sec-websocket-version'], status === 426 ? '13' : undefined)
  }
  assert.equal(target.hits.length, 0)
})

test('other upgrades, and WebSockets that are not asked for with GET, are ordinary requests without the field', async t => {
  const target = await startTarget(t)
  const { url } = await startGateway(t, `routes: [{ path: /chat, target: '${target.url}' }]`)
  for (const request of [
    'GET /chat HTTP/1.1\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nConnection: Upgrade, HTTP2-Settings, close\r\n',
    'GET /chat HTTP/1.1\r\nUpgrade: websocket, h2c\r\nConnection: Upgrade, close\r\n',
    'POST /chat HTTP/1.1\r\nUpgrade: websocket\r\nContent-Length: 0\r\nConnection: Upgrade, close\r\n',
    'GET /chat HTTP/1.1\r\nUpgrade: websocket\r\nConnection: close\r\n'
  ]) {
    const { status } = await exchangeBytes(t, url, `${request}Host: a\r\n\r\n`)
    assert.equal(status, 200, request)
    assert.deepEqual([target.hits.at(-1)!.headers.upgrade, target.hits.at(-1)!.headers['http2-settings']], [undefined, undefined])
  }
})

test('a policy refuses a WebSocket like any request, with a real response, and lets it through with a credential', async t => {
  const service = await startTalking(t)
  const { url, logged } = await startGateway(t, `
policies:
  login: { plugin: api-key, keys: [{ consumer: ada, hash: '${hash}' }] }
  few: { plugin: rate-limiting, limit: 2/h }
routes: [{ path: /chat, target: '${service.url}', policies: [login, few] }]
`)
  assert.deepEqual(await codeOf(await refusal(t, url, '/chat')), [401, 'missing-token'])
  const headers = { 'x-api-key': key }
  for (let count = 0; count < 2; count++) await talk(t, url, '/chat', { headers })
  assert.deepEqual(await codeOf(await refusal(t, url, '/chat', { headers })), [429, 'rate-limited'])
  assert.equal(service.requests.length, 2)
  assert.equal((await logged(({ status }) => status === 401))['code'], 'missing-token')
})

test('a route may refuse WebSockets, and pages of other origins', async t => {
  const service = await startTalking(t)
  const { url } = await startGateway(t, `
routes:
  - { path: /none, target: '${service.url}', websocket: false }
  - { path: /chat, target: '${service.url}', websocket: { origins: ['https://shop.example'] } }
  - { path: /plain, respond: { text: hello } }
`)
  assert.deepEqual(await codeOf(await refusal(t, url, '/none')), [403, 'websocket-refused'])
  assert.deepEqual(await codeOf(await refusal(t, url, '/chat', { origin: 'https://evil.example' })), [403, 'origin-refused'])
  await talk(t, url, '/chat', { origin: 'https://shop.example' })
  await talk(t, url, '/chat')
  const plain = await refusal(t, url, '/plain')
  assert.deepEqual([plain.statusCode, await textOf(plain)], [200, 'hello'])
})

test('a client has as many as it may, over reloads too, and gets its place back', async t => {
  const service = await startTalking(t)
  const yaml = (name: string): string => `
routes:
  - path: /chat
    target: '${service.url}'
    websocket: { perClient: { limit: 2, key: 'header:x-user' } }
    responseHeaders: { set: { x: ${name} } }
`
  const { url, gateway, write } = await startGateway(t, yaml('a'))
  const headers = { 'x-user': 'ada' }
  const first = await talk(t, url, '/chat', { headers })
  write(yaml('b'))
  assert.ok((await gateway.reload('test')).ok)
  await talk(t, url, '/chat', { headers })
  assert.deepEqual(await codeOf(await refusal(t, url, '/chat', { headers })), [429, 'too-many-websockets'])
  await talk(t, url, '/chat', { headers: { 'x-user': 'bob' } })
  first.close()
  await closed(first)
  await talk(t, url, '/chat', { headers })
})

test('the refusal of a service reaches the client with status and body', async t => {
  const target = await startTarget(t, (_request, response) => response.writeHead(404, { 'x-why': 'no room' }).end('no such room'))
  const { url } = await startGateway(t, `routes: [{ path: /chat, target: '${target.url}' }]`)
  const response = await refusal(t, url, '/chat')
  assert.deepEqual([response.statusCode, response.headers['x-why'], await textOf(response)], [404, 'no room', 'no such room'])
})

test('a target that cannot be reached is passed over, and one that accepts falsely is a 502', async t => {
  const service = await startTalking(t)
  const liar = await startTarget(t, (request, response) => {
    response.shouldKeepAlive = false
    request.socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n')
  })
  const { url } = await startGateway(t, `
upstreams:
  chat: { targets: ['http://127.0.0.1:${await freePort()}', '${service.url}'], retry: { attempts: 2 } }
  liar: { targets: ['${liar.url}'], retry: { attempts: 1 } }
routes: [{ path: /chat, upstream: chat }, { path: /liar, upstream: liar }]
`)
  for (let count = 0; count < 4; count++) await talk(t, url, '/chat')
  assert.deepEqual(await codeOf(await refusal(t, url, '/liar')), [502, 'malformed-response'])
})

test('a WebSocket that is pipelined behind a request is served without the upgrade', async t => {
  const target = await startTarget(t)
  const { url } = await startGateway(t, `routes: [{ path: /chat, target: '${target.url}' }]`)
  const socket = await open(t, url)
  const fields = Object.entries({ ...asking, connection: 'Upgrade, close', host: 'a' })
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.write(`GET /chat HTTP/1.1\r\nhost: a\r\n\r\nGET /chat HTTP/1.1\r\n${lines}\r\n`)
  let received = ''
  for await (const chunk of socket) received += String(chunk)
  assert.equal(received.split('HTTP/1.1 200 OK').length - 1, 2)
  assert.equal(readAnswer(Buffer.from(received)).status, 200)
})

test('explain says that a request would become a WebSocket', async t => {
  const { gateway } = await startGateway(t, `
upstreams: { chat: { targets: ['http://127.0.0.1:1'] } }
routes: [{ path: /chat, upstream: chat, websocket: { origins: ['https://shop.example'], perClient: { limit: 1 } } }]
`)
  const explain = async (headers: Record<string, string>) => await gateway.explain({ method: 'GET', url: '/chat', headers })
  const { decisions, outcome } = await explain({ upgrade: 'websocket', connection: 'upgrade' })
  assert.deepEqual(decisions.filter(({ by }) => by === 'proxying').map(({ verdict }) => verdict), ['allowed', 'tunnel'])
  assert.deepEqual([outcome.status, outcome.upstream], [101, 'chat'])
  const refused = await explain({ upgrade: 'websocket', connection: 'upgrade', origin: 'https://evil.example' })
  assert.deepEqual([refused.outcome.status, refused.outcome.code], [403, 'origin-refused'])
  assert.equal((await explain({})).outcome.status, 200)
})
