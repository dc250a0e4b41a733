import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { mint } from '../../plugins/policies/jwt-auth/mint.ts'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { freePort, startTarget } from '../helpers/target.ts'
import { named } from './named.ts'

const secret = 'a-secret-for-tests-with-enough-bytes-in-it'

test('S0-01 S0-02 S0-11 S0-52 two paths on one origin reach two services that no client sees, all from the file', async t => {
  const [users, orders] = [await named(t, 'users'), await named(t, 'orders')]
  const { url } = await startGateway(t, `
routes:
  - { path: /users/*, target: ${users.url} }
  - { path: /orders/*, target: ${orders.url} }
`)
  for (const [path, name] of [['/users/1', 'users'], ['/orders/1', 'orders']] as const) {
    const answer = await send(url, path)
    assert.equal(answer.text, name)
    assert.ok(!answer.rawHeaders.join().includes(String(users.port)))
  }
})

test('S0-04 S0-51 a service behind a login and a breaker needs no code of its own for either', async t => {
  const orders = await startTarget(t, (_request, response) => { response.writeHead(500).end() })
  const { url } = await startGateway(t, `
upstreams: { orders: { targets: [${orders.url}], circuitBreaker: { failures: 1, openFor: 1h } } }
policies:
  login: { plugin: jwt-auth, secret: ${secret} }
  limit: { plugin: rate-limiting, limit: 3/h }
routes: [{ path: /orders, upstream: orders, policies: [login, limit] }]
`)
  assert.equal((await send(url, '/orders')).status, 401)
  assert.equal(orders.hits.length, 0)
  const authorization = `Bearer ${mint({ secret }, { sub: 'ada', now: Date.now(), expiresIn: 60_000 })}`
  const statuses = []
  for (let i = 0; i < 4; i++) statuses.push((await send(url, '/orders', { headers: { authorization } })).status)
  assert.deepEqual(statuses, [500, 503, 503, 429])
  assert.equal(orders.hits.length, 1)
})

test('S0-05 S0-39 every request has one log line with its id, and a failure one more with the cause', async t => {
  const dead = await freePort()
  const { url, logged, logs } = await startGateway(t, `
policies:
  login: { plugin: jwt-auth, secret: ${secret} }
  once: { plugin: rate-limiting, limit: 1/h }
routes:
  - { path: /locked, respond: {}, policies: [login] }
  - { path: /limited, respond: {}, policies: [once] }
  - { path: /dead, target: http://127.0.0.1:${dead} }
`)
  for (const [path, status] of [['/limited', 200], ['/nowhere', 404], ['/locked', 401], ['/limited', 429], ['/dead', 502]] as const) {
    const answer = await send(url, path)
    assert.equal(answer.status, status)
    const line = await logged(({ msg, requestId }) => msg === 'request completed' && requestId === answer.headers['x-request-id'])
    assert.deepEqual([line['path'], line['status']], [path, status])
  }
  assert.equal(logs.filter(({ msg }) => msg === 'request completed').length, 5)
  const failure = logs.find(({ msg }) => msg === 'request failed')!
  assert.equal(failure['code'], 'connection-refused')
  assert.match(JSON.stringify(failure['err']), /ECONNREFUSED/)
})

test('S0-07 S0-08 a service sees the gateway as its peer, and the client only where the gateway says so', async t => {
  const service = await startTarget(t)
  const { url } = await startGateway(
    t,
    `routes: [{ path: /, target: ${service.url}, requestHeaders: { set: { x-user: "\${claims.sub}" } } }]`
  )
  await send(url, '/', { headers: {
    'x-forwarded-for': '203.0.113.9',
    forwarded: 'for=203.0.113.9',
    'x-real-ip': '203.0.113.9',
    'x-user': 'root',
    'x-forwarded-proto': 'https'
  } })
  const { headers } = service.hits[0]!
  assert.equal(headers['x-forwarded-for'], '127.0.0.1')
  assert.equal(headers['x-forwarded-proto'], 'http')
  assert.equal(headers['x-forwarded-host'], new URL(url).host)
  for (const name of ['forwarded', 'x-real-ip', 'x-user']) assert.equal(headers[name], undefined, name)
})

test('S0-09 a route that asks for nothing has nothing in its way but the choice of its target', async t => {
  const users = await named(t, 'users')
  const { gateway } = await startGateway(t, `
policies: { login: { plugin: jwt-auth, secret: ${secret} } }
routes: [{ path: /thin, target: ${users.url} }, { path: /thick, target: ${users.url}, policies: [login] }]
`)
  const decidedBy = async (url: string) => (await gateway.explain({ method: 'GET', url })).decisions.map(({ by }) => by)
  assert.deepEqual(await decidedBy('/thin'), ['load-balancing'])
  assert.deepEqual(await decidedBy('/thick'), ['login'])
})

test('S0-12 S1-06 S2-105 S2-106 S2-108 a wildcard takes its whole subtree and nothing beside it', async t => {
  const users = await named(t, 'users')
  const { url } = await startGateway(t, `routes: [{ path: /users/*, target: ${users.url} }]`)
  for (const path of ['/users', '/users/', '/users/1', '/users/1/2/3']) assert.equal((await send(url, path)).status, 200, path)
  for (const path of ['/usersx', '/user', '/x/users/1']) assert.equal((await send(url, path)).status, 404, path)
})

test('S0-13 S1-04 an exact path takes only itself', async t => {
  const { url } = await startGateway(t, 'routes: [{ path: /users, respond: {} }]')
  assert.equal((await send(url, '/users')).status, 200)
  for (const path of ['/users/', '/users/123']) assert.equal((await send(url, path)).status, 404, path)
})

test('S0-14 a trailing slash is another path, the same, or sent to the right one with method and body, as the file says', async t => {
  const slash = async (trailingSlash: string, method = 'GET') => {
    const { url } = await startGateway(
      t,
      `server: { host: 127.0.0.1, port: 0, trailingSlash: ${trailingSlash} }\nroutes: [{ path: /users, respond: {} }]`
    )
    return await send(url, '/users/?a=1', { method })
  }
  assert.equal((await slash('strict')).status, 404)
  assert.equal((await slash('ignore')).status, 200)
  const redirected = await slash('redirect', 'POST')
  assert.deepEqual([redirected.status, redirected.headers.location, redirected.text], [308, '/users?a=1', ''])
})

test('S0-15 S1-07 S2-114 the most specific path wins, whatever the order in the file', async t => {
  const routes = ['/users/*', '/users/:id', '/users/me', '/*'].map(path => `  - { path: "${path}", respond: { text: "${path}" } }`)
  for (const order of [routes, routes.toReversed()]) {
    const { url } = await startGateway(t, `routes:\n${order.join('\n')}`)
    for (const [path, winner] of [
      ['/users/me', '/users/me'],
      ['/users/7', '/users/:id'],
      ['/users/7/x', '/users/*'],
      ['/else', '/*']
    ] as const) {
      assert.equal((await send(url, path)).text, winner)
    }
  }
})

test('S0-16 S1-03 S2-116 a path without a route is a 404 with its request id, logged and counted', async t => {
  const users = await named(t, 'users')
  const { url, admin, logged } = await startGateway(t, `routes: [{ path: /users, target: ${users.url} }]`)
  const answer = await send(url, '/nowhere')
  assert.equal(answer.status, 404)
  assert.equal(answer.headers['content-type'], 'application/problem+json')
  assert.deepEqual(JSON.parse(answer.text), {
    type: 'urn:onedoor:error:not-found',
    title: 'not found',
    status: 404,
    code: 'not-found',
    requestId: answer.headers['x-request-id']
  })
  assert.equal((await logged(({ msg }) => msg === 'request completed'))['status'], 404)
  assert.match(
    (await send(admin, '/metrics')).text,
    /gateway_requests_total\{method="GET",path="\(none\)",route="\(none\)",service="\(none\)",status="404"\} 1\n/
  )
  assert.equal(users.hits.length, 0)
})

test('S0-17 S2-016 no spelling of a path climbs out of its route', async t => {
  const users = await named(t, 'users')
  const { url } = await startGateway(t, `
routes:
  - { path: /users/*, target: ${users.url} }
  - { path: /admin/*, respond: { status: 418 } }
`)
  for (const path of [
    '/users/../admin', '/users/%2e%2e/admin', '/users/.%2E/admin', '/users\\..\\admin', '/users/..%2fadmin',
    '/users/./1'
  ]) {
    assert.equal((await send(url, path)).status, 400, path)
  }
  assert.equal(users.hits.length, 0)
  assert.equal((await send(url, '//users//1')).status, 404)
})

test('S0-19 S2-023 a route can respond by itself, and a target that could never be reached is refused with its place', async t => {
  const { url } = await startGateway(t, 'routes: [{ path: /soon, respond: { status: 501, json: { soon: true } } }]')
  const answer = await send(url, '/soon')
  assert.deepEqual([answer.status, answer.text], [501, '{"soon":true}'])
  await assert.rejects(
    startGateway(t, 'routes: [{ path: /, target: "localhost:9000" }]'),
    /gateway\.yaml:3:\d+ {2}expected an http:\/\/ or https:\/\/ URL, got "localhost:9000"/
  )
})

test('S0-36 a response that sets no status is a 200', async t => {
  const { url } = await startGateway(t, `policies: { hello: { plugin: ./hello.mjs } }
routes: [{ path: /, respond: { status: 500 }, policies: [hello] }]`, {
    files: { 'hello.mjs': 'export default async app => { app.addHook("onRequest", async (request, reply) => reply.send("hello")) }' }
  })
  const answer = await send(url, '/')
  assert.deepEqual([answer.status, answer.text], [200, 'hello'])
})

test('S0-38 fifty routes to fifty services each reach their own', async t => {
  const service = await startTarget(t)
  const { url } = await startGateway(
    t,
    `routes:\n${Array.from({ length: 50 }, (_, n) => `  - { path: /r${n}, target: "${service.url}/base${n}" }`).join('\n')}`
  )
  await Promise.all(Array.from({ length: 50 }, async (_, n) => {
    assert.equal((JSON.parse((await send(url, `/r${n}`)).text) as { url: string }).url, `/base${n}/r${n}`)
  }))
})

test('S0-48 S1-05 S1-11 a parameter of the path reaches rewrite, header, policy and log', async t => {
  const service = await startTarget(t)
  const { url, logged } = await startGateway(t, `
policies:
  each: { plugin: rate-limiting, limit: 1/h, key: "param:id" }
  show: { plugin: ./show.mjs }
routes:
  - path: /users/:id
    name: one user
    target: ${service.url}
    rewrite: /v2/people/\${params.id}
    requestHeaders: { set: { x-user-id: "\${params.id}" } }
    policies: [each, show]
`, {
    files: {
      'show.mjs': `export default async app => {
        app.addHook("onRequest", async (request, reply) => { reply.header("x-id", request.exchange.match.params.id) })
      }`
    }
  })
  const answer = await send(url, '/users/42?a=1')
  assert.equal(answer.headers['x-id'], '42')
  assert.deepEqual([service.hits[0]!.url, service.hits[0]!.headers['x-user-id']], ['/v2/people/42?a=1', '42'])
  assert.equal((await send(url, '/users/42')).status, 429)
  assert.equal((await send(url, '/users/43')).status, 200)
  for (const path of ['/users/42/x', '/users/']) assert.equal((await send(url, path)).status, 404, path)
  assert.equal((await logged(({ path }) => path === '/users/43'))['route'], 'one user')
})

test('S0-43 S2-156 a port that is taken stops the start with a reason that names it', async t => {
  const taken = await startTarget(t)
  await assert.rejects(
    startGateway(t, `server: { host: 127.0.0.1, port: ${taken.port} }\nroutes: [{ path: /, respond: {} }]`),
    new RegExp(`EADDRINUSE.*${taken.port}`)
  )
})

test('S0-10 S1-64 S2-003 S2-004 the port is 8080 unless the file says another', async t => {
  const root = new URL('../../', import.meta.url)
  const schema = JSON.parse(readFileSync(
    new URL('gateway.schema.json', root),
    'utf8'
  )) as { properties: { server: { properties: { port: { default: number } } } } }
  assert.equal(schema.properties.server.properties.port.default, 8080)
  const port = await freePort()
  const { url } = await startGateway(t, `server: { host: 127.0.0.1, port: ${port} }\nroutes: [{ path: /, respond: {} }]`)
  assert.equal(new URL(url).port, String(port))
})
