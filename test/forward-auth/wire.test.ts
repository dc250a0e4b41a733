/** Forward authentication over real HTTP: another service says who comes in, and the gateway does what it says. */

import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test, type TestContext } from 'node:test'
import { send, type Answer, type Sending } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { exchangeBytes } from '../helpers/raw.ts'
import { startRawTarget, startTarget, type Hit, type TestTarget } from '../helpers/target.ts'

interface Door extends TestGateway {
  readonly service: TestTarget
  readonly guard: TestTarget
  readonly get: (path?: string, headers?: Record<string, string>, sending?: Sending) => Promise<Answer>
}

interface Setup {
  readonly options?: string
  readonly server?: string
  readonly url?: string
  readonly time?: { now: number }
}

async function openDoor (t: TestContext, says: (response: ServerResponse, hit: Hit) => void, {
  options = '',
  server = '',
  url: other,
  time = { now: 0 }
}: Setup = {}): Promise<Door> {
  const service = await startTarget(t)
  const guard = await startTarget(t, (_request, response, hit) => {
    says(response, hit)
    if (!response.writableEnded && !hit.url.includes('hang')) response.end('not for anybody')
  })
  const gateway = await startGateway(t, `
server: { host: 127.0.0.1, port: 0${server} }
policies: { ask: { plugin: forward-auth, url: "${other ?? `${guard.url}/verify?x=1`}"${options} } }
routes: [{ path: '/*', target: "${service.url}", policies: [ask] }]
`, { clock: { now: () => time.now, wall: () => Date.now() } })
  return {
    ...gateway,
    service,
    guard,
    get: async (path = '/', headers = {}, sending = {}) => await send(gateway.url, path, { headers, ...sending })
  }
}

const allow = (): void => {}
const codeOf = ({ text }: Answer): string => (JSON.parse(text) as { code: string }).code

test('the service hears what was asked, by whom and with which credentials, and nothing else', async t => {
  const { get, guard, service, url } = await openDoor(t, allow)
  const answer = await get(
    '/orders/1%2F2?a=b&c',
    {
      authorization: 'Bearer x',
      cookie: 'session=1',
      'x-secret': 'no',
      'content-type': 'text/plain',
      'x-forwarded-for': '1.2.3.4',
      'x-forwarded-host': 'evil',
      'x-forwarded-method': 'HEAD',
      'x-forwarded-proto': 'https'
    },
    { method: 'POST', body: 'the body' }
  )
  assert.equal(answer.status, 200)
  const { method, url: asked, headers, body } = guard.hits[0]!
  assert.deepEqual([method, asked, body.length], ['GET', '/verify?x=1', 0])
  const { 'x-request-id': id, ...rest } = headers
  assert.deepEqual(rest, {
    host: new URL(guard.url).host,
    connection: 'keep-alive',
    authorization: 'Bearer x',
    cookie: 'session=1',
    'x-forwarded-method': 'POST',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': new URL(url).host,
    'x-forwarded-uri': '/orders/1%2F2?a=b&c',
    'x-forwarded-for': '127.0.0.1'
  })
  assert.equal(id, service.hits[0]!.headers['x-request-id'])
  assert.equal(service.hits[0]!.body.toString(), 'the body')
})

test('a trusted proxy in front is believed about scheme, host and client', async t => {
  const { get, guard } = await openDoor(t, allow, { server: ', trustProxy: [127.0.0.1]' })
  await get('/', { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-host': 'shop.example', 'x-forwarded-proto': 'https' })
  const { headers } = guard.hits[0]!
  assert.deepEqual(
    [headers['x-forwarded-for'], headers['x-forwarded-host'], headers['x-forwarded-proto']],
    ['203.0.113.7', 'shop.example', 'https']
  )
})

test('chosen fields of its response reach the upstream, and a client can send none of them', async t => {
  const { get, service } = await openDoor(t, (response, { headers }) => {
    if (headers.authorization !== undefined) response.setHeader('X-Auth-User', 'ada').setHeader('authorization', 'Bearer inner')
  }, { options: ', upstreamHeaders: [X-Auth-User, x-auth-roles, authorization], claims: { sub: X-Auth-User }' })
  await get('/', { authorization: 'Bearer outer', 'X-Auth-User': 'root', 'x-auth-roles': 'admin' })
  await get('/', { 'x-auth-user': 'root' })
  const seen = service.hits.map(({ headers }) => [headers['x-auth-user'], headers['x-auth-roles'], headers.authorization])
  assert.deepEqual(seen, [['ada', undefined, 'Bearer inner'], [undefined, undefined, undefined]])
})

test('claims come from fields of its response', async t => {
  const options = ', claims: { sub: X-Auth-User, mail: x-auth-mail }'
  const { get, logged } = await openDoor(t, response => response.setHeader('x-auth-user', 'ada'), { options })
  await get()
  assert.equal((await logged(({ msg }) => msg === 'request completed'))['sub'], 'ada')
})

for (const [status, code, headers] of [
  [401, 'invalid-token', { authorization: 'Basic x' }],
  [401, 'missing-token', {}],
  [403, 'forbidden', {}],
  [404, 'forbidden', {}],
  [429, 'forbidden', {}]
] as const) {
  test(`a ${status} is a ${status} for the client, as ${code}, with chosen fields and without the text`, async t => {
    const { get, service } = await openDoor(
      t,
      response => response.writeHead(status, { 'www-authenticate': 'Custom realm="a"', 'x-internal': 'host-7', 'retry-after': '7' })
    )
    const answer = await get('/', headers)
    assert.deepEqual(
      [answer.status, codeOf(answer), answer.headers['www-authenticate'], answer.headers['retry-after'], answer.headers['x-internal']],
      [status, code, 'Custom realm="a"', '7', undefined]
    )
    assert.doesNotMatch(answer.text, /not for anybody/)
    assert.equal(service.hits.length, 0)
  })
}

test('cookies and fields of an admitting answer reach the client beside those of the upstream, where they are asked for', async t => {
  const guard = await startTarget(
    t,
    (_request, response) => response.writeHead(200, {
      'set-cookie': ['session=2; Path=/', 'seen=1'],
      'x-left': '5m',
      'x-both': 'guard',
      'x-secret': 'no'
    }).end()
  )
  const service = await startTarget(
    t,
    (_request, response) => response.writeHead(200, { 'set-cookie': 'cart=1', 'x-both': 'service' }).end('here')
  )
  const policy = (more: string): string =>
    `{ plugin: forward-auth, url: "${guard.url}", cache: { key: "header:authorization" }, requestHeaders: [authorization]${more} }`
  const { url } = await startGateway(t, `
policies:
  plain: ${policy('')}
  told: ${policy(', responseHeaders: [Set-Cookie, x-left, x-both, x-absent]')}
  some: { plugin: any-of, policies: [told, plain] }
  all: { plugin: all-of, policies: [plain, told] }
routes:
  - { path: /plain, target: "${service.url}", policies: [plain] }
  - { path: /some, target: "${service.url}", policies: [some] }
  - { path: /all, target: "${service.url}", policies: [all] }
  - { path: /told, target: "${service.url}", policies: [told] }
  - { path: /own, respond: { text: own }, policies: [told] }
`)
  const fieldsOf = async (path: string): Promise<unknown[]> => {
    const { status, headers } = await send(url, path, { headers: { authorization: 'x' } })
    return [status, headers['set-cookie'], headers['x-left'], headers['x-both'], headers['x-secret']]
  }
  assert.deepEqual(await fieldsOf('/plain'), [200, ['cart=1'], undefined, 'service', undefined])
  // Twice, because a response with cookies is for its client only.
  for (const path of ['/told', '/told', '/some', '/all']) {
    assert.deepEqual(await fieldsOf(path), [200, ['session=2; Path=/', 'seen=1', 'cart=1'], '5m', 'service', undefined], path)
  }
  assert.deepEqual(await fieldsOf('/own'), [200, ['session=2; Path=/', 'seen=1'], '5m', 'guard', undefined])
})

test('a redirect to a login is passed on with its place and all its cookies', async t => {
  const { get, service } = await openDoor(
    t,
    response => response.writeHead(302, { location: 'https://login.example/?rd=%2F', 'set-cookie': ['state=1; Path=/', 'nonce=2'] })
  )
  const { status, headers } = await get()
  assert.deepEqual(
    [status, headers.location, headers['set-cookie'], headers['cache-control']],
    [302, 'https://login.example/?rd=%2F', ['state=1; Path=/', 'nonce=2'], 'no-store']
  )
  assert.equal(service.hits.length, 0)
})

for (const [what, bytes] of [
  ['500', 'HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n'],
  ['a redirect to nowhere', 'HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n'],
  ['304', 'HTTP/1.1 304 Not Modified\r\nlocation: /\r\n\r\n'],
  ['a body that is cut short', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'],
  ['no HTTP', 'SSH-2.0-x\r\n'],
  ['nothing', '']
] as const) {
  test(`a service that responds with ${what} admits no client`, async t => {
    const broken = await startRawTarget(t, socket => socket.once('data', () => socket.end(bytes)))
    const { get, service } = await openDoor(t, allow, { url: broken.url })
    const answer = await get('/', { authorization: 'x' })
    assert.deepEqual([answer.status, codeOf(answer)], [503, 'identity-unavailable'])
    assert.ok(!answer.text.includes(String(broken.port)))
    assert.equal(service.hits.length, 0)
  })
}

test('a service that hangs times out, and soon no request waits for it', async t => {
  const silent = await startRawTarget(t, () => {})
  const {
    get,
    logged,
    logs
  } = await openDoor(t, allow, { url: silent.url, options: ', timeout: 30ms, breaker: { failures: 2, openFor: 7s }' })
  for (let n = 0; n < 4; n++) assert.equal(codeOf(await get()), 'identity-unavailable')
  assert.equal((await get()).headers['retry-after'], '7')
  await logged(({ msg }) => msg === 'request failed')
  assert.equal(logs.filter(({ msg }) => msg === 'request failed').length, 2)
})

for (const [status, opens] of [[500, false], [501, false], [300, false], [429, false], [502, true], [503, true], [504, true]] as const) {
  const then = opens ? 'gets no requests for a while' : 'still gets requests about other clients'
  test(`a service that responds with ${status} to some ${then}`, async t => {
    const { get } = await openDoor(
      t,
      (response, { headers }) => { response.statusCode = headers.authorization === 'junk' ? status : 200 },
      { options: ', breaker: { failures: 2, openFor: 1h }' }
    )
    for (let index = 0; index < 5; index++) {
      const answer = await get('/', { authorization: 'junk' })
      // 429 is a refusal that the client gets as it is.
      assert.equal(answer.status, status === 429 ? 429 : 503)
    }
    assert.equal((await get('/', { authorization: 'good' })).status, opens ? 503 : 200)
  })
}

test('without a cache every request is asked about', async t => {
  const { get, guard } = await openDoor(t, allow)
  for (let n = 0; n < 3; n++) await get('/', { authorization: 'x' })
  assert.equal(guard.hits.length, 3)
})

const cached = (more = ''): string =>
  `, requestHeaders: [authorization], upstreamHeaders: [x-auth-user], cache: { key: ["header:authorization"]${more} }`

test('a response is remembered by credential and request, as long as it may be, good and bad by times of their own', async t => {
  const time = { now: 0 }
  const { get, guard, service } = await openDoor(t, (response, { headers }) => {
    response.statusCode = headers.authorization === 'good' ? 200 : 403
    response.setHeader('x-auth-user', 'ada')
  }, { options: cached(', ttl: 10s, negativeTtl: 2s'), time })
  const ask = async (path: string, credential: string) => (await get(path, { authorization: credential })).status
  for (const [now, hits] of [[0, 2], [1999, 2], [2000, 3], [9999, 4], [10_000, 5]] as const) {
    time.now = now
    assert.deepEqual([await ask('/a', 'good'), await ask('/a', 'bad')], [200, 403])
    assert.equal(guard.hits.length, hits, String(now))
  }
  assert.ok(service.hits.every(({ headers }) => headers['x-auth-user'] === 'ada'))
  await ask('/b', 'good')
  await ask('/a?x', 'good')
  await get('/a', { authorization: 'good' }, { method: 'DELETE' })
  assert.equal(guard.hits.length, 8)
})

test('cache.anyRequest: one response for all requests with one credential', async t => {
  const { get, guard } = await openDoor(t, allow, { options: cached(', anyRequest: true') })
  for (const path of ['/a', '/b', '/c?d']) await get(path, { authorization: 'good' })
  assert.equal(guard.hits.length, 1)
})

test('what has nothing to tell it by, redirects and responses with a cookie are not remembered', async t => {
  const { get, guard } = await openDoor(t, (response, { headers }) => {
    if (headers.authorization === 'redirect') response.writeHead(302, { location: '/login' })
    if (headers.authorization === 'cookie') response.writeHead(401, { 'set-cookie': 'a=1' })
  }, { options: cached(', negativeTtl: 1h') })
  for (const headers of [
    {}, {}, { authorization: 'redirect' }, { authorization: 'redirect' }, { authorization: 'cookie' },
    { authorization: 'cookie' }
  ]) await get('/', headers)
  assert.equal(guard.hits.length, 6)
})

test('requests with one credential at one time are one question', async t => {
  let release = (): void => {}
  const held = new Promise<void>(resolve => {
    release = resolve
  })
  const service = await startTarget(t)
  const guard = await startTarget(t, (_request, response) => { void held.then(() => response.end()) })
  const { url } = await startGateway(t, `
policies: { ask: { plugin: forward-auth, url: "${guard.url}"${cached()} } }
routes: [{ path: /, target: "${service.url}", policies: [ask] }]
`)
  const answers = Promise.all(Array.from({ length: 20 }, async () => (await send(url, '/', { headers: { authorization: 'x' } })).status))
  await new Promise<void>(resolve => { guard.server.once('request', () => resolve()) })
  release()
  assert.deepEqual(new Set(await answers), new Set([200]))
  assert.equal(guard.hits.length, 1)
})

test('a request that has one of several values is remembered by that', async t => {
  const options = ', requestHeaders: [authorization, x-tenant], cache: { key: ["header:authorization", "header:x-tenant"] }'
  const { get, guard } = await openDoor(t, allow, { options })
  for (const headers of [
    { authorization: 'a' }, { authorization: 'a' }, { 'x-tenant': 'a' }, { 'x-tenant': 'a' },
    { authorization: 'a', 'x-tenant': 'a' }
  ]) await get('/', headers)
  assert.equal(guard.hits.length, 3)
})

test('a reload that changes what is asked for forgets what was said, and a route without the policy passes on credentials', async t => {
  const service = await startTarget(t)
  const guard = await startTarget(t, (_request, response) => { response.setHeader('x-auth-user', 'ada').end() })
  const yaml = (fields: string): string => `
policies: { ask: { plugin: forward-auth, url: "${guard.url}", requestHeaders: [authorization], upstreamHeaders: [${fields}],
  cache: { key: "header:authorization" } } }
routes: [{ path: /, target: "${service.url}", policies: [ask] }, { path: /open, target: "${service.url}" }]
`
  const { url, gateway, write } = await startGateway(t, yaml('authorization'))
  const ask = async (path = '/') => (await send(url, path, { headers: { authorization: 'a' } })).status
  assert.deepEqual([await ask(), await ask('/open')], [200, 200])
  assert.deepEqual(service.hits.map(({ headers }) => [headers.authorization, headers['x-auth-user']]), [['a', undefined], ['a', undefined]])
  write(yaml('authorization, x-auth-user'))
  assert.equal((await gateway.reload('test')).ok, true)
  assert.equal(await ask(), 200)
  assert.deepEqual([guard.hits.length, service.hits.at(-1)!.headers['x-auth-user']], [2, 'ada'])
})

test('all cookies of a request are asked with, and an absolute target says the host', async t => {
  const { url, guard } = await openDoor(t, allow)
  await exchangeBytes(
    t,
    url,
    'GET http://shop.example/a HTTP/1.1\r\nhost: shop.example\r\ncookie: a=1\r\nCookie: b=2\r\nconnection: close\r\n\r\n'
  )
  const { headers } = guard.hits[0]!
  assert.deepEqual([headers.cookie, headers['x-forwarded-host'], headers['x-forwarded-uri']], ['a=1; b=2', 'shop.example', '/a'])
})

test('two Authorization fields are refused: the service and the upstream could look at different ones', async t => {
  const { url, guard } = await openDoor(t, allow)
  const answer = await exchangeBytes(
    t,
    url,
    'GET / HTTP/1.1\r\nhost: a\r\nAuthorization: good\r\nAUTHORIZATION: evil\r\nconnection: close\r\n\r\n'
  )
  assert.equal(answer.status, 401)
  assert.equal(guard.hits.length, 0)
})

for (const [what, name, sub] of [
  ['beyond ASCII', Buffer.from('Köln').toString('latin1'), 'Köln'],
  ['that is no UTF-8', 'K\xf6ln', undefined]
] as const) {
  test(`a name ${what} reaches the upstream byte for byte, and is a claim where it is text`, async t => {
    const raw = await startRawTarget(
      t,
      socket => socket.on('data', () => socket.write(`HTTP/1.1 200 OK\r\nx-auth-user: ${name}\r\ncontent-length: 0\r\n\r\n`, 'latin1'))
    )
    const {
      get,
      service,
      logged
    } = await openDoor(t, allow, { url: raw.url, options: ', upstreamHeaders: [x-auth-user], claims: { sub: x-auth-user }' })
    assert.equal((await get('/')).status, 200)
    assert.equal(service.hits[0]!.headers['x-auth-user'], name)
    assert.equal((await logged(({ msg }) => msg === 'request completed'))['sub'], sub)
  })
}

test('explain sends no request', async t => {
  const { get, gateway, guard } = await openDoor(
    t,
    response => { response.statusCode = 403 },
    { options: cached(', negativeTtl: 1h, anyRequest: true') }
  )
  await get('/', { authorization: 'known' })
  const decision = async (authorization: string) => (await gateway.explain({
    method: 'GET',
    url: '/',
    headers: { authorization }
  })).decisions.find(({ by }) => by === 'ask')
  assert.deepEqual(await decision('known'), { by: 'ask', verdict: 'refused', why: 'the service responded with 403' })
  assert.deepEqual(await decision('new'), { by: 'ask', verdict: 'unknown', why: 'the service is not asked in a rehearsal' })
  assert.equal(guard.hits.length, 1)
})
