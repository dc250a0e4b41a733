/** What was found broken in the gateways that this one is measured against; each of it works here. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { begin, headOf, send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startService, startTarget } from '../helpers/target.ts'
import { named } from './named.ts'

test('S2-044 an upstream without targets is refused, and one whose targets are all drained answers 503', async t => {
  await assert.rejects(startGateway(t, 'upstreams: { a: { targets: [] } }\nroutes: [{ path: /, upstream: a }]'), /gateway\.yaml:3:\d+ /)
  const { url } = await startGateway(
    t,
    'upstreams: { a: { targets: [{ url: "http://127.0.0.1:1", weight: 0 }] } }\nroutes: [{ path: /, upstream: a }]'
  )
  assert.equal((await send(url, '/')).status, 503)
})

test('S2-051 S2-061 a limit of nothing is refused, and Retry-After is a whole second or more', async t => {
  const yaml = (limit: string): string => `policies: { limit: { plugin: rate-limiting, limit: ${limit}, burst: 1 } }
routes: [{ path: /, respond: {}, policies: [limit] }]`
  await assert.rejects(startGateway(t, yaml('0/s')), /gateway\.yaml:3:\d+ /)
  const { url } = await startGateway(t, yaml('10/s'), { clock: { now: () => 1000, wall: () => Date.now() } })
  await send(url, '/')
  const answer = await send(url, '/')
  assert.deepEqual([answer.status, answer.headers['retry-after']], [429, '1'])
})

test('S2-062 a client that opens a new connection for every request is still one client', async t => {
  const { url } = await startGateway(
    t,
    'policies: { limit: { plugin: rate-limiting, limit: 2/h } }\nroutes: [{ path: /, respond: {}, policies: [limit] }]'
  )
  const statuses = []
  for (let i = 0; i < 10; i++) statuses.push((await send(url, '/')).status)
  assert.equal(statuses.filter(status => status === 200).length, 2)
})

test('S2-070 S2-072 S2-073 a half-open breaker tries one request, also if its client leaves, and ignores late outcomes', async t => {
  let now = 1000
  let behave: (response: ServerResponse) => void = response => response.writeHead(500).end()
  let hits = 0
  const service = await startService(t, (_request, response) => { hits++; behave(response) })
  const { url } = await startGateway(t, `
upstreams: { a: { targets: [${service.url}], circuitBreaker: { failures: 1, openFor: 10s }, timeouts: { total: 0s } } }
routes: [{ path: /, upstream: a }]
`, { clock: { now: () => now, wall: () => Date.now() } })

  // One that began before the breaker opened and responses well long after.
  const held = Promise.withResolvers<ServerResponse>()
  const failing = behave
  behave = held.resolve
  const old = begin(url, '/').end()
  const oldResponse = await held.promise
  behave = failing
  assert.equal((await send(url, '/')).status, 500)
  assert.equal((await send(url, '/')).status, 503)
  oldResponse.end('late')
  await headOf(old)
  assert.equal((await send(url, '/')).status, 503)

  // The one that is let through leaves before it gets a response.
  now += 10_001
  const tried = Promise.withResolvers<ServerResponse>()
  behave = tried.resolve
  hits = 0
  const probe = begin(url, '/').end()
  const probed = await tried.promise
  const others = await Promise.all(Array.from({ length: 20 }, async () => (await send(url, '/')).status))
  assert.deepEqual([hits, new Set(others)], [1, new Set([503])])
  const gone = once(probed, 'close')
  probe.destroy()
  await gone

  behave = response => response.end('well again')
  assert.equal((await send(url, '/')).status, 200)
  assert.equal((await send(url, '/')).status, 200)
})

test('S2-089 targets come and go under load, in the middle of probes, without a lost request', async t => {
  const [a, b] = [await named(t, 'a'), await startTarget(t, (request, response) => { if (request.url !== '/health') response.end('b') })]
  const yaml = (...targets: string[]): string => `
upstreams: { users: { targets: [${targets.join(', ')}], healthChecks: { active: { interval: 2s, timeout: 1s } } } }
routes: [{ path: /, upstream: users }]
`
  const { url, gateway, write } = await startGateway(t, yaml(a.url, b.url))
  const statuses = new Set<number>()
  let reloading = true
  const traffic = (async () => {
    while (reloading) statuses.add((await send(url, '/')).status)
  })()
  for (let i = 0; i < 6; i++) {
    write(i % 2 === 0 ? yaml(a.url) : yaml(a.url, b.url))
    assert.deepEqual(await gateway.reload('test'), { ok: true, problems: [] })
  }
  reloading = false
  await traffic
  assert.deepEqual([...statuses], [200])
})

test('S1-74 S2-125 a reload says that it happened and how many routes there are, or why it did not', async t => {
  const { gateway, write, logs } = await startGateway(t, 'routes: [{ path: /, respond: {} }]')
  write('routes: [{ path: /a, respond: {} }, { path: /b, respond: {} }]')
  await gateway.reload('test')
  write('routes: [{ path: /a, respnd: {} }]')
  await gateway.reload('test')
  assert.deepEqual(
    logs.filter(({ trigger }) => trigger === 'test').map(({ msg, routes }) => [msg, routes]),
    [['configuration reloaded', 2], ['invalid configuration, keeping the old one', undefined]]
  )
})
