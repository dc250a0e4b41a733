import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { send, type Sending } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

/** A clock that moves when the test says so. */
const clockOf = (time: { now: number }) => ({ now: () => time.now, wall: () => time.now })

async function statuses (url: string, n: number, path = '/', sending: Sending = {}): Promise<number[]> {
  const answers: number[] = []
  for (let i = 0; i < n; i++) answers.push((await send(url, path, sending)).status)
  return answers
}

const passed = (answers: readonly number[]): number => answers.filter(status => status === 200).length

test('S0-06 S1-36 S1-38 S1-40 S2-060 S2-061 one line limits a route: four requests, then 429 with Retry-After, and no other', async t => {
  const { url } = await startGateway(t, `
policies: { per-client: { plugin: rate-limiting, limit: 5/s, burst: 4 } }
routes:
  - { path: /, respond: {}, policies: [per-client] }
  - { path: /free, respond: {} }
`, { clock: clockOf({ now: 1000 }) })
  assert.deepEqual(await statuses(url, 6), [200, 200, 200, 200, 429, 429])
  const { headers } = await send(url, '/')
  assert.match(headers['retry-after']!, /^[1-9]\d*$/)
  assert.equal(headers['content-type'], 'application/problem+json')
  assert.equal(passed(await statuses(url, 50, '/free')), 50)
})

test('S1-37 over ten seconds a limit of 5/s lets 5 a second through', async t => {
  const time = { now: 1000 }
  const { url } = await startGateway(t, `
policies: { per-client: { plugin: rate-limiting, limit: 5/s, burst: 1 } }
routes: [{ path: /, respond: {}, policies: [per-client] }]
`, { clock: clockOf(time) })
  let count = 0
  for (let i = 0; i < 200; i++) {
    count += passed(await statuses(url, 1))
    time.now += 50
  }
  assert.equal(count, 50)
})

test('S1-39 S2-052 S2-062 a client keeps his limit on new connections, and another has his own', async t => {
  const { url } = await startGateway(t, `
server: { host: 127.0.0.1, port: 0, trustProxy: [loopback] }
policies: { per-client: { plugin: rate-limiting, limit: 2/h } }
routes: [{ path: /, respond: {}, policies: [per-client] }]
`)
  // `send` opens a connection for every request.
  assert.deepEqual(await statuses(url, 4), [200, 200, 429, 429])
  assert.deepEqual(await statuses(url, 3, '/', { headers: { 'x-forwarded-for': '192.0.2.7' } }), [200, 200, 429])
})

test('S1-41 a forged X-Forwarded-For gives no new limit', async t => {
  const { url } = await startGateway(t, `
policies: { per-client: { plugin: rate-limiting, limit: 2/h } }
routes: [{ path: /, respond: {}, policies: [per-client] }]
`)
  const answers = []
  for (let i = 0; i < 4; i++) answers.push((await send(url, '/', { headers: { 'x-forwarded-for': `192.0.2.${i}` } })).status)
  assert.deepEqual(answers, [200, 200, 429, 429])
})

test('S1-44 S2-049 S2-064 each route has limits of its own, of any algorithm; a limit of all routes counts unmatched requests', async t => {
  const { url } = await startGateway(t, `
server: { host: 127.0.0.1, port: 0, policies: [all] }
policies:
  all: { plugin: rate-limiting, limit: 12/h, algorithm: fixed-window }
  few: { plugin: rate-limiting, limit: 2/h }
  more: { plugin: rate-limiting, limit: 3/h, algorithm: sliding-window }
routes:
  - { path: /few, respond: {}, policies: [few] }
  - { path: /more, respond: {}, policies: [more] }
`)
  assert.deepEqual(await statuses(url, 3, '/few'), [200, 200, 429])
  assert.deepEqual(await statuses(url, 4, '/more'), [200, 200, 200, 429])
  assert.deepEqual(await statuses(url, 6, '/nowhere'), [404, 404, 404, 404, 404, 429])
})

test('S2-050 S2-054 a bucket starts full, fills steadily and never exceeds its burst, which is the limit by default', async t => {
  const time = { now: 1000 }
  const { url } = await startGateway(t, `
policies:
  five: { plugin: rate-limiting, limit: 1/s, burst: 5 }
  two: { plugin: rate-limiting, limit: 10/s, burst: 2 }
  unset: { plugin: rate-limiting, limit: 3/s }
routes:
  - { path: /five, respond: {}, policies: [five] }
  - { path: /two, respond: {}, policies: [two] }
  - { path: /unset, respond: {}, policies: [unset] }
`, { clock: clockOf(time) })
  assert.equal(passed(await statuses(url, 6, '/five')), 5)
  assert.equal(passed(await statuses(url, 6, '/two')), 2)
  assert.equal(passed(await statuses(url, 6, '/unset')), 3)
  time.now += 150
  assert.equal(passed(await statuses(url, 2, '/two')), 1)
  time.now += 86_400_000
  for (const [path, most] of [['/five', 5], ['/two', 2], ['/unset', 3]] as const) assert.equal(passed(await statuses(url, 9, path)), most)
})

test('S2-055 a gateway with limits closes twice without a fault', async t => {
  const { gateway, url } = await startGateway(t, `
policies: { one: { plugin: rate-limiting, limit: 1/s } }
routes: [{ path: /, respond: {}, policies: [one] }]
`)
  assert.equal((await send(url, '/')).status, 200)
  await Promise.all([gateway.close(0), gateway.close(0)])
  await gateway.close(0)
})

test('S2-063 requests are counted by an API key where there is one, and by address where there is none', async t => {
  const { url } = await startGateway(t, `
policies: { per-key: { plugin: rate-limiting, limit: 2/h, key: "header:X-API-Key" } }
routes: [{ path: /, respond: {}, policies: [per-key] }]
`)
  for (const key of ['one', 'two']) assert.deepEqual(await statuses(url, 3, '/', { headers: { 'x-api-key': key } }), [200, 200, 429])
  assert.deepEqual(await statuses(url, 3), [200, 200, 429])
})

test('S2-057 S2-058 a sliding window lets no double burst through, and says exactly when the next may come', async t => {
  const time = { now: 1000 }
  const { url } = await startGateway(t, `
policies: { sliding: { plugin: rate-limiting, limit: 10/10s, algorithm: sliding-window } }
routes: [{ path: /, respond: {}, policies: [sliding] }]
`, { clock: clockOf(time) })
  assert.equal(passed(await statuses(url, 12)), 10)
  time.now += 11_000
  assert.equal(passed(await statuses(url, 12)), 1)
  const wait = Number((await send(url, '/')).headers['retry-after'])
  time.now += wait * 1000
  assert.equal((await send(url, '/')).status, 200)
})

test('a target\'s own place at once is given back when a client leaves, and when the target fails', async t => {
  const target = await startTarget(t, (request, response) => { if (request.url === '/hang') return; response.writeHead(500).end() })
  const { url, logged } = await startGateway(t, `
policies: { one: { plugin: rate-limiting, limit: 1, algorithm: concurrency } }
routes: [{ path: /*, target: ${target.url}, policies: [one] }]
`)
  const abort = new AbortController()
  const left = fetch(`${url}/hang`, { signal: abort.signal }).catch(() => 'left')
  while (target.hits.length === 0) await new Promise(setImmediate)
  assert.equal((await send(url, '/other')).status, 429)
  abort.abort()
  assert.equal(await left, 'left')
  await logged(({ msg, path }) => msg === 'request completed' && path === '/hang')
  assert.deepEqual(await statuses(url, 3, '/broken'), [500, 500, 500])
})

test('a policy that only reports says in the log what it would refuse, once a second', async t => {
  const time = { now: 1000 }
  const { url, logs } = await startGateway(t, `
policies: { trial: { plugin: rate-limiting, limit: 1/h, mode: report } }
routes: [{ path: /, respond: {}, policies: [trial] }]
`, { clock: clockOf(time) })
  await statuses(url, 5)
  time.now += 1000
  await statuses(url, 1)
  const lines = logs.filter(({ msg }) => msg === 'rate limit would refuse')
  assert.deepEqual(lines.map(({ policy, route, count }) => [policy, route, count]), [['trial', '/', 1], ['trial', '/', 4]])
})

test('a cost for a route that does not exist, or that no limit holds, is refused with its place', async t => {
  const yaml = `
policies: { per-client: { plugin: rate-limiting, limit: 5/s, cost: { /exprt: 2, /big: 9 } } }
routes: [{ path: /export, respond: {}, policies: [per-client] }, { path: /big, respond: {} }]
`
  await assert.rejects(startGateway(t, yaml), (error: unknown) => {
    assert.ok(error instanceof ConfigRefused)
    assert.deepEqual(error.problems.map(({ message, hint }) => `${message} — ${hint}`), [
      'no route has the name or path "/exprt" — did you mean "/export"?',
      'is more than the limit ever lets through at once, which is 5 — a larger limit or `burst`'
    ])
    return true
  })
})
