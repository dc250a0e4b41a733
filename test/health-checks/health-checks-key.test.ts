/** The key `healthChecks`: which targets get traffic, and what operators see. */

import assert from 'node:assert/strict'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import * as healthChecks from '../../plugins/health-checks/index.ts'
import type { ActiveConfig, HealthChecksConfig } from '../../plugins/health-checks/options.ts'
import type { UpstreamConfig } from '../../src/config/types.ts'
import { GatewayError, reasons } from '../../src/errors.ts'
import { Leases } from '../../src/leases.ts'
import type { Attempt, Outcome } from '../../src/upstream/attempt.ts'
import { startTarget } from '../helpers/target.ts'
import { smallApp, smallConfig, type SmallApp, type SmallAppOptions } from '../load-balancing/small-app.ts'
import { exchange } from '../load-balancing/upstream.ts'
import { certificate, privateKey } from './certificate.ts'

const active: ActiveConfig = { path: '/health', method: 'GET', interval: 10, timeout: 5000, healthyAfter: 2, unhealthyAfter: 3, statuses: ['2xx'] }
const passive = { window: 30_000, errorRate: 0.5, minRequests: 4 }
const a = 'http://a.test'
const b = 'http://b.test'

async function start (t: TestContext, targets: readonly string[], checks: Partial<HealthChecksConfig>, options: Partial<SmallAppOptions> = {}): Promise<SmallApp> {
  return await smallApp(t, { plugins: [healthChecks], upstreams: { users: { targets, healthChecks: { whenNoneHealthy: 'fail-open', ...checks } } }, ...options })
}

function select ({ app, clock }: SmallApp): Attempt {
  return app.gateway.upstreams.get('users')!.select(exchange(), clock.time)
}

/** One request to one target, whatever its health. */
function use ({ app, clock }: SmallApp, url: string, outcome: Outcome): void {
  const upstream = app.gateway.upstreams.get('users')!
  upstream.balancer = { pick: open => open.find(target => target.url === url) ?? assert.fail(`${url} is closed`) }
  const attempt = upstream.select(exchange(), clock.time)
  assert.equal(attempt.target.url, url)
  if (outcome === 'failure') attempt.failure = reasons['response-timeout']
  attempt.target.settle(attempt, outcome, clock.time)
}

/** The targets that get traffic. */
function used (gateway: SmallApp): string[] {
  const { app, clock } = gateway
  return app.gateway.upstreams.get('users')!.targets.filter(target => target.closedBy(clock.time, false) === undefined).map(target => target.url)
}

function states ({ app, clock }: SmallApp): unknown[] {
  return app.gateway.upstreams.get('users')!.targets.map(target => target.gates.map(gate => gate.describe(clock.time)))
}

async function shows (gateway: SmallApp, series: string): Promise<void> {
  assert.ok((await gateway.scrape()).split('\n').includes(series), series)
}

test('a target whose probes fail gets no traffic until they pass again', async t => {
  let status = 200
  const good = await startTarget(t)
  const sick = await startTarget(t, (_request, response) => response.writeHead(status).end())
  const gateway = await start(t, [good.url, sick.url], { active })
  assert.deepEqual(used(gateway), [good.url, sick.url], 'traffic flows before the first probe has ended')
  status = 503
  const gone = await gateway.logged('target unhealthy')
  assert.deepEqual([gone.level, gone.upstream, gone.target, gone.check, gone.why], [40, 'users', sick.url, 'active', '3 probes failed, last: HTTP 503'])
  assert.deepEqual(used(gateway), [good.url])
  await shows(gateway, `gateway_backend_healthy{upstream="users",backend="${sick.url}"} 0`)
  await shows(gateway, `gateway_backend_healthy{upstream="users",backend="${good.url}"} 1`)
  status = 200
  const back = await gateway.logged('target healthy')
  assert.deepEqual([back.level, back.target, back.why], [30, sick.url, '2 probes passed'])
  assert.deepEqual(used(gateway), [good.url, sick.url])
})

test('probes ask below the base path of the target and are counted by result', async t => {
  const target = await startTarget(t, (_request, response) => response.writeHead(500).end())
  const gateway = await start(t, [`${target.url}/base/`], { active })
  await gateway.logged('target unhealthy')
  assert.equal(target.hits[0]!.url, '/base/health')
  await shows(gateway, `gateway_health_checks_total{upstream="users",backend="${target.url}/base",result="success"} 0`)
  assert.match(await gateway.scrape(), /^gateway_health_checks_total\{upstream="users",backend="[^"]*\/base",result="failure"\} [1-9]/m)
})

test('the certificate of a target is verified as it is for traffic', async t => {
  const server = createServer({ cert: certificate, key: privateKey }, (_request, response) => response.writeHead(503).end())
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const targets = [`https://127.0.0.1:${(server.address() as AddressInfo).port}`]
  const checks: HealthChecksConfig = { active: { ...active, unhealthyAfter: 1 }, whenNoneHealthy: 'fail-open' }
  const why = async (tls: UpstreamConfig['tls']) => {
    const gateway = await smallApp(t, { plugins: [healthChecks], upstreams: { users: { targets, tls, healthChecks: checks } } })
    return (await gateway.logged('target unhealthy')).why
  }
  assert.equal(await why({ verify: true }), '1 probe failed, last: tls-error')
  // To be told the status at all, the probe must have trusted the certificate.
  assert.equal(await why({ verify: true, ca: certificate }), '1 probe failed, last: HTTP 503')
})

test('a target whose requests fail gets no traffic until the window has forgotten them', async t => {
  const gateway = await start(t, [a, b], { passive })
  for (const outcome of ['failure', 'failure', 'success', 'success'] as const) use(gateway, b, outcome)
  assert.deepEqual(used(gateway), [a])
  assert.deepEqual(states(gateway), [[{ state: 'healthy' }], [{ state: 'unhealthy', why: '2 of 4 requests failed in 30s', opensAt: 30_000 }]])
  await shows(gateway, `gateway_backend_healthy{upstream="users",backend="${b}"} 0`)
  gateway.clock.time = 30_000
  assert.deepEqual(used(gateway), [a, b])
  use(gateway, b, 'success')
  assert.deepEqual(gateway.log.map(({ level, msg, target, check, why }) => [level, msg, target, check, why]), [
    [40, 'target unhealthy', b, 'passive', '2 of 4 requests failed in 30s'],
    [30, 'target healthy', b, 'passive', '0 of 0 requests failed in 30s']
  ])
})

test('clients that leave say nothing about a target', async t => {
  const gateway = await start(t, [a, b], { passive })
  for (let count = 0; count < 20; count++) use(gateway, b, 'ignored')
  assert.deepEqual(used(gateway), [a, b])
  use(gateway, b, 'failure')
  assert.deepEqual(used(gateway), [a, b])
})

test('either of probes and traffic takes a target out', async t => {
  const [one, two] = [await startTarget(t), await startTarget(t, (_request, response) => response.writeHead(503).end())]
  const gateway = await start(t, [one.url, two.url], { active, passive })
  await gateway.logged('target unhealthy')
  assert.deepEqual(used(gateway), [one.url])
  for (let count = 0; count < 4; count++) use(gateway, one.url, 'failure')
  assert.deepEqual(used(gateway), [])
  const { state, why } = gateway.app.gateway.upstreams.get('users')!.targets[0]!.gates[0]!.describe(gateway.clock.time)
  assert.deepEqual([state, why], ['unhealthy', '4 of 4 requests failed in 30s'])
})

test('when no target is healthy, fail-open uses them all the same', async t => {
  const gateway = await start(t, [a, b], { passive })
  for (let count = 0; count < 4; count++) use(gateway, a, 'failure')
  for (let count = 0; count < 4; count++) use(gateway, b, 'failure')
  assert.deepEqual(used(gateway), [])
  use(gateway, a, 'success')
  use(gateway, b, 'success')
})

test('when no target is healthy, fail-closed answers 503 and says when to come back', async t => {
  const gateway = await start(t, [a], { passive, whenNoneHealthy: 'fail-closed' })
  for (let count = 0; count < 4; count++) use(gateway, a, 'failure')
  assert.throws(() => select(gateway), (error: Error) => {
    assert.ok(error instanceof GatewayError)
    assert.deepEqual([error.statusCode, error.code, error.headers], [503, 'no-target', { 'retry-after': '29' }])
    return true
  })
})

test('a target nobody checks is shown as healthy', async t => {
  const gateway = await smallApp(t, { plugins: [healthChecks], upstreams: { users: { targets: [a] } } })
  await shows(gateway, `gateway_backend_healthy{upstream="users",backend="${a}"} 1`)
})

test('a reload keeps prober and health; changed options start afresh; the last one to go stops the probes', async t => {
  let status = 503
  const target = await startTarget(t, (_request, response) => response.writeHead(status).end())
  const leases = new Leases()
  const [first, second, third] = [leases.hold(), leases.hold(), leases.hold()]
  const before = await start(t, [target.url], { active, passive }, { leases: first })
  await before.logged('target unhealthy')
  const after = await start(t, [target.url], { active, passive }, { leases: second })
  assert.deepEqual(used(after), [])
  await first.release()
  status = 200
  await after.logged('target healthy')
  assert.equal(before.log.some(({ msg }) => msg === 'target healthy'), false, 'the newest configuration writes the log')
  const changed = await start(t, [target.url], { active: { ...active, path: '/other' } }, { leases: third })
  assert.deepEqual(states(changed), [[{ state: 'unknown' }]])
  await second.release()
  await third.release()
  assert.equal(leases.size, 0)
})

test('a rehearsal sees the health of today and sends nothing', async t => {
  const target = await startTarget(t, (_request, response) => response.writeHead(503).end())
  const fresh = await start(t, [target.url], { active: { ...active, path: '/rehearsed' } }, { rehearsal: true })
  assert.deepEqual(states(fresh), [[{ state: 'unknown' }]])
  const leases = new Leases()
  const live = await start(t, [target.url], { active, passive }, { leases: leases.hold() })
  await live.logged('target unhealthy')
  const rehearsal = await start(t, [target.url], { active, passive }, { leases: leases.fork(), rehearsal: true })
  assert.deepEqual(used(rehearsal), [])
  for (let count = 0; count < 4; count++) use(rehearsal, target.url, 'failure')
  assert.deepEqual(rehearsal.log, [])
  assert.equal(target.hits.some(hit => hit.url === '/rehearsed'), false)
})

test('what cannot work is refused, what does nothing is warned of', () => {
  const problems = (checks: Partial<HealthChecksConfig>) => {
    const found: unknown[] = []
    const config = smallConfig({ 'a/b': { healthChecks: { whenNoneHealthy: 'fail-open', ...checks } } })
    healthChecks.config.check(config, ({ pointer, severity, message }) => found.push([pointer, severity ?? 'error', message]))
    return found
  }
  assert.deepEqual(problems({ active: { ...active, interval: 1000, timeout: 1000 } }), [
    ['/upstreams/a~1b/healthChecks/active/timeout', 'error', 'must be shorter than the interval (1s), got 1s']
  ])
  assert.deepEqual(problems({ active: { ...active, interval: 1000, timeout: 999 } }), [])
  assert.deepEqual(problems({}), [['/upstreams/a~1b/healthChecks', 'warning', 'healthChecks has neither `active` nor `passive`, so nothing is checked']])
})
