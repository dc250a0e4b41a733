/** Breaking as clients and targets see it. */

import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startTarget, type Respond, type TestTarget } from '../helpers/target.ts'

test('S2-068 S2-070 S2-076 an open breaker keeps requests from its target, tries it with one of 50, and closes again', async t => {
  let status = 503
  const held: (() => void)[] = []
  let hold = false
  const target = await startTarget(t, (_request, response) => {
    const answer = () => { response.writeHead(status).end() }
    if (hold) held.push(answer)
    else answer()
  })
  let time = 0
  const { url } = await startGateway(t, `
upstreams: { users: { targets: [${target.url}], circuitBreaker: { failures: 3, openFor: 10s } } }
routes: [{ path: /*, upstream: users }]
`, { clock: { now: () => time, wall: () => Date.now() } })
  const ask = async () => {
    const response = await fetch(url)
    await response.arrayBuffer()
    return response
  }

  for (let count = 0; count < 3; count++) assert.equal((await ask()).status, 503)
  const refused = await ask()
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '10'])
  assert.equal(target.hits.length, 3)

  time = 10_000
  status = 200
  hold = true
  // The one that is let through waits for its target; only when all others have been refused is it answered.
  let refusals = 0
  const answers = await Promise.all(Array.from({ length: 50 }, async () => {
    const response = await ask()
    if (response.status === 503 && ++refusals === 49) for (const answer of held) answer()
    return response.status
  }))
  assert.equal(answers.filter(answer => answer === 200).length, 1)
  assert.equal(target.hits.length, 4)
  hold = false
  assert.equal((await ask()).status, 200)
})

test('S2-074 while one target is broken, clients are served by the other', async t => {
  const broken = await startTarget(t, request => { request.socket.destroy() })
  const good = await startTarget(t)
  const gateway = await startGateway(t, `
upstreams: { users: { targets: [${broken.url}, ${good.url}], circuitBreaker: { failures: 2 } } }
routes: [{ path: /*, upstream: users }]
`)
  for (let count = 0; count < 10; count++) assert.equal((await fetch(gateway.url)).status, 200)
  const { target, why } = await gateway.logged(line => line.msg === 'circuit opened')
  assert.deepEqual([target, why], [broken.url, '2 failures in a row, last: connection-terminated'])
  assert.equal(broken.hits.length, 2)
})

/** A gateway whose time the test moves, before one target that responds as the test says. */
async function start (t: TestContext, breaker: string, respond: Respond): Promise<{
  gateway: TestGateway, target: TestTarget, clock: { time: number }, ask: (init?: RequestInit) => Promise<Response>
}> {
  const target = await startTarget(t, respond)
  const clock = { time: 0 }
  const gateway = await startGateway(t, `
upstreams: { users: { targets: [${target.url}], retry: { attempts: 1 }, circuitBreaker: ${breaker} } }
routes: [{ path: /*, upstream: users }]
`, { clock: { now: () => clock.time, wall: () => Date.now() } })
  const ask = async (init?: RequestInit) => {
    const response = await fetch(gateway.url, init)
    await response.arrayBuffer()
    return response
  }
  return { gateway, target, clock, ask }
}

test('S2-067 a target of which every second request fails is found by its share, not by a row', async t => {
  let count = 0
  const { gateway, target, ask } = await start(
    t,
    '{ failures: 3, failureRate: 0.5, minRequests: 10, window: 10s }',
    (_request, response) => response.writeHead(count++ % 2 === 0 ? 200 : 500).end()
  )
  for (let request = 0; request < 10; request++) await ask()
  assert.equal((await ask()).status, 503)
  assert.equal(target.hits.length, 10)
  const { reason, why } = await gateway.logged(line => line.msg === 'circuit opened')
  assert.deepEqual([reason, why], ['failure-rate', '5 of 10 requests failed in 10s'])
  assert.match(await (await fetch(`${gateway.admin}/metrics`)).text(), /gateway_circuit_opened_total\{[^}]*reason="failure-rate"\} 1/)
})

test('S2-067 a target that responds well and slowly is given a rest', async t => {
  const { gateway, clock, ask } = await start(t, '{ slowerThan: 2s, slowCallRate: 0.5, minRequests: 4 }', (_request, response) => {
    clock.time += 2001
    response.end()
  })
  for (let request = 0; request < 4; request++) assert.equal((await ask()).status, 200)
  assert.equal((await ask()).status, 503)
  assert.equal((await gateway.logged(line => line.msg === 'circuit opened')).reason, 'slow-calls')
})

test('S2-071 each probe that fails doubles the wait, up to the limit, and a good one ends it', async t => {
  let status = 500
  const { target, clock, ask } = await start(
    t,
    '{ failures: 1, openFor: 10s, maxOpenFor: 15s }',
    (_request, response) => response.writeHead(status).end()
  )
  const wait = async () => Number((await ask()).headers.get('retry-after'))
  await ask()
  assert.equal(await wait(), 10)
  clock.time = 10_000
  await ask()
  const second = await wait()
  assert.ok(second > 11 && second <= 15, String(second))
  clock.time += second * 1000
  status = 200
  assert.equal((await ask()).status, 200)
  assert.equal((await ask()).status, 200)
  assert.equal(target.hits.length, 4)
})

test('S2-072 a half-open breaker does not stick when the client of the probe leaves', async t => {
  let hold = false
  let status = 500
  const arrived = new EventEmitter()
  const { gateway, clock, ask } = await start(t, '{ failures: 1, openFor: 10s }', (_request, response) => {
    if (hold) arrived.emit('request')
    else response.writeHead(status).end()
  })
  await ask()
  clock.time = 10_000
  hold = true
  const leaving = new AbortController()
  const reached = once(arrived, 'request')
  const left = ask({ signal: leaving.signal }).catch((error: Error) => error.name)
  await reached
  assert.equal((await ask()).status, 503)
  leaving.abort()
  assert.equal(await left, 'AbortError')
  await gateway.logged(line => line.status === 499)
  hold = false
  status = 200
  assert.equal((await ask()).status, 200)
})

test('S2-078 a breaker stays open over a reload, and explain and the admin page say why', async t => {
  const { gateway, target, ask } = await start(
    t,
    '{ failures: 2 }',
    (_request, response) => response.writeHead(503, { 'retry-after': '120' }).end()
  )
  await ask()
  await ask()
  assert.equal((await fetch(`${gateway.admin}/reload`, { method: 'POST' })).status, 200)
  const refused = await ask()
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '120'])
  assert.equal(target.hits.length, 2)
  const { decisions } = await (await fetch(`${gateway.admin}/explain?url=/`)).json() as { decisions: unknown[] }
  assert.deepEqual(decisions[0], {
    by: 'circuit-breaking',
    verdict: 'closed',
    why: `${target.url} is open (2 failures in a row, last: HTTP 503)`
  })
  const [users] = await (await fetch(`${gateway.admin}/upstreams`)).json() as { targets: {
    open: boolean,
    gates: { gate: string, state: string, opensInMs?: number }[]
  }[] }[]
  const { state, opensInMs } = users!.targets[0]!.gates.find(({ gate }) => gate === 'circuit-breaking')!
  assert.deepEqual([state, opensInMs], ['open', 120_000])
})

test('S2-080 with all breakers open the response says when the first may close, and no target hears of it', async t => {
  let time = 0
  const failing: Respond = (_request, response) => response.writeHead(500).end()
  const targets = [await startTarget(t, failing), await startTarget(t, failing)]
  const { url } = await startGateway(t, `
upstreams: { users: { targets: [${targets.map(target => target.url).join(', ')}], circuitBreaker: { failures: 1, openFor: 10s } } }
routes: [{ path: /*, upstream: users }]
`, { clock: { now: () => time, wall: () => Date.now() } })
  await (await fetch(url)).arrayBuffer()
  time = 4000
  await (await fetch(url)).arrayBuffer()
  const answers = await Promise.all(Array.from({ length: 20 }, async () => {
    const { status, headers } = await fetch(url)
    return `${status} ${headers.get('retry-after')}`
  }))
  assert.deepEqual([...new Set(answers)], ['503 6'])
  assert.deepEqual(targets.map(({ hits }) => hits.length), [1, 1])
})
