/** A request without a listener takes the same way as one from the network. */

import assert from 'node:assert/strict'
import test from 'node:test'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startRawTarget, startTarget, answering } from '../helpers/target.ts'

/** Fields that differ from one response to the next. */
const volatile = ['date', 'x-request-id', 'connection', 'keep-alive']

test('an injected request and one from the network get the same response', async t => {
  const target = await startTarget(t, (request, response, { body }) => {
    response.writeHead(201, { 'x-own': ['a', 'b'], 'content-type': 'application/octet-stream' })
    response.end(request.method === 'POST' ? body : Buffer.alloc(request.url === '/api/big' ? 3_000_000 : 10, 7))
  })
  const door = await startGateway(t, `
policies:
  limit: { plugin: rate-limiting, limit: 1/h, key: ip, burst: 1 }
routes:
  - { path: /api/*, target: ${target.url} }
  - { path: /text, respond: { text: hello } }
  - { path: /json, respond: { json: { a: [1] } } }
  - { path: /limited, respond: {}, policies: [limit] }
  - { path: /away, redirect: { to: /text } }
  - { path: /dead, target: http://127.0.0.1:9 }`)
  const requests = [
    { url: '/text' }, { url: '/json' }, { url: '/away' }, { url: '/nowhere' }, { url: '/api/small?a=%2F' }, { url: '/api/big' },
    { url: '/api/big', method: 'HEAD' }, { url: '/api/echo', method: 'POST', body: Buffer.alloc(3_000_000, 3) }, { url: '/dead' },
    { url: '/text', method: 'POST' }, { url: '/text', headers: { expect: 'something' } }, { url: '/text', headers: { host: 'a b' } }
  ] as const
  for (const request of requests) {
    const { url, ...rest } = { headers: {}, method: 'GET', ...request }
    const injected = await door.gateway.inject({ ...rest, url })
    const sent = await send(door.url, url, { ...rest, headers: { host: 'localhost', ...rest.headers } })
    const kept = (fields: object): object => Object.fromEntries(Object.entries(fields).filter(([name]) => !volatile.includes(name)))
    const unique = (text: string): string => text.replace(/"requestId":"\w+"/, '')
    assert.equal(injected.statusCode, sent.status, url)
    assert.deepEqual(kept(injected.headers), kept(sent.headers), url)
    assert.equal(unique(injected.rawPayload.toString('latin1')), unique(sent.body.toString('latin1')), url)
  }
})

test('it has the address of its client, its host and a JSON body, and a line in the access log', async t => {
  const target = await startTarget(t)
  const door = await startGateway(t, `routes: [{ path: /*, host: api.example.com, target: ${target.url} }]`)
  const response = await door.gateway.inject({
    url: 'http://api.example.com/a//b?c',
    method: 'PUT',
    body: { a: 1 },
    remoteAddress: '203.0.113.9'
  })
  const seen = response.json<{ url: string, headers: Record<string, string>, body: string }>()
  assert.deepEqual([response.statusCode, seen.url, seen.body], [200, '/a//b?c', '{"a":1}'])
  assert.deepEqual([seen.headers['x-forwarded-for'], seen.headers['content-type']], ['203.0.113.9', 'application/json'])
  const line = await door.logged(({ msg }) => msg === 'request completed')
  assert.deepEqual([line['status'], line['clientIp'], line['code']], [200, '203.0.113.9', undefined])
})

test('a response that breaks off rejects, and so does a request that is given up', async t => {
  const broken = await startRawTarget(t, answering('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'))
  const silent = await startTarget(t, () => {})
  const door = await startGateway(t, `routes: [{ path: /broken, target: ${broken.url} }, { path: /silent, target: ${silent.url} }]`)
  await assert.rejects(door.gateway.inject('/broken'), { code: 'ECONNRESET' })
  const given = new AbortController()
  const lost = assert.rejects(door.gateway.inject({ url: '/silent', signal: given.signal }), { name: 'AbortError' })
  while (silent.hits.length === 0) await new Promise(resolve => setImmediate(resolve))
  given.abort()
  await lost
  const line = await door.logged(({ path, msg }) => path === '/silent' && msg === 'request completed')
  assert.equal(line['code'], 'client-closed')
})
