/** The commands that ask a running gateway: upstreams, drain, undrain, limits, log-level. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { send } from '../helpers/client.ts'
import { startTarget } from '../helpers/target.ts'
import { commandLine, type Captured } from './captured.ts'

const token = 'letmein-letmein-letmein'

async function running (t: TestContext, yaml: string, time = { now: 0 }): Promise<TestGateway & {
  readonly onedoor: (...argv: string[]) => Promise<Captured>
}> {
  const clock = { now: () => time.now, wall: () => 1_800_000_000_000 + time.now }
  const gateway = await startGateway(t, `admin: { port: 0, token: ${token} }\n${yaml}`, { clock })
  const { onedoor } = commandLine(t)
  return { ...gateway, onedoor: async (...argv) => await onedoor(...argv, '--url', gateway.admin, '--token', token) }
}

test('drain keeps new requests away for a time, says who and why, and undrain lets them come back', async t => {
  const time = { now: 0 }
  const one = await startTarget(t, (_request, response) => response.end('1'))
  const two = await startTarget(t, (_request, response) => response.end('2'))
  const { url, onedoor, write, admin } = await running(t, `
upstreams: { users: { targets: [${one.url}, ${two.url}] } }
routes: [{ path: /*, upstream: users }]
`, time)
  const targets = async () => new Set([(await send(url, '/')).text, (await send(url, '/')).text, (await send(url, '/')).text])

  const drained = await onedoor('drain', 'users', one.url, '--for', '10m', '--reason', 'new kernel')
  assert.deepEqual([drained.status, drained.stderr], [0, ''])
  assert.equal(drained.stdout, `${one.url} gets no new requests until 2027-01-15T08:10:00.000Z; 0 under way; 1 open target in users\n`)
  assert.deepEqual(await targets(), new Set(['2']))
  write(`admin: { port: 0, token: ${token} }
upstreams: { users: { targets: [${one.url}, ${two.url}], retry: { attempts: 1 } } }
routes: [{ path: /*, upstream: users }]`)
  assert.equal((await fetch(`${admin}/reload`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })).status, 200)
  assert.deepEqual(await targets(), new Set(['2']))

  const { stdout } = await onedoor('upstreams', 'users')
  const lines = stdout.trimEnd().split('\n').map(line => line.split(/ {2,}/))
  assert.deepEqual(lines[0], ['upstream', 'target', 'state', 'active', 'weight', 'why'])
  assert.deepEqual(lines[1], [
    'users', one.url, 'drained', '0', '1', 'drain: by 127.0.0.1: new kernel; nothing is under way, opens in 600s'
  ])
  assert.deepEqual(lines[2]!.slice(1, 3), [two.url, 'open'])

  const last = await onedoor('drain', 'users', two.url)
  assert.deepEqual([last.status, last.stdout], [1, ''])
  assert.equal(last.stderr, `onedoor: the gateway responded with 409 conflict: without ${two.url}, no target of the upstream users is ` +
    'open; force=true drains it all the same (--force)\n')
  assert.equal((await onedoor('drain', 'users', two.url, '--force')).status, 0)
  assert.equal((await send(url, '/')).status, 503)

  time.now = 600_000
  assert.deepEqual(await targets(), new Set(['1']))
  assert.match((await onedoor('undrain', 'users', two.url)).stdout, /gets requests again; 2 open targets in users/)
  assert.deepEqual(await targets(), new Set(['1', '2']))
  const events = await (await fetch(`${admin}/events?type=target-drained,target-undrained`, {
    headers: { authorization: `Bearer ${token}` }
  })).json() as Record<string, unknown>[]
  assert.deepEqual(events.map(({ type, target, by, reason }) => [type, target, by, reason]), [
    ['target-drained', one.url, '127.0.0.1', 'new kernel'],
    ['target-drained', two.url, '127.0.0.1', undefined],
    ['target-undrained', two.url, '127.0.0.1', undefined]
  ])
})

test('what does not exist and what is no duration is a message, and so is a wrong token', async t => {
  const target = await startTarget(t)
  const { onedoor, admin } = await running(t, `
upstreams: { users: { targets: [${target.url}] } }
routes: [{ path: /*, upstream: users }]
`)
  const complaint = async (...argv: string[]): Promise<[number, string]> => {
    const { status, stderr } = await onedoor(...argv)
    return [status, stderr.replace(/^onedoor: /, '').split('\n')[0]!]
  }
  assert.deepEqual(await complaint('upstreams', 'user'), [1, 'there is no upstream "user"; did you mean users?'])
  assert.deepEqual(await complaint('drain', 'orders', target.url), [
    1, 'the gateway responded with 404 not found: there is no upstream of this name; there are users'
  ])
  assert.deepEqual(await complaint('drain', 'users', 'http://a.example'), [
    1, `the gateway responded with 404 not found: the upstream has no such target; there are ${target.url}`
  ])
  assert.deepEqual(await complaint('drain', 'users', target.url, '--for', 'soon'), [
    1, 'the gateway responded with 400 bad request: `for` must be a duration such as 10m'
  ])
  assert.equal((await complaint('drain', 'users'))[0], 2)
  const { onedoor: bare } = commandLine(t)
  const { status, stderr } = await bare('upstreams', '--url', admin, '--token', 'wrong')
  assert.deepEqual([status, /401 invalid token \(give it with --token/.test(stderr)], [1, true])
})

test('breaker opens and closes the circuit breaker of a target', async t => {
  const target = await startTarget(t)
  const { onedoor } = await running(t, `
upstreams: { users: { targets: [${target.url}], circuitBreaker: {} } }
routes: [{ path: /*, upstream: users }]
`)
  assert.equal((await onedoor('breaker', 'users', target.url, 'open', '--for', '5m', '--reason', 'bad deployment')).stdout,
    `the breaker of ${target.url} is open until 2027-01-15T08:05:00.000Z, then requests try the target; 0 open targets in users\n`)
  assert.match((await onedoor('upstreams')).stdout, /circuit-breaking: opened by 127\.0\.0\.1: bad deployment, opens in 300s/)
  const closed = await onedoor('breaker', 'users', target.url, 'closed')
  assert.equal(closed.stdout, `the breaker of ${target.url} is closed; 1 open target in users\n`)
  assert.equal((await onedoor('breaker', 'users', target.url, 'ajar')).status, 2)
})

test('limits shows who is limited, without the secrets that limits count by', async t => {
  const time = { now: 0 }
  const { url, onedoor } = await running(t, `
policies:
  keys: { plugin: rate-limiting, limit: 2/m, key: ["header:x-api-key", ip], algorithm: fixed-window,
    tiers: { by: "header:x-plan", gold: { limit: 3/m } } }
  addresses: { plugin: rate-limiting, limit: 100/m }
routes: [{ path: /*, respond: {}, policies: [addresses, keys] }]
`, time)
  const ask = async (headers: Record<string, string>) => (await send(url, '/', { headers })).status
  for (const status of [200, 200, 429]) assert.equal(await ask({ 'x-api-key': 'secret-of-a' }), status)
  for (const status of [200, 200, 200, 429]) assert.equal(await ask({ 'x-api-key': 'secret-of-b', 'x-plan': 'gold' }), status)
  assert.equal(await ask({ 'x-api-key': 'secret-of-c' }), 200)
  time.now = 20_000
  const { stdout } = await onedoor('limits')
  assert.doesNotMatch(stdout, /secret-of/)
  const lines = stdout.trimEnd().split('\n').map(line => line.replaceAll(/#[\w-]{10}/g, '#').split(/ {2,}/))
  assert.deepEqual(lines, [
    ['policy', 'key', 'left', 'next in', 'reset in'],
    ['keys', 'header:x-api-key #, 127.0.0.1', '0', '40s', '40s'],
    ['keys', 'header:x-api-key #, 127.0.0.1 (tier gold)', '0', '40s', '40s'],
    [''],
    ['addresses: 0 of 1 key limited'],
    ['keys: 2 of 3 keys limited']
  ])
  assert.equal((await onedoor('reset-limit', 'addresses', '127.0.0.1')).stdout, '1 key of addresses reset\n')
  assert.equal((await onedoor('reset-limit', 'addresses')).status, 2)
  const none = await running(t, 'routes: [{ path: /*, respond: {} }]')
  assert.equal((await none.onedoor('limits')).stdout, 'no rate-limiting policy is in use\n')
})

test('limits lists at most 100 keys of all policies together', async t => {
  const { url, onedoor } = await running(t, `
policies: { keys: { plugin: rate-limiting, limit: 1/h, key: "query:user" } }
routes: [{ path: /*, respond: {}, policies: [keys] }]
`)
  for (let user = 0; user < 103; user++) await send(url, `/?user=${user}`)
  const [{ keys, limited }] = JSON.parse((await onedoor('limits', '--json')).stdout) as [{ keys: number, limited: unknown[] }]
  assert.deepEqual([keys, limited.length], [103, 100])
})

test('log-level shows the level and changes it', async t => {
  const { onedoor, gateway } = await running(t, 'routes: [{ path: /*, respond: {} }]')
  assert.equal((await onedoor('log-level')).stdout, 'info\n')
  assert.equal((await onedoor('log-level', 'warn')).stdout, 'warn\n')
  assert.equal(gateway.log.level, 'warn')
  const { status, stderr } = await onedoor('log-level', 'loud')
  assert.deepEqual([status, /give \?level=, one of/.test(stderr)], [1, true])
})
