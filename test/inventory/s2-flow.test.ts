import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { rootPlugins } from '../../src/gateway/app.ts'
import { begin, headOf, readWhole, send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { freePort, startRawTarget, startService, startTarget } from '../helpers/target.ts'
import { named } from './named.ts'

const root = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')

test('S1-13 S2-001 S2-002 S2-136 one file gives a request its limit, route, balancer, breaker, health checks and telemetry', async t => {
  const [a, b] = [await named(t, 'a'), await named(t, 'b')]
  const { url, admin, logged } = await startGateway(t, `
upstreams:
  users:
    targets: [${a.url}, ${b.url}]
    balance: weighted-round-robin
    circuitBreaker: {}
    healthChecks: { active: { path: /health }, passive: {} }
policies: { limit: { plugin: rate-limiting, limit: 100/s } }
routes: [{ path: /users, upstream: users, policies: [limit] }]
`)
  const answer = await send(url, '/users')
  assert.equal(answer.status, 200)
  assert.match(String(answer.headers['ratelimit']), /limit/)
  await logged(({ upstream }) => upstream === 'users')
  const { text } = await send(admin, '/metrics')
  for (const name of [
    'requests_total', 'rate_limit_decisions_total', 'upstream_attempts_total', 'circuit_state', 'backend_healthy',
    'active_connections'
  ]) assert.match(text, new RegExp(`^gateway_${name}\\{`, 'm'), name)
})

test('S2-005 S2-006 S2-007 S0-54 building, testing, linting and starting are one word each, and the gates run all of them', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  for (const name of ['start', 'test', 'lint', 'typecheck']) assert.ok(scripts[name], name)
  for (const command of ['npm ci', 'npm run lint', 'npm run typecheck', 'npm test']) assert.ok(read('.ci/run').includes(command), command)
  assert.match(read('gateway.yaml'), /^routes:/m)
})

test('S2-008 every key of every plugin is on the reference page', () => {
  const page = read('docs/reference/configuration.md') + read('docs/reference/policies.md')
  for (const { config } of rootPlugins) {
    for (const keys of [config?.root, config?.server, config?.upstream, config?.route]) {
      for (const key of Object.keys(keys ?? {})) assert.match(page, new RegExp(`\\b${key}\\b`), key)
    }
  }
  for (const policy of ['jwt-auth', 'rate-limiting']) assert.ok(page.includes(policy), policy)
})

test('S2-009 S2-009b every dependency is listed with the reason for it', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
  const page = read('docs/understand/dependencies.md')
  for (const name of Object.keys(dependencies)) assert.ok(page.includes(name), name)
})

test('S2-010 a balancer of the user is chosen by its name', async t => {
  const [a, b] = [await named(t, 'a'), await named(t, 'b')]
  const { url } = await startGateway(t, `
plugins: [./last.mjs]
upstreams: { users: { targets: [${a.url}, ${b.url}], balance: last } }
routes: [{ path: /, upstream: users }]
`, {
    files: {
      'last.mjs': `const last = async app => app.gateway.addBalancer("last", () => ({ pick: open => open.at(-1) }))
last[Symbol.for("skip-override")] = true
export default last`
    }
  })
  assert.deepEqual([(await send(url, '/')).text, (await send(url, '/')).text], ['b', 'b'])
})

test('S2-011 the first request of a client, to a target, of a method is as good as any', async t => {
  const service = await named(t, 'service')
  const { url } = await startGateway(t, `
policies: { limit: { plugin: rate-limiting, limit: 1/h, key: "header:x-key" } }
routes: [{ path: /, target: ${service.url}, policies: [limit] }]
`)
  assert.equal((await send(url, '/', { headers: { 'x-key': 'a' } })).status, 200)
  assert.equal((await send(url, '/', { method: 'PUT', headers: { 'x-key': 'b' } })).status, 200)
})

test('S2-013 every method reaches the service with its body, and its response comes back', async t => {
  const service = await startTarget(t)
  const { url } = await startGateway(t, `routes: [{ path: /*, target: ${service.url} }]`)
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    const { method: seen, body } = JSON.parse((await send(url, '/x', { method, headers: { 'content-length': 4 }, body: 'body' })).text) as {
      method: string,
      body: string
    }
    assert.deepEqual([seen, body], [method, 'body'])
  }
})

test('S2-018 an idle connection to a service is given back after its time', async t => {
  const service = await startService(t, (_request, response) => { response.end() })
  const { url } = await startGateway(
    t,
    `upstreams: { a: { targets: [${service.url}], connections: { keepAlive: 50ms } } }\nroutes: [{ path: /, upstream: a }]`
  )
  const opened = once(service.server, 'connection')
  await send(url, '/')
  const [socket] = await opened as [Socket]
  if (!socket.destroyed) await once(socket, 'close')
  assert.equal(service.sockets.size, 0)
})

test('S2-019 a connection that does not come about is a 504 of its own kind', async t => {
  const silent = await startRawTarget(t, () => {})
  const { url } = await startGateway(t, `
upstreams: { a: { targets: [${silent.url.replace('http', 'https')}], timeouts: { connect: 30ms }, retry: { attempts: 1 } } }
routes: [{ path: /, upstream: a }]
`)
  const answer = await send(url, '/')
  assert.deepEqual([answer.status, (JSON.parse(answer.text) as { code: string }).code], [504, 'connect-timeout'])
})

test('S2-024 one dead target of three costs no client anything', async t => {
  const [a, b] = [await named(t, 'a'), await named(t, 'b')]
  const { url } = await startGateway(t, `
upstreams: { users: { targets: [${a.url}, "http://127.0.0.1:${await freePort()}", ${b.url}] } }
routes: [{ path: /, upstream: users }]
`)
  for (let i = 0; i < 9; i++) assert.equal((await send(url, '/')).status, 200)
})

test('S2-029 the service learns address, scheme, host and port of the client\'s request, and Forwarded where it is asked for', async t => {
  const service = await startTarget(t)
  const { url } = await startGateway(
    t,
    `upstreams: { a: { targets: [${service.url}], forwarded: true } }\nroutes: [{ path: /, upstream: a }]`
  )
  await send(url, '/', { headers: { host: 'shop.example.com', 'x-forwarded-for': '203.0.113.1' } })
  const { headers } = service.hits[0]!
  assert.deepEqual([
    headers['x-forwarded-for'], headers['x-forwarded-proto'], headers['x-forwarded-host'], headers['x-forwarded-port'],
    headers.forwarded
  ],
    ['127.0.0.1', 'http', 'shop.example.com', new URL(url).port, 'for=127.0.0.1;host=shop.example.com;proto=http'])
})

test('S2-041 above its connections and its queue a target is closed, and the client told when to come back', async t => {
  const arrived = Promise.withResolvers<ServerResponse>()
  const service = await startTarget(t, (_request, response) => { arrived.resolve(response) })
  const { url } = await startGateway(
    t,
    `upstreams: { a: { targets: [${service.url}], connections: { max: 1, pending: 0 } } }\nroutes: [{ path: /, upstream: a }]`
  )
  const first = begin(url, '/').end()
  const response = await arrived.promise
  const second = await send(url, '/')
  assert.deepEqual([second.status, second.headers['retry-after']], [503, '1'])
  response.end('done')
  assert.equal((await readWhole(await headOf(first))).text, 'done')
  assert.equal(service.hits.length, 1)
})
