import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { mint } from '../../plugins/policies/jwt-auth/mint.ts'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'
import { named } from './named.ts'

const secret = 'a-secret-for-tests-with-enough-bytes-in-it'

/** A policy that writes down when the request and the response pass it. */
const probe = (name: string): string => `export default async app => {
  app.addHook('onRequest', async request => { (request.raw.trail ??= []).push('${name}') })
  app.addHook('onSend', async (request, reply) => {
    request.raw.trail.push('${name} after')
    reply.header('x-trail', request.raw.trail.join(' '))
  })
}`

test('S1-01 S1-14 S1-15 S1-20 S2-149 S0-47 S0-55 plugins of the user run around the service in the order that the route lists', async t => {
  const service = await named(t, 'service')
  const { url } = await startGateway(t, `
policies: { a: { plugin: ./a.mjs }, b: { plugin: ./b.mjs } }
routes:
  - { path: /ab, target: ${service.url}, policies: [a, b] }
  - { path: /ba, target: ${service.url}, policies: [b, a] }
  - { path: /none, target: ${service.url} }
`, { files: { 'a.mjs': probe('a'), 'b.mjs': probe('b') } })
  const trail = async (path: string) => (await send(url, path)).headers['x-trail']
  assert.equal(await trail('/ab'), 'a b b after a after')
  assert.equal(await trail('/ba'), 'b a a after b after')
  assert.equal(await trail('/none'), undefined)
  assert.equal((await send(url, '/none')).text, 'service')
})

test('S1-02 a request is judged without a port open, by the same pipeline', async t => {
  const service = await named(t, 'service')
  const { gateway } = await startGateway(t, `
policies: { login: { plugin: jwt-auth, secret: ${secret} } }
routes: [{ path: /, target: ${service.url}, policies: [login] }]
`)
  const { route, outcome } = await gateway.explain({ method: 'GET', url: '/' })
  assert.deepEqual([route, outcome.status, outcome.code], ['/', 401, 'missing-token'])
  assert.equal(service.hits.length, 0)
})

test('S1-08 S1-18 among a thousand routes the last one is found as the first', async t => {
  const { url } = await startGateway(
    t,
    `routes:\n${Array.from({ length: 1000 }, (_, n) => `  - { path: /r${n}/:id/*, respond: { text: r${n} } }`).join('\n')}`
  )
  for (const n of [0, 500, 999]) assert.equal((await send(url, `/r${n}/7/x`)).text, `r${n}`)
})

test('S1-09 S1-10 methods choose among routes; a wrong one is a 405 that lists the right ones; HEAD follows GET', async t => {
  const { url } = await startGateway(t, `
routes:
  - { path: /users, methods: [GET], respond: { text: read } }
  - { path: /users, methods: [POST], respond: { text: written } }
`)
  assert.equal((await send(url, '/users')).text, 'read')
  assert.equal((await send(url, '/users', { method: 'POST' })).text, 'written')
  assert.equal((await send(url, '/users', { method: 'HEAD' })).status, 200)
  const wrong = await send(url, '/users', { method: 'DELETE' })
  assert.deepEqual([wrong.status, wrong.headers.allow], [405, 'GET, HEAD, POST'])
  const options = await send(url, '/users', { method: 'OPTIONS' })
  assert.deepEqual([options.status, options.headers.allow?.includes('POST')], [204, true])
})

test('S1-49 S1-53 metrics on the public listener come before routes and policies, uncounted; off, the path is a route', async t => {
  const yaml = (metrics: string): string => `
metrics: ${metrics}
server: { host: 127.0.0.1, port: 0, policies: [login] }
policies: { login: { plugin: jwt-auth, secret: ${secret} } }
routes: [{ path: /*, respond: {} }]
`
  const on = await startGateway(t, yaml('{ listener: public }'))
  await send(on.url, '/metrics')
  const { status, headers, text } = await send(on.url, '/metrics')
  assert.equal(status, 200)
  assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/)
  assert.doesNotMatch(text, /gateway_requests_total\{.*\} [1-9]/)
  const off = await startGateway(t, yaml('{ listener: public, enabled: false }'))
  assert.equal((await send(off.url, '/metrics')).status, 401)
})

test('S1-16 S2-150 what policies refuse is still logged, counted and told its id', async t => {
  const { url, admin, logged } = await startGateway(t, `
policies: { limit: { plugin: rate-limiting, limit: 1/h }, login: { plugin: jwt-auth, secret: ${secret} } }
routes: [{ path: /, respond: {}, policies: [limit, login] }]
`)
  for (const status of [401, 429]) {
    const answer = await send(url, '/')
    assert.equal(answer.status, status)
    const id = answer.headers['x-request-id']
    assert.equal((await logged(({ requestId, msg }) => requestId === id && msg === 'request completed'))['status'], status)
  }
  const { text } = await send(admin, '/metrics')
  for (const status of [401, 429]) assert.match(text, new RegExp(`gateway_requests_total\\{.*status="${status}"\\} 1\n`))
})

test('S1-17 S1-60 a policy or plugin that does not exist is refused with its place and the nearest right word', async t => {
  await assert.rejects(
    startGateway(t, 'policies: { limit: { plugin: rate-limiting, limit: 1/s } }\nroutes: [{ path: /, respond: {}, policies: [limt] }]'),
    /gateway\.yaml:4:45 {2}unknown policy "limt" — did you mean "limit"\?/
  )
  await assert.rejects(
    startGateway(t, 'policies: { limit: { plugin: rate-limting, limit: 1/s } }\nroutes: [{ path: /, respond: {}, policies: [limit] }]'),
    /unknown plugin "rate-limting" — did you mean "rate-limiting"\?/
  )
})

test('S1-19 S1-21 S1-59 login and limit need only their key in the file; tracing, metrics and log need none', async t => {
  const service = await startTarget(t)
  const { url, admin, logged } = await startGateway(t, `
policies: { login: { plugin: jwt-auth, secret: ${secret} }, limit: { plugin: rate-limiting, limit: 1/h } }
routes:
  - { path: /plain, target: ${service.url} }
  - { path: /both, target: ${service.url}, policies: [login, limit] }
`)
  await send(url, '/plain')
  assert.match(service.hits[0]!.headers['traceparent'] as string, /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/)
  assert.match((await send(admin, '/metrics')).text, /gateway_requests_total\{method="GET",path="\/plain",.*\} 1\n/)
  await logged(({ path }) => path === '/plain')
  const authorization = `Bearer ${mint({ secret }, { sub: 'ada', now: Date.now(), expiresIn: 60_000 })}`
  const statuses = [
    await send(url, '/both'),
    await send(url, '/both', { headers: { authorization } }),
    await send(url, '/both', { headers: { authorization } })
  ].map(({ status }) => status)
  assert.deepEqual(statuses, [401, 200, 429])
})

test('S1-22 S1-23 a route is protected if it lists the login, and an unlisted login is a warning', async t => {
  const yaml = (policies: string): string => `
policies: { login: { plugin: jwt-auth, secret: ${secret} } }
routes: [{ path: /private, respond: {}, policies: [${policies}] }, { path: /public, respond: {} }]
`
  const locked = await startGateway(t, yaml('login'))
  assert.equal((await send(locked.url, '/private')).status, 401)
  assert.equal((await send(locked.url, '/public')).status, 200)
  const { url, gateway } = await startGateway(t, yaml(''))
  assert.equal((await send(url, '/private')).status, 200)
  assert.match(gateway.warnings.join(), /policy "login" is listed nowhere/)
})

test('S1-45 S1-46 S1-47 S2-138 S2-139 S2-140 S2-142 an access line is one JSON object with all that one asks for', async t => {
  const service = await named(t, 'service')
  const { url, logged } = await startGateway(t, `
upstreams: { users: { targets: [${service.url}] } }
routes: [{ path: /users/:id, upstream: users }]
`)
  const answer = await send(url, '/users/1?token=secret')
  const { time, durationMs, upstreamMs, traceId, requestId, ...line } = await logged(({ msg }) => msg === 'request completed')
  assert.deepEqual(line, {
    level: 'info',
    msg: 'request completed',
    method: 'GET',
    path: '/users/1',
    route: '/users/:id',
    status: 200,
    upstream: 'users',
    target: service.url,
    attempts: 1,
    bytesIn: 0,
    bytesOut: 7,
    clientIp: '127.0.0.1'
  })
  assert.equal(requestId, answer.headers['x-request-id'])
  assert.match(String(traceId), /^[0-9a-f]{32}$/)
  for (const number of [time, durationMs, upstreamMs]) assert.equal(typeof number, 'number')
})

test('S1-48 S1-50 S1-51 S1-54 S1-70 S2-130 S2-131 S2-137 requests and durations count by pattern, and exist from the start', async t => {
  const { url, admin } = await startGateway(t, 'routes: [{ path: /users/:id, methods: [GET], respond: {} }]')
  const labels = 'method="GET",path="/users/:id",route="/users/:id",service="(none)",status="200"'
  const count = (text: string) => text.split(`gateway_requests_total{${labels}} `)[1]?.split('\n', 1)[0]
  const before = (await send(admin, '/metrics')).text
  assert.equal(count(before), '0')
  for (const name of ['gateway_requests_total', 'gateway_request_duration_seconds', 'gateway_requests_in_flight']) {
    assert.match(before, new RegExp(`^# TYPE ${name} `, 'm'))
  }
  for (let id = 0; id < 20; id++) await send(url, `/users/${id}`)
  const { status, headers, text } = await send(admin, '/metrics')
  assert.equal(status, 200)
  assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/)
  assert.equal(count(text), '20')
  assert.equal(text.match(/^gateway_requests_total\{.*\} [1-9]/gm)!.length, 1)
  const bounds = [...text.matchAll(/^gateway_request_duration_seconds_bucket\{.*le="([^"]+)"/gm)].map(([, le]) => le)
  assert.deepEqual(bounds, ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '+Inf'])
  assert.match(text, /^gateway_request_duration_seconds_count\{method="GET",path="\/users\/:id",service="\(none\)"\} 20$/m)
})

test('S1-52 S2-135 requests in flight and attempts at a target are gauges that come back to nothing', async t => {
  const arrived = Promise.withResolvers<void>()
  let finish = (): void => {}
  const service = await startTarget(t, (_request, response) => { finish = () => response.end(); arrived.resolve() })
  const { url, admin } = await startGateway(t, `routes: [{ path: /, target: ${service.url} }]`)
  const gauges = async () => {
    const { text } = await send(admin, '/metrics')
    return [/^gateway_requests_in_flight (\d+)$/m.exec(text)?.[1], /^gateway_active_connections\{backend="[^"]+"\} (\d+)$/m.exec(text)?.[1]]
  }
  const answer = send(url, '/')
  await arrived.promise
  assert.deepEqual(await gauges(), ['1', '1'])
  finish()
  await answer
  assert.deepEqual(await gauges(), ['0', '0'])
})

test('S1-61 S1-62 S2-103 S2-104 every problem of the file is reported at once, each with its place and a correction', async t => {
  await assert.rejects(startGateway(
    t,
    'servr: { port: 0 }\nroutes:\n  - { path: /, targt: http://127.0.0.1:1 }\n  - { path: users, respond: {} }\n  - { path: /x }\n'
  ), ({ message }: Error) => {
    for (const said of [/gateway\.yaml:3:1 {2}unknown key "servr".*"server"/, /gateway\.yaml:5:16 {2}unknown key "targt".*"target"/]) {
      assert.match(message, said)
    }
    return true
  })
  await assert.rejects(startGateway(t, 'routes:\n  - { path: users, respond: {} }\n  - { path: /x }\n'), ({ message }: Error) => {
    for (const said of [/gateway\.yaml:4:\d+ .*\//, /gateway\.yaml:5:\d+ {2}nothing serves this route/]) assert.match(message, said)
    return true
  })
  await assert.rejects(startGateway(t, 'routes: []'), /gateway\.yaml:3:9 {2}needs at least one item/)
})

test('S1-71 S1-72 a service joins the trace of its caller through the gateway, and upstreams have numbers of their own', async t => {
  const service = await startTarget(t)
  const { url, admin } = await startGateway(
    t,
    `upstreams: { users: { targets: [${service.url}] } }\nroutes: [{ path: /, upstream: users }]`
  )
  const trace = '0af7651916cd43dd8448eb211c80319c'
  await send(url, '/', { headers: { traceparent: `00-${trace}-b7ad6b7169203331-01`, tracestate: 'a=1' } })
  const { traceparent, tracestate } = service.hits[0]!.headers
  assert.match(String(traceparent), new RegExp(`^00-${trace}-(?!b7ad6b7169203331)[0-9a-f]{16}-01$`))
  assert.equal(tracestate, 'a=1')
  assert.match((await send(admin, '/metrics')).text, /gateway_upstream_attempts_total\{upstream="users",.*outcome="success",.*\} 1\n/)
})

test('S1-65 S1-66 S1-67 S1-68 S1-81 S0-53 what the documentation tells people to run is there, and its examples are run as tests', () => {
  const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  assert.match(scripts['start']!, /onedoor\.mjs start/)
  assert.match(read('src/cli/commands.ts'), /name: 'token'/)
  assert.match(read('docker-compose.yml'), /^services:\n/m)
  assert.match(read('gateway.yaml'), /^mocks:/m)
  assert.match(read('examples/simple-api-gateway/README.md'), /TOKEN=\$\(npm run -s onedoor -- token/)
  assert.match(read('test/examples/examples.test.ts'), /docs\/\*\*\/\*\.md/)
})

test('S1-63 the sample of a small gateway with login, limit, metrics and tracing is an example with a table of old and new keys', () => {
  const readme = readFileSync(new URL('../../examples/simple-api-gateway/README.md', import.meta.url), 'utf8')
  for (const key of [
    'server.port', 'routes[].middleware', 'auth.enabled', 'rate_limit.enabled', 'metrics.prometheus.enabled',
    'metrics.otel.enabled', 'logging.format'
  ]) assert.ok(readme.includes(`\`${key}`), key)
})
