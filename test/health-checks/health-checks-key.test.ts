/** The key `healthChecks`: which targets get traffic, and what operators see. */

import assert from 'node:assert/strict'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { suite, test, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import * as circuitBreaking from '../../plugins/core/circuit-breaking/index.ts'
import * as healthChecks from '../../plugins/core/health-checks/index.ts'
import type { ActiveConfig, HealthChecksConfig, OutliersConfig } from '../../plugins/core/health-checks/options.ts'
import type { UpstreamConfig } from '../../src/config/types.ts'
import { GatewayError, reasons } from '../../src/contract/errors.ts'
import { Holdings } from '../../src/state/holdings.ts'
import type { Gate } from '../../src/contract/target.ts'
import type { Target, Attempt, Outcome } from '../../src/contract/target.ts'
import { startTarget } from '../helpers/target.ts'
import { smallApp, smallConfig, type SmallApp, type SmallAppOptions } from '../load-balancing/small-app.ts'
import { exchange } from '../load-balancing/upstream.ts'
import { certificate, privateKey } from './certificate.ts'

const active: ActiveConfig = {
  type: 'http',
  path: '/health',
  method: 'GET',
  headers: {},
  statuses: ['2xx'],
  interval: 10,
  jitter: 0.1,
  timeout: 5000,
  healthyAfter: 2,
  unhealthyAfter: 3,
  flapping: { changes: 6, window: 60_000 }
}
const passive = { window: 30_000, errorRate: 0.5, minRequests: 4, retryAfter: { statuses: [503], max: 60_000 } }
const a = 'http://a.test'
const b = 'http://b.test'

async function start (
  t: TestContext,
  targets: readonly string[],
  checks: Partial<HealthChecksConfig>,
  options: Partial<SmallAppOptions> = {}
): Promise<SmallApp> {
  return await smallApp(t, {
    plugins: [healthChecks],
    upstreams: { users: { targets, healthChecks: { whenNoneHealthy: 'fail-open', panicThreshold: 0, ...checks } } },
    ...options
  })
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
  return app.gateway.upstreams.get('users')!.targets.filter(target => target.closedBy(
    clock.time,
    false
  ) === undefined).map(target => target.url)
}

function healthOf (target: Target): Gate {
  return target.gates.find(gate => gate.name === 'health-checks')!
}

function states ({ app, clock }: SmallApp): unknown[] {
  return app.gateway.upstreams.get('users')!.targets.map(target => healthOf(target).describe(clock.time))
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
  assert.deepEqual(
    [gone.level, gone.upstream, gone.target, gone.check, gone.why],
    [40, 'users', sick.url, 'active', '3 probes failed, last: HTTP 503']
  )
  assert.deepEqual(used(gateway), [good.url])
  await shows(gateway, `gateway_backend_healthy{upstream="users",backend="${sick.url}"} 0`)
  await shows(gateway, `gateway_backend_healthy{upstream="users",backend="${good.url}"} 1`)
  status = 200
  const back = await gateway.logged('target healthy')
  assert.deepEqual([back.level, back.target, back.why], [30, sick.url, '2 probes passed'])
  assert.deepEqual(used(gateway), [good.url, sick.url])
})

test('probes of an upstream without traffic rest, and its first request brings them back', async t => {
  let status = 200
  const target = await startTarget(t, (_request, response) => response.writeHead(status).end())
  const gateway = await start(t, [target.url], { active: { ...active, noTrafficInterval: 3_600_000 } })
  while (!(await gateway.scrape()).includes(`gateway_health_checks_total{upstream="users",backend="${target.url}",result="success"} 1`)) {
    await setImmediate()
  }
  status = 503
  use(gateway, target.url, 'success')
  assert.equal((await gateway.logged('target unhealthy')).target, target.url)
})

test('S2-083 probes ask below the base path of the target and are counted by result', async t => {
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
  const checks: HealthChecksConfig = { active: { ...active, unhealthyAfter: 1 }, whenNoneHealthy: 'fail-open', panicThreshold: 0 }
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
  assert.deepEqual(states(gateway), [
    { state: 'healthy' },
    { state: 'unhealthy', why: '2 of 4 requests failed in 30s', since: 1000, opensAt: 30_000 }
  ])
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
  for (let count = 0; count < 3; count++) use(gateway, b, 'failure')
  assert.deepEqual(states(gateway)[1], { state: 'unhealthy', why: '4 of 4 requests failed in 30s', since: 1000, opensAt: 30_000 })
})

test('S2-093 either of probes and traffic takes a target out', async t => {
  const [one, two] = [await startTarget(t), await startTarget(t, (_request, response) => response.writeHead(503).end())]
  const gateway = await start(t, [one.url, two.url], { active, passive })
  await gateway.logged('target unhealthy')
  assert.deepEqual(used(gateway), [one.url])
  for (let count = 0; count < 4; count++) use(gateway, one.url, 'failure')
  assert.deepEqual(used(gateway), [])
  const [target] = gateway.app.gateway.upstreams.get('users')!.targets
  const { state, why } = target!.gates.find(gate => gate.name === 'health-checks')!.describe(gateway.clock.time)
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

test('a target that asks for a pause (503, Retry-After) gets it; a 429 is heeded only where the file says so', async t => {
  const answer = (gateway: SmallApp, statusCode: number, retryAfter: number) => {
    const attempt = select(gateway)
    Object.assign(attempt, { statusCode, retryAfter })
    attempt.target.settle(attempt, statusCode >= 500 ? 'failure' : 'success', gateway.clock.time)
  }
  const gateway = await start(t, [a], { passive })
  answer(gateway, 429, 20)
  assert.deepEqual(used(gateway), [a])
  answer(gateway, 503, 20)
  assert.deepEqual(
    states(gateway),
    [{ state: 'unhealthy', why: 'the target asked for a pause (Retry-After); 1 of 2 requests failed in 30s', since: 1000, opensAt: 21_000 }]
  )
  gateway.clock.time = 21_000
  assert.deepEqual(used(gateway), [a])
  const both = await start(t, [a], { passive: { ...passive, retryAfter: { statuses: [429], max: 5000 } } })
  answer(both, 429, 20)
  assert.deepEqual(used(both), [])
  both.clock.time += 5000
  assert.deepEqual(used(both), [a])
})

test('S2-092 S2-094 two attempts of one request at one target are one signal, an attempt at each target is one for each', async t => {
  const gateway = await start(t, [a, b], { passive: { ...passive, minRequests: 2 } })
  const upstream = gateway.app.gateway.upstreams.get('users')!
  const one = exchange()
  const failing = (): void => {
    const attempt = upstream.select(one, gateway.clock.time)
    attempt.target.settle(attempt, 'failure', gateway.clock.time)
  }
  for (let count = 0; count < 6; count++) failing()
  assert.deepEqual(used(gateway), [a, b])
  await shows(gateway, `gateway_backend_error_ratio{upstream="users",backend="${a}"} 1`)
  use(gateway, a, 'failure')
  assert.deepEqual(used(gateway), [b])
})

test('an attempt that said nothing about its target does not take the place of one that does', async t => {
  const gateway = await start(t, [a], { passive: { ...passive, minRequests: 1 } })
  const upstream = gateway.app.gateway.upstreams.get('users')!
  const one = exchange()
  for (const outcome of ['ignored', 'failure'] as const) {
    const attempt = upstream.select(one, gateway.clock.time)
    attempt.target.settle(attempt, outcome, gateway.clock.time)
  }
  assert.deepEqual(used(gateway), [])
})

suite('outliers', () => {
  const outliers: OutliersConfig = {
    consecutive5xx: 3,
    consecutiveGatewayFailures: 0,
    successRateDeviation: 0,
    minTargets: 5,
    minRequests: 100,
    interval: 10_000,
    ejectFor: 30_000,
    maxEjectFor: 300_000,
    maxEjected: 0.5
  }

  test('the one target that gets traffic is never ejected, however many are drained beside it', async t => {
    const healthChecks = { outliers, whenNoneHealthy: 'fail-open' as const, panicThreshold: 0 }
    const gateway = await start(t, [], {}, { upstreams: { users: { targets: [a, { url: b, weight: 0 }], healthChecks } } })
    for (let count = 0; count < 10; count++) use(gateway, a, 'failure')
    assert.deepEqual(used(gateway), [a, b])
  })

  test('S2-099 a target that fails so often in a row is ejected, and the log, the metrics and the admin page say why', async t => {
    const gateway = await start(t, [a, b], { outliers })
    for (let count = 0; count < 3; count++) use(gateway, b, 'failure')
    assert.deepEqual(used(gateway), [a])
    assert.deepEqual(
      states(gateway),
      [{ state: 'healthy' }, { state: 'unhealthy', why: 'ejected: 3 server errors in a row', since: 1000, opensAt: 31_000 }]
    )
    await shows(gateway, `gateway_outlier_ejections_total{upstream="users",backend="${b}",reason="consecutive-5xx"} 1`)
    await shows(gateway, `gateway_health_transitions_total{upstream="users",backend="${b}",check="outliers",to="unhealthy"} 1`)
    gateway.clock.time = 31_000
    assert.deepEqual(used(gateway), [a, b])
    await shows(gateway, `gateway_health_transitions_total{upstream="users",backend="${b}",check="outliers",to="healthy"} 1`)
    assert.deepEqual(gateway.log.map(({ level, msg, target, check, why }) => [level, msg, target, check, why]), [
      [40, 'target unhealthy', b, 'outliers', 'ejected: 3 server errors in a row'],
      [30, 'target healthy', b, 'outliers', 'not ejected']
    ])
  })

  test('a reload forgets neither the ejection nor the count', async t => {
    const holdings = new Holdings()
    const before = await start(t, [a, b], { outliers }, { holder: holdings.hold() })
    for (let count = 0; count < 2; count++) use(before, b, 'failure')
    const after = await start(t, [a, b], { outliers }, { holder: holdings.hold() })
    use(after, b, 'failure')
    assert.deepEqual([used(before), used(after)], [[a], [a]])
  })
})

test('panic: while fewer than the share are healthy all are used, and so it is said', async t => {
  const targets = ['a', 'b', 'c', 'd'].map(letter => `http://${letter}.test`)
  const gateway = await start(t, targets, { passive, panicThreshold: 0.5 })
  const upstream = gateway.app.gateway.upstreams.get('users')!
  const open = (): number => {
    let seen = 1
    upstream.balancer = { pick: list => { seen = list.length; return list[0]! } }
    select(gateway)
    return seen
  }
  const fail = (url: string) => { for (let count = 0; count < 4; count++) use(gateway, url, 'failure') }
  fail(targets[0]!)
  fail(targets[1]!)
  assert.equal(open(), 2, 'half of them is not fewer than half')
  fail(targets[2]!)
  assert.equal(open(), 4)
})

test('with a drained target a healthy half of the rest is no panic', async t => {
  const gateway = await start(t, [a, b, 'http://c.test'], { passive, panicThreshold: 0.5 })
  const upstream = gateway.app.gateway.upstreams.get('users')!
  await gateway.app.gateway.admin.inject({ method: 'POST', url: '/upstreams/users/drain', query: { target: 'http://c.test' } })
  for (let count = 0; count < 4; count++) use(gateway, a, 'failure')
  upstream.balancer = { pick: open => assert.fail(`${open.length} are open`) }
  assert.equal(select(gateway).target.url, b)
})

suite('draining', () => {
  const drain = async ({ app }: SmallApp, verb: string, target: string, name = 'users', more: object = {}) => {
    const url = `/upstreams/${encodeURIComponent(name)}/${verb}`
    const { statusCode, body } = await app.gateway.admin.inject({ method: 'POST', url, query: { target, ...more } })
    return [statusCode, JSON.parse(body) as unknown] as const
  }

  test('a drained target gets no new request, what is open goes on, and undraining brings it back with a slow start', async t => {
    const gateway = await smallApp(t, { plugins: [healthChecks], upstreams: { users: { targets: [a, b] } } })
    const upstream = gateway.app.gateway.upstreams.get('users')!
    upstream.balancer = { pick: open => open.at(-1)! }
    const running = select(gateway)
    assert.equal(running.target.url, b)
    assert.deepEqual(await drain(gateway, 'drain', b), [200, { upstream: 'users', target: b, drained: true, active: 1, openTargets: 1 }])
    assert.equal(select(gateway).target.url, a)
    const [gate] = running.target.gates
    assert.deepEqual(gate!.describe(gateway.clock.time), { state: 'drained', why: 'by 127.0.0.1; 1 under way', since: 1000 })
    await shows(gateway, `gateway_backend_drained{upstream="users",backend="${b}"} 1`)
    running.target.settle(running, 'success', gateway.clock.time)
    assert.equal(gate!.describe(gateway.clock.time).why, 'by 127.0.0.1; nothing is under way')
    gateway.clock.time += 60_000
    assert.deepEqual(
      (await drain(gateway, 'undrain', `${b}/`))[1],
      { upstream: 'users', target: b, drained: false, active: 0, openTargets: 2 }
    )
    assert.equal(select(gateway).target.url, b)
    assert.equal(running.target.load.openedAt, gateway.clock.time)
    assert.deepEqual(gateway.log.map(({ msg, target }) => [msg, target]), [['target drained', b], ['target undrained', b]])
  })

  test('the response counts the targets that are left, and no others', async t => {
    const gateway = await smallApp(t, {
      plugins: [healthChecks],
      upstreams: { users: { targets: [a, b, { url: 'http://c.test', weight: 0 }] } }
    })
    assert.deepEqual((await drain(gateway, 'drain', b))[1], { upstream: 'users', target: b, drained: true, active: 0, openTargets: 1 })
  })

  test('a reload keeps it, a rehearsal sees it, and a second request changes nothing', async t => {
    const holdings = new Holdings()
    const upstreams = { users: { targets: [a, b] } }
    const before = await smallApp(t, { plugins: [healthChecks], upstreams, holder: holdings.hold() })
    await drain(before, 'drain', b)
    assert.equal((await drain(before, 'drain', b))[0], 200)
    const after = await smallApp(t, { plugins: [healthChecks], upstreams, holder: holdings.hold() })
    assert.deepEqual(used(after), [a])
    const rehearsal = await smallApp(t, { plugins: [healthChecks], upstreams, holder: holdings.fork(), rehearsal: true })
    assert.deepEqual(used(rehearsal), [a])
    assert.equal(before.log.length, 1)
  })

  test('it is never overruled: with all targets drained no request is served', async t => {
    const gateway = await start(t, [a], { passive })
    assert.equal((await drain(gateway, 'drain', a))[0], 409)
    await drain(gateway, 'drain', a, 'users', { force: 'true' })
    assert.throws(() => select(gateway), { code: 'no-target' })
  })

  test('what is not there cannot be drained', async t => {
    const gateway = await smallApp(t, { plugins: [healthChecks], upstreams: { users: { targets: [a] } } })
    assert.equal((await drain(gateway, 'drain', a, 'nobody'))[0], 404)
    assert.equal((await drain(gateway, 'drain', b))[0], 404)
    assert.equal((await gateway.app.gateway.admin.inject({ method: 'POST', url: '/upstreams/users/drain' })).statusCode, 400)
  })
})

test('S2-079 probes that pass again let the breaker of the target try it at once', async t => {
  let status = 200
  const target = await startTarget(t, (_request, response) => response.writeHead(status).end())
  const circuitBreaker = {
    failures: 1,
    failureRate: 0.5,
    slowCallRate: 0.5,
    window: 10_000,
    minRequests: 20,
    openFor: 60_000,
    maxOpenFor: 300_000,
    probes: 1,
    failureStatuses: []
  }
  const gateway = await smallApp(t, {
    plugins: [circuitBreaking, healthChecks],
    upstreams: { users: {
      targets: [target.url],
      circuitBreaker,
      healthChecks: { active, whenNoneHealthy: 'fail-open', panicThreshold: 0 }
    } }
  })
  status = 503
  await gateway.logged('target unhealthy')
  use(gateway, target.url, 'failure')
  assert.throws(() => select(gateway), { code: 'no-target' })
  status = 200
  await gateway.logged('target healthy')
  assert.equal(select(gateway).target.url, target.url)
})

test('a target without checks is shown as healthy', async t => {
  const gateway = await smallApp(t, { plugins: [healthChecks], upstreams: { users: { targets: [a] } } })
  await shows(gateway, `gateway_backend_healthy{upstream="users",backend="${a}"} 1`)
})

test('a target that has left is not measured any more, and a check that is not there never', async t => {
  const gateway = await start(t, [a], { passive })
  await shows(gateway, `gateway_backend_healthy{upstream="users",backend="${a}"} 1`)
  assert.doesNotMatch(await gateway.scrape(), /check="(?:active|outliers)"/)
  gateway.app.gateway.upstreams.get('users')!.setTargets([])
  assert.doesNotMatch(await gateway.scrape(), /^gateway_backend_\w+\{/m)
})

test('the last configuration to go stops the probes', async t => {
  const [probed, witness] = [await startTarget(t), await startTarget(t)]
  const holder = new Holdings().hold()
  await start(t, [probed.url], { active }, { holder })
  await start(t, [witness.url], { active })
  const reached = async (count: number): Promise<void> => { while (witness.hits.length < count) await setImmediate() }
  await reached(3)
  await holder.release()
  await reached(witness.hits.length + 2)
  const { length } = probed.hits
  await reached(witness.hits.length + 8)
  assert.equal(probed.hits.length, length)
})

test('a reload keeps prober and health; changed options start afresh; the last one to go stops the probes', async t => {
  let status = 503
  const target = await startTarget(t, (_request, response) => response.writeHead(status).end())
  const holdings = new Holdings()
  const [first, second, third] = [holdings.hold(), holdings.hold(), holdings.hold()]
  const before = await start(t, [target.url], { active, passive }, { holder: first })
  await before.logged('target unhealthy')
  const after = await start(t, [target.url], { active, passive }, { holder: second })
  assert.deepEqual(used(after), [])
  await first.release()
  status = 200
  await after.logged('target healthy')
  assert.equal(before.log.some(({ msg }) => msg === 'target healthy'), false, 'the newest configuration writes the log')
  const changed = await start(t, [target.url], { active: { ...active, path: '/other' } }, { holder: third })
  assert.deepEqual(states(changed), [{ state: 'unknown' }])
  await second.release()
  await third.release()
  assert.equal(holdings.size, 0)
})

test('a rehearsal sees the health of today and sends nothing', async t => {
  const target = await startTarget(t, (_request, response) => response.writeHead(503).end())
  const fresh = await start(t, [target.url], { active: { ...active, path: '/rehearsed' } }, { rehearsal: true })
  assert.deepEqual(states(fresh), [{ state: 'unknown' }])
  const holdings = new Holdings()
  const live = await start(t, [target.url], { active, passive }, { holder: holdings.hold() })
  await live.logged('target unhealthy')
  const rehearsal = await start(t, [target.url], { active, passive }, { holder: holdings.fork(), rehearsal: true })
  assert.deepEqual(used(rehearsal), [])
  for (let count = 0; count < 4; count++) use(rehearsal, target.url, 'failure')
  assert.deepEqual(rehearsal.log, [])
  assert.equal(target.hits.some(hit => hit.url === '/rehearsed'), false)
})

test('S2-100 what cannot work is refused, what does nothing is warned of', () => {
  const problems = (checks: Partial<HealthChecksConfig>) => {
    const found: unknown[] = []
    const config = smallConfig({ 'a/b': { healthChecks: { whenNoneHealthy: 'fail-open', panicThreshold: 0, ...checks } } })
    healthChecks.config.check(config, ({ pointer, severity, message }) => found.push([pointer, severity ?? 'error', message]))
    return found
  }
  assert.deepEqual(problems({ active: { ...active, interval: 1000, timeout: 1000 } }), [
    ['/upstreams/a~1b/healthChecks/active/timeout', 'error', 'must be shorter than the interval (1s), got 1s']
  ])
  const calm = { ...active, interval: 1000, timeout: 500 }
  assert.deepEqual(problems({ active: { ...calm, noTrafficInterval: 999 } }), [
    ['/upstreams/a~1b/healthChecks/active/noTrafficInterval', 'error', 'must not be shorter than the interval (1s), got 999ms']
  ])
  assert.deepEqual(
    problems({ active: { ...calm, type: 'tcp', body: 'ok' } }),
    [['/upstreams/a~1b/healthChecks/active/body', 'error', 'a tcp probe reads no text']]
  )
  assert.deepEqual(
    problems({ active: { ...calm, method: 'HEAD', body: 'ok' } }),
    [['/upstreams/a~1b/healthChecks/active/body', 'error', 'a response to HEAD has no body']]
  )
  assert.deepEqual(problems({ active: { ...calm, headers: { Host: 'a', Upgrade: 'b', accept: 'c' } } }), [
    ['/upstreams/a~1b/healthChecks/active/headers/Host', 'error', 'the Host field has a key of its own'],
    ['/upstreams/a~1b/healthChecks/active/headers/Upgrade', 'error', 'this field belongs to the connection and is not for the file to set']
  ])
  assert.deepEqual(problems({ passive, panicThreshold: 0.5, whenNoneHealthy: 'fail-closed' }), [
    [
      '/upstreams/a~1b/healthChecks/panicThreshold',
      'warning',
      'does nothing with `whenNoneHealthy: fail-closed`, which heeds health to the last'
    ]
  ])
  assert.deepEqual(problems({ active: { ...active, interval: 1000, timeout: 999, noTrafficInterval: 1000 } }), [])
  assert.deepEqual(
    problems({}),
    [['/upstreams/a~1b/healthChecks', 'warning', 'healthChecks has none of `active`, `passive` and `outliers`, so nothing is checked']]
  )
})
