import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { begin, headOf, readWhole, send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { exchangeBytes, open } from '../helpers/raw.ts'
import { answering, freePort, startRawTarget, startService, startTarget } from '../helpers/target.ts'
import { field } from './named.ts'

const toAll = (url: string, more = ''): string => `routes: [{ path: /*, target: ${url}${more} }]`

test('S0-18 S0-35 S2-020 S2-021 a service that never responds costs the client its timeout and a 504, not a wait', async t => {
  const silent = await startRawTarget(t, () => {})
  const { url } = await startGateway(t, `
upstreams: { silent: { targets: [${silent.url}], timeouts: { response: 30ms }, retry: { attempts: 1 } } }
routes: [{ path: /, upstream: silent }]
`)
  const answer = await send(url, '/')
  assert.deepEqual([answer.status, (JSON.parse(answer.text) as { code: string }).code], [504, 'response-timeout'])
})

test('S0-20 S2-017 S2-039 requests share a few connections to the service, also when each client closes its own', async t => {
  const service = await startTarget(t)
  const { url } = await startGateway(t, toAll(service.url))
  for (let i = 0; i < 100; i++) assert.equal((await send(url, '/')).status, 200)
  assert.ok(service.connections <= 2, `${service.connections} connections`)
})

test('S0-21 S2-012 two hundred requests at once each get their own response', async t => {
  const service = await startTarget(t)
  const { url } = await startGateway(t, toAll(service.url))
  await Promise.all(Array.from({ length: 200 }, async (_, n) => {
    const echoed = JSON.parse((await send(url, `/n/${n}`, { method: 'POST', headers: { 'x-n': String(n) }, body: `body ${n}` })).text) as {
      url: string,
      headers: Record<string, string>,
      body: string
    }
    assert.deepEqual([echoed.url, echoed.headers['x-n'], echoed.body], [`/n/${n}`, String(n), `body ${n}`])
  }))
})

test('S0-22 S0-23 S2-014 S2-015 path and query arrive byte for byte', async t => {
  const service = await startTarget(t)
  const { url } = await startGateway(t, toAll(service.url))
  for (const path of ['/users/1%202?a=1&a=2&b=', '/p%20q/x', '/x%3Fadmin=1', '/a;v=1', '/q?', '/q?x=%2F&y=a;b&z=[1]']) {
    assert.equal((await send(url, path)).status, 200, path)
    assert.equal(service.hits.at(-1)!.url, path)
  }
})

test('S0-24 S0-25 S2-028 S2-034 S0-42 credentials, cookies, repeated fields, Accept-Encoding pass; Host is that of the target', async t => {
  const service = await startTarget(t)
  const { url } = await startGateway(t, toAll(service.url))
  await send(url, '/', { headers: [
    'Host', 'shop.example.com', 'Authorization', 'Bearer x', 'Cookie', 'a=1', 'X-Twice', '1', 'X-Twice', '2'
  ] })
  const { rawHeaders, headers } = service.hits[0]!
  assert.deepEqual([headers.authorization, headers.cookie, headers['x-twice']], ['Bearer x', 'a=1', '1, 2'])
  assert.equal(headers.host, new URL(service.url).host)
  assert.equal(headers['x-forwarded-host'], 'shop.example.com')
  assert.equal(field(rawHeaders, 'accept-encoding'), undefined)
})

test('S0-26 S2-025 S2-026 S2-027 fields of one connection stay on it, in both directions', async t => {
  const service = await startRawTarget(
    t,
    answering(
      'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=77\r\nProxy-Authenticate: Basic\r\nConnection: close, X-Inner\r\nX-Inner: 1\r\nX-Kept: ' +
        '1\r\nContent-Length: 0\r\n\r\n'
    )
  )
  const { url } = await startGateway(t, toAll(service.url))
  const answer = await send(url, '/')
  assert.equal(answer.headers['x-kept'], '1')
  for (const name of ['keep-alive', 'proxy-authenticate', 'x-inner']) assert.equal(answer.headers[name], undefined, name)

  const echo = await startTarget(t)
  const second = await startGateway(t, toAll(echo.url))
  await exchangeBytes(
    t,
    second.url,
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: close, X-Foo\r\nX-Foo: 1\r\nTE: gzip\r\nTrailer: X\r\nKeep-Alive: ' +
      '5\r\nProxy-Authorization: x\r\nProxy-Connection: x\r\nUpgrade: h2c\r\nX-Bar: 1\r\n\r\n'
  )
  const { headers } = echo.hits[0]!
  assert.equal(headers['x-bar'], '1')
  for (const name of ['x-foo', 'te', 'trailer', 'keep-alive', 'proxy-authorization', 'proxy-connection', 'upgrade']) {
    assert.equal(headers[name], undefined, name)
  }
})

test('S0-27 S0-31 S2-030 S2-148 the first bytes are there before the last are sent, in both directions', async t => {
  const service = await startService(t, (request, response) => {
    // Echoes piece by piece: it has begun to respond before the client has finished asking.
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    request.pipe(response)
  })
  const { url, logged } = await startGateway(t, toAll(service.url))
  const outgoing = begin(url, '/', { method: 'POST' })
  outgoing.write('first')
  const answer = await headOf(outgoing)
  assert.equal(String((await once(answer, 'data'))[0]), 'first')
  const rest = readWhole(answer)
  outgoing.end('second')
  assert.equal((await rest).text, 'second')
  assert.equal((await logged(({ msg }) => msg === 'request completed'))['bytesOut'], 'firstsecond'.length)
})

test('S0-28 S2-031 an upload keeps its Content-Length, and a message framed twice is refused', async t => {
  const service = await startTarget(t)
  const { url } = await startGateway(t, toAll(service.url))
  await send(url, '/', { method: 'POST', headers: { 'content-length': 3 }, body: 'k=v' })
  const { headers, body } = service.hits[0]!
  assert.deepEqual([headers['content-length'], headers['transfer-encoding'], body.toString()], ['3', undefined, 'k=v'])
  const smuggled = await exchangeBytes(
    t,
    url,
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
  )
  assert.equal(smuggled.status, 400)
  assert.equal(service.hits.length, 1)
})

test('S0-29 S2-036 two Set-Cookie fields arrive as two', async t => {
  const service = await startTarget(t, (_request, response) => { response.writeHead(200, { 'set-cookie': ['a=1', 'b=2'] }).end() })
  const { url } = await startGateway(t, toAll(service.url))
  assert.deepEqual((await send(url, '/')).headers['set-cookie'], ['a=1', 'b=2'])
})

test('S0-30 S0-40 S2-032 S2-037 statuses pass unchanged, redirects too, and HEAD, 304 and OPTIONS * are what they are', async t => {
  const service = await startTarget(t, (request, response) => {
    const status = Number(request.url!.slice(1))
    response.writeHead(
      status,
      status === 302 ? { location: 'http://elsewhere.example/' } : {}
    ).end(request.method === 'HEAD' || status === 204 || status === 304 ? undefined : 'body')
  })
  const { url } = await startGateway(t, toAll(service.url))
  for (const status of [200, 201, 204, 302, 304, 418, 503]) assert.equal((await send(url, `/${status}`)).status, status)
  assert.equal((await send(url, '/302')).headers.location, 'http://elsewhere.example/')
  const head = await send(url, '/200', { method: 'HEAD' })
  assert.deepEqual([head.status, head.text], [200, ''])
  const asterisk = await exchangeBytes(t, url, 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  assert.equal(asterisk.status, 204)
})

test('S0-32 S2-022 a dead service is a 502 that names no address', async t => {
  const port = await freePort()
  const { url } = await startGateway(t, toAll(`http://127.0.0.1:${port}`))
  const answer = await send(url, '/')
  assert.equal(answer.status, 502)
  const problem = JSON.parse(answer.text) as { code: string, title: string }
  assert.deepEqual([problem.code, problem.title], ['connection-refused', 'bad gateway'])
  assert.ok(!(answer.text + answer.rawHeaders.join()).includes(String(port)))
})

test('S0-33 S0-34 S2-035 the service sees a client leave, nothing stays under way, and the log has no failure', async t => {
  const closed: Promise<unknown>[] = []
  const service = await startService(t, (_request, response) => {
    closed.push(once(response, 'close'))
    response.flushHeaders()
    response.write('first')
  })
  const { url, admin, logged } = await startGateway(t, toAll(service.url))
  for (let i = 0; i < 20; i++) {
    const outgoing = begin(url, '/').end()
    await once(await headOf(outgoing), 'data')
    outgoing.destroy()
  }
  await Promise.all(closed)
  assert.equal(closed.length, 20)
  let left = 0
  await logged(({ code, status }) => code === 'client-closed' && status === 200 && ++left === 20)
  const { text } = await send(admin, '/metrics')
  assert.match(text, /^gateway_requests_in_flight 0$/m)
  assert.match(text, /^gateway_active_connections\{.*\} 0$/m)
})

test('S0-37 S2-038 a service that dies in the middle of its response cuts the client\'s, and the log says so', async t => {
  const service = await startRawTarget(t, answering('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'))
  const { url, logged } = await startGateway(t, toAll(service.url))
  const answer = await send(url, '/')
  assert.deepEqual([answer.status, answer.text, answer.complete], [200, 'half', false])
  assert.equal((await logged(({ msg }) => msg === 'request completed'))['code'], 'response-cut')
})

test('S0-44 S1-80 S2-157 a client that never finishes its head, a huge head and a huge body are cut off', async t => {
  const service = await startTarget(t)
  const { url } = await startGateway(t, `
server: { host: 127.0.0.1, port: 0, timeouts: { headers: 20ms, request: 20ms }, limits: { headers: 4kib, body: 10b, url: 1kib } }
${toAll(service.url)}
`)
  const slow = await open(t, url)
  slow.write('GET / HTTP/1.1\r\nHost: a\r\nX-Slow')
  const [received] = await once(slow, 'data') as [Buffer]
  assert.match(received.toString(), /^HTTP\/1\.1 408 /)
  assert.equal((await send(url, '/', { headers: { 'x-big': 'x'.repeat(5000) } })).status, 431)
  assert.equal((await send(url, '/', { method: 'POST', body: 'x'.repeat(11) })).status, 413)
  assert.equal((await send(url, `/${'x'.repeat(1100)}`)).status, 414)
  assert.equal(service.hits.length, 0)
})

test('S0-45 S1-12 a route rewrites its path and its fields, in both directions', async t => {
  const service = await startTarget(t, (_request, response) => { response.writeHead(200, { server: 'secret/1.0', 'x-old': '1' }).end() })
  const { url } = await startGateway(t, `
routes:
  - path: /api/*
    target: ${service.url}/base
    stripPrefix: /api
    requestHeaders: { set: { x-set: a }, add: { x-add: b }, remove: [x-gone] }
    responseHeaders: { set: { x-old: "2" }, add: { x-new: "3" }, remove: [server] }
`)
  const { headers } = await send(url, '/api/users?q=1', { headers: { 'x-set': 'mine', 'x-gone': '1' } })
  const hit = service.hits[0]!
  assert.equal(hit.url, '/base/users?q=1')
  assert.deepEqual([hit.headers['x-set'], hit.headers['x-add'], hit.headers['x-gone']], ['a', 'b', undefined])
  assert.deepEqual([headers['x-old'], headers['x-new'], headers.server], ['2', '3', undefined])
})

test('S0-46 chunks and trailers pass', async t => {
  const service = await startRawTarget(
    t,
    answering('HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 6\r\n\r\n')
  )
  const { url } = await startGateway(t, toAll(service.url))
  const { text, trailers } = await send(url, '/', { headers: { te: 'trailers' } })
  assert.deepEqual([text, trailers['x-sum']], ['abc', '6'])
})
