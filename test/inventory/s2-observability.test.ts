import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLogger } from '../../src/logging/log.ts'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { freePort, startTarget } from '../helpers/target.ts'
import { named } from './named.ts'

test('S2-132 a target that stopped is shown as unhealthy', async t => {
  const service = await named(t, 'service')
  const { admin, logged } = await startGateway(t, `
upstreams: { a: { targets: [${service.url}], healthChecks: { active: { interval: 300ms, timeout: 250ms, unhealthyAfter: 1 } } } }
routes: [{ path: /, upstream: a }]
`)
  const shown = async () => /^gateway_backend_healthy\{.*\} (\d)$/m.exec((await send(admin, '/metrics')).text)?.[1]
  assert.equal(await shown(), '1')
  await service.close()
  await logged(({ msg }) => msg === 'target unhealthy')
  assert.equal(await shown(), '0')
})

test('S2-133 S2-134 refusals and open breakers are counted by policy and target, never by client', async t => {
  const service = await startTarget(t, (_request, response) => { response.writeHead(500).end() })
  const { url, admin } = await startGateway(t, `
upstreams: { a: { targets: [${service.url}], circuitBreaker: { failures: 1 } } }
policies: { limit: { plugin: rate-limiting, limit: 1/h } }
routes: [{ path: /, upstream: a, policies: [limit] }]
`)
  assert.match((await send(admin, '/metrics')).text, /^gateway_circuit_state\{.*\} 0$/m)
  await send(url, '/')
  await send(url, '/')
  const { text } = await send(admin, '/metrics')
  assert.match(text, /^gateway_rate_limited_total\{policy="limit"\} 1$/m)
  assert.match(text, new RegExp(`^gateway_circuit_state\\{upstream="a",backend="${service.url}"\\} 1$`, 'm'))
})

test('S2-138 the level hides the lines below it, and a failure is above the ordinary', async t => {
  const lines: string[] = []
  const logger = createLogger({ level: 'warn', format: 'json' }, { write: text => { lines.push(text) } })
  const { url, gateway } = await startGateway(
    t,
    `routes: [{ path: /, respond: {} }, { path: /dead, target: "http://127.0.0.1:${await freePort()}" }]`,
    { logger }
  )
  await send(url, '/')
  await send(url, '/dead')
  await gateway.close(0)
  const written = lines.map(line => JSON.parse(line) as { level: string, path?: string })
  assert.deepEqual([...new Set(written.map(({ level }) => level))], ['warn'])
  assert.deepEqual(written.flatMap(({ path }) => path ?? []), ['/dead'])
})

test('S2-141 S2-151 a line that a plugin logs about a request carries its id', async t => {
  const {
    url,
    logged
  } = await startGateway(t, 'policies: { talk: { plugin: ./talk.mjs } }\nroutes: [{ path: /, respond: {}, policies: [talk] }]', {
    files: { 'talk.mjs': 'export default async app => { app.addHook("onRequest", async request => { request.log.info("here I am") }) }' }
  })
  const answer = await send(url, '/')
  const line = await logged(({ msg }) => msg === 'here I am')
  assert.ok(Object.values(line).includes(answer.headers['x-request-id']), JSON.stringify(line))
})

test('S2-143 S2-146 S2-147 without an id of the client each request gets 32 hex digits, which are its trace id too', async t => {
  const service = await startTarget(t)
  const { url } = await startGateway(t, `routes: [{ path: /, target: ${service.url} }]`)
  const ids = new Set<string>()
  for (let i = 0; i < 100; i++) ids.add(String((await send(url, '/')).headers['x-request-id']))
  assert.equal(ids.size, 100)
  for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/)
  const { headers } = service.hits[0]!
  assert.equal(String(headers['traceparent']).split('-')[1], headers['x-request-id'])
})

test('S2-144 S2-145 a request id of the client reaches service, response and log, also on errors; a malformed one is replaced', async t => {
  const service = await startTarget(t)
  const { url, logged } = await startGateway(t, `
routes: [{ path: /, target: ${service.url} }, { path: /dead, target: "http://127.0.0.1:${await freePort()}" }]
`)
  for (const path of ['/', '/nowhere', '/dead']) {
    const id = `mine-${path.slice(1)}`
    assert.equal((await send(url, path, { headers: { 'x-request-id': id } })).headers['x-request-id'], id)
    await logged(({ requestId, msg }) => requestId === id && msg === 'request completed')
  }
  assert.equal(service.hits[0]!.headers['x-request-id'], 'mine-')
  assert.match(String((await send(url, '/', { headers: { 'x-request-id': 'a b"c' } })).headers['x-request-id']), /^[0-9a-f]{32}$/)
})
