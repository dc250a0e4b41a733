/** Header fields: what belongs to a connection ends at the gateway, what belongs to the message passes, and the gateway says who it is. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { mint } from '../../plugins/policies/jwt-auth/mint.ts'
import { send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { exchangeBytes } from '../helpers/raw.ts'
import { answering, startRawTarget, startService, startTarget, type TestTarget } from '../helpers/target.ts'

interface Setup {
  /** Further keys of `server`, of the upstream and of the route, in flow style, and further lines of the file. */
  readonly server?: string
  readonly upstream?: string
  readonly route?: string
  readonly file?: string
}

async function gatewayTo (
  t: TestContext,
  target: { readonly url: string },
  { server = '', upstream = '', route = '', file = '' }: Setup = {}
): Promise<TestGateway> {
  return await startGateway(t, `
server: { host: 127.0.0.1, port: 0${server} }
upstreams: { back: { targets: ['${target.url}']${upstream} } }
routes: [{ path: '/*', upstream: back${route} }]
${file}
`)
}

async function passing (t: TestContext, fields: string, setup: Setup = {}): Promise<{
  target: TestTarget, gateway: TestGateway, headers: Record<string, string | string[] | undefined>, rawHeaders: readonly string[]
}> {
  const target = await startTarget(t)
  const gateway = await gatewayTo(t, target, setup)
  const answer = await exchangeBytes(
    t,
    gateway.url,
    `GET / HTTP/1.1\r\nhost: shop.example:8080\r\n${fields}${/^connection:/mi.test(fields) ? '' : 'connection: close\r\n'}\r\n`
  )
  assert.equal(answer.status, 200, answer.text)
  const { headers, rawHeaders } = target.hits[0]!
  return { target, gateway, headers, rawHeaders }
}

test('fields of the client\'s connection end at the gateway', async t => {
  const { headers } = await passing(
    t,
    'Connection: close, X-Named, Authorization-Not\r\nKeep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\nProxy-Authorization: ' +
      'Basic x\r\nTE: gzip\r\nTrailer: x\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\nX-Named: gone\r\nProxy: http://evil\r\nX-Stays: here\r\n'
  )
  for (const name of [
    'keep-alive', 'proxy-connection', 'proxy-authorization', 'te', 'trailer', 'upgrade', 'http2-settings', 'x-named',
    'proxy', 'transfer-encoding'
  ]) assert.equal(headers[name], undefined, name)
  assert.equal(headers['x-stays'], 'here')
})

test('a client cannot nominate away what the gateway sets', async t => {
  const { headers } = await passing(
    t,
    'Connection: close, X-Forwarded-For, X-Request-Id, Via, X-User, Host, Content-Length\r\nX-User: forged\r\n',
    { route: ', requestHeaders: { set: { x-user: ann } }' }
  )
  assert.equal(headers['x-forwarded-for'], '127.0.0.1')
  assert.equal(headers['x-user'], 'ann')
  assert.match(String(headers['x-request-id']), /^[0-9a-f]{32}$/)
  assert.equal(headers['via'], '1.1 onedoor')
})

test('fields of the target\'s connection end at the gateway', async t => {
  const target = await startRawTarget(
    t,
    answering(
      'HTTP/1.1 200 OK\r\nConnection: close, X-Named\r\nKeep-Alive: timeout=77\r\nProxy-Authenticate: Basic\r\nUpgrade: ' +
        'h2c\r\nTrailer: x\r\nX-Named: gone\r\nX-Stays: here\r\nContent-Length: 2\r\n\r\nok'
    )
  )
  const gateway = await gatewayTo(t, target)
  const { headers, text } = await send(gateway.url, '/', { headers: { connection: 'keep-alive' } })
  for (const name of ['proxy-authenticate', 'upgrade', 'trailer', 'x-named']) assert.equal(headers[name], undefined, name)
  assert.notEqual(headers['keep-alive'], 'timeout=77')
  assert.deepEqual([headers['x-stays'], headers.connection, text], ['here', 'keep-alive', 'ok'])
})

test('Expect: 100-continue is handled by the gateway and not passed on', async t => {
  const target = await startTarget(t)
  const gateway = await gatewayTo(t, target)
  const answer = await exchangeBytes(
    t,
    gateway.url,
    'POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\nhi'
  )
  assert.equal(answer.status, 100)
  assert.match(answer.text, /^HTTP\/1\.1 200 OK/)
  assert.deepEqual([target.hits[0]!.headers['expect'], target.hits[0]!.body.toString()], [undefined, 'hi'])
})

test('an unknown expectation is a 417', async t => {
  const target = await startTarget(t)
  const gateway = await gatewayTo(t, target)
  assert.equal(
    (await exchangeBytes(t, gateway.url, 'POST / HTTP/1.1\r\nhost: a\r\nexpect: coffee\r\ncontent-length: 2\r\n\r\nhi')).status,
    417
  )
  assert.equal(target.hits.length, 0)
})

for (const size of [5, 200_000]) {
  test(`trailers after ${size} bytes reach a client that asks for them, without those that could change the message`, async t => {
    const target = await startRawTarget(
      t,
      answering(
        `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${size.toString(16)}\r\n${'a'.repeat(size)}\r\n0\r\nx-checksum: ` +
          `abc\r\ncontent-type: text/evil\r\nset-cookie: a=b\r\n\r\n`,
        false
      )
    )
    const gateway = await gatewayTo(t, target)
    const asking = await send(gateway.url, '/', { headers: { te: 'trailers' } })
    assert.deepEqual([asking.body.length, { ...asking.trailers }], [size, { 'x-checksum': 'abc' }])
    const other = await send(gateway.url, '/')
    assert.deepEqual([other.body.length, { ...other.trailers }], [size, {}])
  })
}

test('repeated fields stay repeated both ways, and two cookies stay two', async t => {
  const target = await startRawTarget(
    t,
    answering(
      'HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\nWWW-Authenticate: Basic\r\nWWW-Authenticate: Bearer\r\nX-Many: ' +
        '1\r\nX-Many: 2\r\nContent-Length: 0\r\n\r\n',
      false
    )
  )
  const gateway = await gatewayTo(t, target)
  const { headers } = await exchangeBytes(t, gateway.url, 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  assert.deepEqual(
    [headers['set-cookie'], headers['www-authenticate'], headers['x-many']],
    [['a=1; Path=/', 'b=2'], ['Basic', 'Bearer'], ['1', '2']]
  )
  const { rawHeaders } = await passing(t, 'X-Many: 1\r\nx-many: 2\r\nCookie: a=1\r\nAccept-Encoding: br\r\n')
  assert.deepEqual(rawHeaders.filter((_, index) => rawHeaders[index - 1]?.toLowerCase() === 'x-many'), ['1', '2'])
  assert.ok(rawHeaders.includes('br'))
})

test('the gateway adds nothing about encodings that the client did not say', async t => {
  const { headers } = await passing(t, '')
  assert.deepEqual([headers['accept-encoding'], headers['user-agent'], headers['referer']], [undefined, undefined, undefined])
})

test('a peer that is not trusted cannot say where a request came from', async t => {
  const { headers, gateway } = await passing(
    t,
    'X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\nX-Real-IP: 1.2.3.4\r\nForwarded: ' +
      'for=1.2.3.4\r\nX-Original-URL: /admin\r\n'
  )
  const { port } = new URL(gateway.url)
  assert.deepEqual(
    [headers['x-forwarded-for'], headers['x-forwarded-proto'], headers['x-forwarded-host'], headers['x-forwarded-port']],
    ['127.0.0.1', 'http', 'shop.example:8080', port]
  )
  assert.deepEqual([headers['x-real-ip'], headers['forwarded'], headers['x-original-url']], [undefined, undefined, undefined])
})

test('a trusted proxy is believed and appended to', async t => {
  const { headers, gateway } = await passing(
    t,
    'X-Forwarded-For: 1.2.3.4, 5.6.7.8\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: shop\r\nVia: 1.1 edge\r\n',
    { server: ', trustProxy: [loopback]', upstream: ', forwarded: true' }
  )
  assert.deepEqual(
    [headers['x-forwarded-for'], headers['x-forwarded-proto'], headers['x-forwarded-host'], headers['via']],
    ['1.2.3.4, 5.6.7.8, 127.0.0.1', 'https', 'shop', '1.1 edge, 1.1 onedoor']
  )
  assert.match(String(headers['forwarded']), /^for=127\.0\.0\.1;host="shop\.example:8080";proto=http$/)
  assert.equal((await gateway.logged(({ msg }) => msg === 'request completed'))['clientIp'], '5.6.7.8')
})

test('the target sees its own Host, or with host: client the one the client asked for', async t => {
  const own = await passing(t, '')
  assert.equal(own.headers['host'], `127.0.0.1:${own.target.port}`)
  const { headers } = await passing(t, '', { upstream: ', host: client' })
  assert.equal(headers['host'], 'shop.example:8080')
})

const secret = 'a secret that is long enough for HS256'

test('fields are set, added and removed on the way in, from parameters, claims, query and fields', async t => {
  const target = await startTarget(t)
  const gateway = await startGateway(t, `
policies: { login: { plugin: jwt-auth, secret: ${secret}, algorithms: [HS256] } }
routes:
  - path: /users/:id
    target: ${target.url}
    policies: [login]
    requestHeaders:
      set: { x-user: '\${claims.sub}', x-tenant: '\${claims.tenant}', x-id: '\${params.id}', x-q: '\${query.q}', x-price: '5$$',
        x-rid: '\${request.id}', x-ip: '\${client.ip}', x-agent: '\${header.user-agent}' }
      add: { x-tag: door }
      remove: [cookie, authorization]
`)
  const authorization = `Bearer ${mint({ secret }, { sub: 'ann', expiresIn: 60_000, now: Date.now() })}`
  const answer = await send(gateway.url, '/users/7%20x?q=a%0D%0Ab', { headers: {
    authorization,
    cookie: 'a=b',
    'x-user': 'forged',
    'x-tenant': 'forged',
    'x-tag': 'mine',
    'user-agent': 'me'
  } })
  assert.equal(answer.status, 200, answer.text)
  const { headers, rawHeaders } = target.hits[0]!
  assert.deepEqual(
    [headers['x-user'], headers['x-tenant'], headers['x-id'], headers['x-price'], headers['x-ip'], headers['x-agent']],
    ['ann', undefined, '7 x', '5$', '127.0.0.1', 'me']
  )
  assert.deepEqual([headers['cookie'], headers['authorization'], headers['x-tag']], [undefined, undefined, 'mine, door'])
  assert.equal(headers['x-rid'], headers['x-request-id'])
  assert.ok(rawHeaders.every(text => !/[\r\n]/.test(text)) && headers['b'] === undefined)
})

for (const path of ['/users/a%0d%0ax-evil:%201', '/users/a%0ax-evil:%201', '/users/%00', '/users/%E2%80%A8']) {
  test(`a parameter cannot smuggle a field: ${path}`, async t => {
    const target = await startTarget(t)
    const gateway = await startGateway(
      t,
      `routes: [{ path: '/users/:id', target: '${target.url}', requestHeaders: { set: { x-id: '\${params.id}' } }, responseHeaders: { ` +
        `set: { x-id: '\${params.id}' } } }]`
    )
    const answer = await send(gateway.url, path)
    assert.ok(answer.status === 400 || answer.status === 200, answer.text)
    assert.equal(answer.headers['x-evil'], undefined)
    for (const { headers } of target.hits) assert.equal(headers['x-evil'], undefined)
  })
}

test('fields are set, added and removed on the way out', async t => {
  const target = await startService(
    t,
    (_request, response) => {
      response.setHeader(
        'server',
        'secret/1.0'
      ).setHeader('x-add', 'theirs').setHeader('x-set', 'theirs').setHeader('x-gone', 'theirs').end('ok')
    }
  )
  const gateway = await gatewayTo(t, target, {
    route: ', responseHeaders: { set: { x-set: ours, x-gone: "${claims.none}" }, add: { x-add: ours, x-new: "${request.id}" }, remove: ' +
      '[Server] }'
  })
  const { headers } = await send(gateway.url, '/')
  assert.deepEqual(
    [headers['server'], headers['x-set'], headers['x-gone'], headers['x-add'], headers['x-new']],
    [undefined, 'ours', undefined, 'theirs, ours', headers['x-request-id']]
  )
})

test('the request id is echoed, sent on, and the same in the log; a target cannot replace it', async t => {
  const target = await startService(
    t,
    (request, response) => { response.setHeader('x-request-id', 'theirs'); response.end(request.headers['x-request-id']) }
  )
  const gateway = await gatewayTo(t, target)
  const { headers, text } = await send(gateway.url, '/')
  assert.equal(headers['x-request-id'], text)
  assert.equal((await gateway.logged(({ msg }) => msg === 'request completed'))['requestId'], text)
})

test('the response says that it came through the gateway', async t => {
  const target = await startService(t, (_request, response) => { response.setHeader('via', '1.1 inner'); response.end() })
  const gateway = await gatewayTo(t, target)
  assert.equal((await send(gateway.url, '/')).headers['via'], '1.1 inner, 1.1 onedoor')
})

test('only a trusted proxy may name the client in a field of its own', async t => {
  const sent = 'CF-Connecting-IP: 1.2.3.4\r\nX-Forwarded-For: 5.6.7.8\r\n'
  const clientOf = async (
    fields: string,
    server: string
  ): Promise<unknown> => (await (await passing(t, fields, { server })).gateway.logged(({ msg }) => msg === 'request completed'))['clientIp']
  assert.equal(await clientOf(sent, ', trustProxy: [loopback], clientIpHeader: CF-Connecting-IP'), '1.2.3.4')
  assert.equal(await clientOf(sent, ', trustProxy: [10.0.0.0/8], clientIpHeader: CF-Connecting-IP'), '127.0.0.1')
  assert.equal(await clientOf(sent, ', clientIpHeader: CF-Connecting-IP'), '127.0.0.1')
  for (const field of [
    '',
    'CF-Connecting-IP: 1.2.3.4, 6.7.8.9\r\n',
    'CF-Connecting-IP: nobody\r\n',
    'CF-Connecting-IP: 1.2.3.4\r\nCF-Connecting-IP: 6.7.8.9\r\n'
  ]) {
    assert.equal(
      await clientOf(`${field}X-Forwarded-For: 5.6.7.8\r\n`, ', trustProxy: [loopback], clientIpHeader: CF-Connecting-IP'),
      '127.0.0.1',
      field
    )
  }
})

test('names with _ are left out, passed on or refused, as one switch says', async t => {
  assert.equal((await passing(t, 'X_A: 1\r\n')).headers['x_a'], undefined)
  assert.equal((await passing(t, 'X_A: 1\r\nX_Forwarded_For: 6.6.6.6\r\n', { server: ', underscores: keep' })).headers['x_a'], '1')
  assert.equal((await passing(t, 'X-A: 1_2\r\n', { server: ', underscores: refuse' })).headers['x-a'], '1_2')
  const target = await startTarget(t)
  const gateway = await gatewayTo(t, target, { server: ', underscores: refuse' })
  const answer = await exchangeBytes(t, gateway.url, 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\nX_A: 1\r\n\r\n')
  assert.deepEqual([answer.status, target.hits.length], [400, 0])
})
