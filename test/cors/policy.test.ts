import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mint } from '../../plugins/policies/jwt-auth/mint.ts'
import type { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { send, type Answer } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget, type Respond } from '../helpers/target.ts'

const secret = 'a-secret-for-tests-with-enough-bytes-in-it'
const page = 'https://app.example.com'

const opinionated: Respond = (_request, response) => {
  response.writeHead(200, {
    'access-control-allow-origin': '*',
    'access-control-allow-credentials': 'true',
    vary: 'Accept-Encoding',
    'content-type': 'text/plain'
  }).end('ok')
}

const preflight = async (url: string, path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  await send(url, path, { method: 'OPTIONS', headers: { origin: page, 'access-control-request-method': 'GET', ...headers } })

test('S0-03 a preflight gets a response without the upstream, and the response itself carries exactly one origin', async t => {
  const target = await startTarget(t, opinionated)
  const { url } = await startGateway(t, `
policies: { pages: { plugin: cors, origins: ["${page}"], exposed: [x-request-id], maxAge: 1h } }
routes: [{ path: /users/:id, methods: [GET], target: ${target.url}, policies: [pages] }]
`)
  const asked = await preflight(url, '/users/1', { 'access-control-request-headers': 'x-a, content-type' })
  assert.equal(asked.status, 204)
  assert.equal(asked.headers['access-control-allow-origin'], page)
  assert.equal(asked.headers['access-control-allow-methods'], 'GET, HEAD, POST, PUT, PATCH, DELETE')
  assert.equal(asked.headers['access-control-allow-headers'], 'x-a, content-type')
  assert.equal(asked.headers['access-control-max-age'], '3600')
  assert.equal(asked.headers.vary, 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers')
  assert.equal(target.hits.length, 0)

  const answer = await send(url, '/users/1', { headers: { origin: page } })
  assert.equal(answer.rawHeaders.filter(name => name.toLowerCase() === 'access-control-allow-origin').length, 1)
  assert.equal(answer.headers['access-control-allow-origin'], page)
  assert.equal(answer.headers['access-control-allow-credentials'], undefined)
  assert.equal(answer.headers['access-control-expose-headers'], 'x-request-id')
  assert.equal(answer.headers.vary, 'Accept-Encoding, Origin')
})

test('pages of another origin learn nothing, and neither does who is no page', async t => {
  const target = await startTarget(t, opinionated)
  const { url } = await startGateway(t, `
policies: { pages: { plugin: cors, origins: ["${page}"] } }
routes: [{ path: /users, target: ${target.url}, policies: [pages] }]
`)
  const refused = await preflight(url, '/users', { origin: 'https://evil.test' })
  assert.equal(refused.status, 204)
  for (const headers of [
    refused.headers,
    (await send(url, '/users', { headers: { origin: 'https://evil.test' } })).headers,
    (await send(url, '/users')).headers
  ]) {
    assert.deepEqual(Object.keys(headers).filter(name => name.startsWith('access-control-')), [])
    assert.match(String(headers.vary), /Origin/)
  }
  assert.equal(target.hits.length, 2)
})

test('with credentials the origin is named; for everybody the star, without Vary', async t => {
  const target = await startTarget(t)
  const { url } = await startGateway(t, `
policies:
  ours: { plugin: cors, origins: ["https://*.example.com"], credentials: true, headers: [authorization], methods: [PUT],
    privateNetwork: true }
  all: { plugin: cors, origins: ["*"], headers: [] }
routes:
  - { path: /ours, target: ${target.url}, policies: [ours] }
  - { path: /all, target: ${target.url}, policies: [all] }
`)
  const ours = await preflight(url, '/ours', {
    'access-control-request-headers': 'x-other',
    'access-control-request-private-network': 'true'
  })
  assert.equal(ours.headers['access-control-allow-credentials'], 'true')
  assert.equal(ours.headers['access-control-allow-origin'], page)
  assert.equal(ours.headers['access-control-allow-headers'], 'authorization')
  assert.equal(ours.headers['access-control-allow-methods'], 'PUT')
  assert.equal(ours.headers['access-control-allow-private-network'], 'true')
  const all = await send(url, '/all', { headers: { origin: 'https://anybody.test' } })
  assert.equal(all.headers['access-control-allow-origin'], '*')
  assert.equal(all.headers.vary, undefined)
})

test('a request that is refused can be read by the page, and a preflight needs no token', async t => {
  const target = await startTarget(t)
  const { url } = await startGateway(t, `
policies:
  pages: { plugin: cors, origins: ["${page}"] }
  login: { plugin: jwt-auth, secret: ${secret} }
routes: [{ path: /mine, methods: [GET, PUT], target: ${target.url}, policies: [pages, login] }]
`)
  assert.equal((await preflight(url, '/mine', { 'access-control-request-method': 'PUT' })).status, 204)
  const refused = await send(url, '/mine', { headers: { origin: page } })
  assert.equal(refused.status, 401)
  assert.equal(refused.headers['access-control-allow-origin'], page)
  const authorization = `Bearer ${mint({ secret }, { sub: 'ada', now: Date.now(), expiresIn: 60_000 })}`
  assert.equal((await send(url, '/mine', { headers: { origin: page, authorization } })).status, 200)
})

test('a preflight for a method that no route serves is not answered as one', async t => {
  const { url } = await startGateway(t, `
policies: { pages: { plugin: cors, origins: ["${page}"] } }
routes: [{ path: /users, methods: [GET], respond: { text: ok }, policies: [pages] },
  { path: /plain, methods: [GET], respond: { text: ok } }]
`)
  const asked = await preflight(url, '/users', { 'access-control-request-method': 'DELETE' })
  assert.equal(asked.headers['access-control-allow-origin'], undefined)
  const plain = await preflight(url, '/plain')
  assert.equal(plain.headers['access-control-allow-origin'], undefined)
  assert.equal(plain.headers.allow, 'GET, HEAD, OPTIONS')
})

test('what a browser sends as names and is none comes not back', async t => {
  const { url } = await startGateway(t, `
policies: { pages: { plugin: cors, origins: ["${page}"] } }
routes: [{ path: /, respond: { text: ok }, policies: [pages] }]
`)
  assert.equal(
    (await preflight(url, '/', { 'access-control-request-headers': 'a b, <script>' })).headers['access-control-allow-headers'],
    undefined
  )
})

test('a private network is opened only where the file says so and the page asks', async t => {
  for (const [opens, asks, said] of [
    [true, true, 'true'],
    [true, false, undefined],
    [false, true, undefined],
    [false, false, undefined]
  ] as const) {
    const { url } = await startGateway(
      t,
      `policies: { pages: { plugin: cors, origins: ["${page}"], privateNetwork: ${opens} } }\nroutes: [{ path: /, respond: { text: ok ` +
        '}, policies: [pages] }]'
    )
    const { headers } = await preflight(url, '/', asks ? { 'access-control-request-private-network': 'true' } : {})
    assert.equal(headers['access-control-allow-private-network'], said, `${opens} ${asks}`)
  }
})

test('nothing that the upstream says of the matter reaches a page, and Vary is completed and never repeated', async t => {
  const fields = [
    'origin', 'credentials', 'methods', 'headers', 'private-network'
  ].map(name => `access-control-allow-${name}`).concat('access-control-expose-headers', 'access-control-max-age')
  let vary = ''
  const target = await startTarget(
    t,
    (_request, response) => { response.writeHead(200, { ...Object.fromEntries(fields.map(name => [name, 'theirs'])), vary }).end('ok') }
  )
  const { url } = await startGateway(
    t,
    `policies: { pages: { plugin: cors, origins: ["${page}"] } }\nroutes: [{ path: /, target: ${target.url}, policies: [pages] }]`
  )
  for (const [theirs, expected] of [
    ['*', '*'],
    ['accept-encoding, origin', 'accept-encoding, origin'],
    ['Accept, ORIGIN', 'Accept, ORIGIN'],
    ['Accept', 'Accept, Origin']
  ] as const) {
    vary = theirs
    const { headers } = await send(url, '/', { headers: { origin: page } })
    assert.equal(headers.vary, expected)
    assert.deepEqual(fields.filter(name => headers[name] !== undefined), ['access-control-allow-origin'])
  }
})

test('explain says whether pages of the origin may read the response', async t => {
  const { gateway } = await startGateway(
    t,
    `policies: { pages: { plugin: cors, origins: ["${page}"] } }\nroutes: [{ path: /, respond: { text: ok }, policies: [pages] }]`
  )
  const why = async (headers: Record<string, string>) => (await gateway.explain({
    method: 'GET',
    url: '/',
    headers
  })).decisions.filter(({ by }) => by === 'pages').map(({ verdict, why }) => `${verdict}: ${why}`)
  assert.deepEqual(
    [await why({ origin: page }), await why({ origin: 'https://evil.test' }), await why({})],
    [[`allowed: pages of ${page} may read the response`], ['not told: pages of https://evil.test are not among the origins'], []]
  )
})

test('an origin beside the star is a warning', async t => {
  const { gateway } = await startGateway(
    t,
    `policies: { pages: { plugin: cors, origins: ["*", "${page}"] } }\nroutes: [{ path: /, respond: { text: ok }, policies: [pages] }]`
  )
  assert.match(gateway.warnings.join(), /lets every origin in, so the others say nothing/)
})

test('credentials for all origins, and invalid origins, are problems of the file', async t => {
  const file = `policies:
  pages: { plugin: cors, origins: ["*"], credentials: true }
  odd: { plugin: cors, origins: ["https://a.example/"] }
routes: [{ path: /, respond: { text: ok }, policies: [pages, odd] }]`
  await assert.rejects(startGateway(t, file), (error: ConfigRefused) => {
    assert.match(error.message, /cannot be true for origin "\*"/)
    assert.match(error.message, /not how browsers write it: expected "https:\/\/a.example"/)
    return true
  })
})

test('a login that comes before the preflights is a warning', async t => {
  const { gateway } = await startGateway(t, `
policies: { pages: { plugin: cors, origins: ["${page}"] }, login: { plugin: jwt-auth, secret: ${secret} } }
routes: [{ path: /, respond: { text: ok }, policies: [login, pages] }]
`)
  assert.match(gateway.warnings.join('\n'), /"login" rejects preflights, which never carry credentials, before "pages" can respond to them/)
})
