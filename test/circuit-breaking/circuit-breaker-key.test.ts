/** The key `circuitBreaker`: what opens the breaker of a target, and what operators see of it. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import * as circuitBreaking from '../../plugins/core/circuit-breaking/index.ts'
import type { CircuitBreakerConfig } from '../../plugins/core/circuit-breaking/index.ts'
import type { UpstreamConfig } from '../../src/config/types.ts'
import { GatewayError, reasons, type ReasonCode } from '../../src/contract/errors.ts'
import { Holdings } from '../../src/state/holdings.ts'
import type { Attempt } from '../../src/contract/target.ts'
import { smallApp, smallConfig, type SmallApp, type SmallAppOptions } from '../load-balancing/small-app.ts'
import { exchange } from '../load-balancing/upstream.ts'

const circuitBreaker: CircuitBreakerConfig = {
  failures: 2,
  failureRate: 0.5,
  slowCallRate: 0.5,
  window: 10_000,
  minRequests: 20,
  openFor: 10_000,
  maxOpenFor: 300_000,
  probes: 1,
  failureStatuses: ['5xx']
}
const one = ['http://a.test']

async function start (t: TestContext, users: Partial<UpstreamConfig> = {}, options: Partial<SmallAppOptions> = {}): Promise<SmallApp> {
  return await smallApp(t, { plugins: [circuitBreaking], upstreams: { users: { targets: one, circuitBreaker, ...users } }, ...options })
}

function select ({ app, clock }: SmallApp): Attempt {
  return app.gateway.upstreams.get('users')!.select(exchange(), clock.time)
}

/** A request that gets a response whole with a status. */
function answer (gateway: SmallApp, status: number, attempt = select(gateway)): void {
  attempt.statusCode = status
  attempt.target.answered(attempt, gateway.clock.time)
  attempt.target.settle(attempt, status >= 500 ? 'failure' : 'success', gateway.clock.time)
}

/** A request that gets no response, or a part of one. */
function lose (gateway: SmallApp, code: ReasonCode, attempt = select(gateway)): void {
  attempt.failure = reasons[code]
  attempt.target.settle(attempt, attempt.failure.fault === 'upstream' ? 'failure' : 'ignored', gateway.clock.time)
}

/** What a refused request is told. */
function refusal (gateway: SmallApp): { code: string, retryAfter: string | undefined } {
  try {
    const attempt = select(gateway)
    attempt.target.settle(attempt, 'ignored', gateway.clock.time)
  } catch (error) {
    assert.ok(error instanceof GatewayError)
    return { code: error.code, retryAfter: error.headers?.['retry-after'] as string | undefined }
  }
  return assert.fail('the request was let through')
}

test('an open breaker refuses at once and says when to come back', async t => {
  const gateway = await start(t)
  lose(gateway, 'connection-refused')
  lose(gateway, 'response-timeout')
  assert.deepEqual(refusal(gateway), { code: 'no-target', retryAfter: '10' })
  gateway.clock.time += 7500
  assert.deepEqual(refusal(gateway), { code: 'no-target', retryAfter: '3' })
})

test('S2-075 a bad response counts once, a refusal by the service (4xx) not at all', async t => {
  const gateway = await start(t)
  for (const status of [404, 401, 429, 503, 404]) answer(gateway, status)
  answer(gateway, 503)
  answer(gateway, 200)
  answer(gateway, 500)
  answer(gateway, 501)
  assert.equal(refusal(gateway).code, 'no-target')
})

test('a bad response whose body breaks off counts once', async t => {
  const gateway = await start(t)
  const attempt = select(gateway)
  attempt.statusCode = 500
  attempt.target.answered(attempt, gateway.clock.time)
  lose(gateway, 'response-cut', attempt)
  answer(gateway, 200)
})

test('the file says which statuses are failures', async t => {
  const gateway = await start(t, { circuitBreaker: { ...circuitBreaker, failureStatuses: [429, 503] } })
  for (const status of [500, 503, 500, 503, 429, 429]) answer(gateway, status)
  answer(gateway, 503)
  assert.equal(refusal(gateway).code, 'no-target')
})

test('S2-075b twenty clients that leave do not open the breaker, before or in the middle of the response', async t => {
  const gateway = await start(t)
  for (let count = 0; count < 20; count++) {
    lose(gateway, 'client-closed')
    const attempt = select(gateway)
    attempt.statusCode = 200
    attempt.target.answered(attempt, gateway.clock.time)
    attempt.target.settle(attempt, 'ignored', gateway.clock.time)
  }
  answer(gateway, 200)
})

test('responses that break off open the breaker', async t => {
  const gateway = await start(t)
  for (let count = 0; count < 2; count++) {
    const attempt = select(gateway)
    attempt.statusCode = 200
    attempt.target.answered(attempt, gateway.clock.time)
    lose(gateway, 'response-cut', attempt)
  }
  assert.equal(refusal(gateway).code, 'no-target')
})

test('S2-069 after the time one request tries the target; its stream may last while others are served', async t => {
  const gateway = await start(t)
  lose(gateway, 'connection-refused')
  lose(gateway, 'connection-refused')
  gateway.clock.time += 10_000
  const probe = select(gateway)
  assert.equal(refusal(gateway).retryAfter, '1')
  probe.statusCode = 200
  probe.target.answered(probe, gateway.clock.time)
  answer(gateway, 200)
  probe.target.settle(probe, 'success', gateway.clock.time)
})

test('a probe whose client leaves makes room for the next', async t => {
  const gateway = await start(t)
  lose(gateway, 'connection-refused')
  lose(gateway, 'connection-refused')
  gateway.clock.time += 10_000
  lose(gateway, 'client-closed')
  answer(gateway, 200)
  answer(gateway, 200)
})

test('S2-077 each target has a breaker of its own', async t => {
  const gateway = await start(t, { targets: ['http://a.test', 'http://b.test'] })
  const upstream = gateway.app.gateway.upstreams.get('users')!
  const b = upstream.targets[1]!
  upstream.balancer = { pick: open => open[0]! }
  lose(gateway, 'connection-refused')
  lose(gateway, 'connection-refused')
  const attempt = select(gateway)
  assert.equal(attempt.target, b)
  answer(gateway, 200, attempt)
})

test('the same target has a breaker in each upstream', async t => {
  const gateway = await smallApp(t, {
    plugins: [circuitBreaking],
    upstreams: { users: { targets: one, circuitBreaker }, orders: { targets: one, circuitBreaker } }
  })
  lose(gateway, 'connection-refused')
  lose(gateway, 'connection-refused')
  assert.equal(refusal(gateway).code, 'no-target')
  assert.equal(gateway.app.gateway.upstreams.get('orders')!.select(exchange(), gateway.clock.time).target.url, 'http://a.test')
})

test('a target that was found well by other means is tried at once', async t => {
  const gateway = await start(t)
  lose(gateway, 'connection-refused')
  lose(gateway, 'connection-refused')
  assert.equal(refusal(gateway).code, 'no-target')
  gateway.app.gateway.upstreams.get('users')!.targets[0]!.recovered(gateway.clock.time)
  answer(gateway, 200)
  answer(gateway, 200)
})

test('responses that are slow open the breaker, unless it is the client who is slow to send its body', async t => {
  const slow = { ...circuitBreaker, slowerThan: 1000, minRequests: 4 }
  const gateway = await start(t, { circuitBreaker: slow })
  const late = (attempt: Attempt) => {
    gateway.clock.time += 1001
    answer(gateway, 200, attempt)
  }
  // Answered while bytes of the client's body were still to come: `sentAt` is not known.
  for (let count = 0; count < 20; count++) late(select(gateway))
  gateway.clock.time += 10_000
  for (let count = 0; count < 4; count++) {
    const attempt = select(gateway)
    attempt.sentAt = gateway.clock.time
    gateway.clock.time += 1000
    answer(gateway, 200, attempt)
  }
  gateway.clock.time += 10_000
  for (let count = 0; count < 4; count++) {
    const attempt = select(gateway)
    attempt.sentAt = gateway.clock.time
    late(attempt)
  }
  assert.equal(refusal(gateway).code, 'no-target')
  assert.equal(gateway.log.at(-1)!['why'], '4 of 4 requests were slow in 10s')
})

test('Retry-After of the response that opens the breaker is what clients are told', async t => {
  const gateway = await start(t)
  for (const retryAfter of [undefined, 77]) {
    const attempt = select(gateway)
    attempt.retryAfter = retryAfter
    answer(gateway, 503, attempt)
  }
  assert.equal(refusal(gateway).retryAfter, '77')
})

test('a probe whose head was good and whose client leaves in the body has counted, so no further one goes through', async t => {
  const gateway = await start(t, { circuitBreaker: { ...circuitBreaker, probes: 2 } })
  lose(gateway, 'connection-refused')
  lose(gateway, 'connection-refused')
  gateway.clock.time += 10_000
  const [left, other] = [select(gateway), select(gateway)]
  left.statusCode = 200
  left.target.answered(left, gateway.clock.time)
  left.target.settle(left, 'ignored', gateway.clock.time)
  assert.equal(refusal(gateway).code, 'no-target')
  answer(gateway, 200, other)
  answer(gateway, 200)
})

test('a pace of responses that is never reached is warned of', () => {
  const found: unknown[] = []
  const config = smallConfig({
    users: { circuitBreaker: { ...circuitBreaker, slowerThan: 30_000 } },
    fine: { circuitBreaker: { ...circuitBreaker, slowerThan: 2000 } }
  })
  const { users } = config.upstreams
  Object.assign(config.upstreams, { patient: { ...users, timeouts: { ...users!.timeouts, response: 0 } } })
  circuitBreaking.config.check(config, ({ pointer, severity, message }) => found.push([pointer, severity, message]))
  assert.deepEqual(
    found,
    [[
      '/upstreams/users/circuitBreaker/slowerThan',
      'warning',
      'no response is that slow: after 30s the attempt is given up (`timeouts.response`)'
    ]]
  )
})

test('without the key there is no breaker', async t => {
  const gateway = await smallApp(t, { plugins: [circuitBreaking], upstreams: { users: { targets: one } } })
  assert.equal(gateway.app.gateway.upstreams.get('users')!.targets[0]!.gates.length, 0)
  assert.match(await gateway.scrape(), /^# TYPE gateway_circuit_state gauge$/m)
})

test('S2-078 the metrics follow the state, also when nothing happens but time', async t => {
  const gateway = await start(t)
  const shows = async (series: string) => assert.ok((await gateway.scrape()).split('\n').includes(series), series)
  await shows('gateway_circuit_state{upstream="users",backend="http://a.test"} 0')
  await shows('gateway_circuit_transitions_total{upstream="users",backend="http://a.test",to="open"} 0')
  lose(gateway, 'connection-refused')
  lose(gateway, 'connection-refused')
  await shows('gateway_circuit_state{upstream="users",backend="http://a.test"} 1')
  await shows('gateway_circuit_transitions_total{upstream="users",backend="http://a.test",to="open"} 1')
  await shows('gateway_circuit_opened_total{upstream="users",backend="http://a.test",reason="failures"} 1')
  gateway.clock.time += 10_000
  await shows('gateway_circuit_state{upstream="users",backend="http://a.test"} 2')
  answer(gateway, 200)
  await shows('gateway_circuit_state{upstream="users",backend="http://a.test"} 0')
  await shows('gateway_circuit_transitions_total{upstream="users",backend="http://a.test",to="half-open"} 1')
  await shows('gateway_circuit_transitions_total{upstream="users",backend="http://a.test",to="closed"} 1')
})

test('a target that has left is not measured any more', async t => {
  const gateway = await start(t)
  assert.match(await gateway.scrape(), /^gateway_circuit_state\{/m)
  gateway.app.gateway.upstreams.get('users')!.setTargets([])
  assert.doesNotMatch(await gateway.scrape(), /^gateway_circuit_state\{/m)
})

test('the log has one line for each change, with the reason', async t => {
  const gateway = await start(t)
  answer(gateway, 503)
  answer(gateway, 503)
  gateway.clock.time += 10_000
  answer(gateway, 200)
  assert.deepEqual(gateway.log.map(({ level, msg, reason, upstream, target, why }) => ({ level, msg, reason, upstream, target, why })), [
    {
      level: 40,
      msg: 'circuit opened',
      reason: 'failures',
      upstream: 'users',
      target: 'http://a.test',
      why: '2 failures in a row, last: HTTP 503'
    },
    {
      level: 30,
      msg: 'circuit half-open',
      reason: undefined,
      upstream: 'users',
      target: 'http://a.test',
      why: 'one request is on its way to try the target'
    },
    { level: 30, msg: 'circuit closed', reason: undefined, upstream: 'users', target: 'http://a.test', why: undefined }
  ])
})

test('a reload keeps the breaker open; one that changes its options starts afresh', async t => {
  const holdings = new Holdings()
  const gateway = await start(t, {}, { holder: holdings.hold() })
  lose(gateway, 'connection-refused')
  lose(gateway, 'connection-refused')
  const same = await start(t, { targets: ['http://a.test'] }, { holder: holdings.hold() })
  assert.equal(refusal(same).code, 'no-target')
  const changed = await start(t, { circuitBreaker: { ...circuitBreaker, failures: 3 } }, { holder: holdings.hold() })
  answer(changed, 200)
})

test('a rehearsal sees the state of today, and neither changes nor reports anything', async t => {
  const holdings = new Holdings()
  const gateway = await start(t, {}, { holder: holdings.hold() })
  lose(gateway, 'connection-refused')
  const rehearsal = await start(t, {}, { holder: holdings.fork(), rehearsal: true })
  lose(rehearsal, 'connection-refused')
  assert.equal(refusal(rehearsal).code, 'no-target')
  assert.deepEqual(rehearsal.log, [])
  answer(gateway, 200)
})
