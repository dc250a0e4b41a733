/** What the admin listener tells an operator: the state of targets, whether the last reload was good, and rehearsals of requests. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { freePort, startTarget } from '../helpers/target.ts'

const json = async <T> (url: string, init?: RequestInit): Promise<T> => await (await fetch(url, init)).json() as T

test('/upstreams says of each target its weight, the requests under way, whether it is open, and how long until a gate opens', async t => {
  const time = { now: 0 }
  const arrived = Promise.withResolvers<() => void>()
  const target = await startTarget(t, (request, response) => {
    if (request.url === '/slow') arrived.resolve(() => { response.end() })
    else response.writeHead(503).end()
  })
  const { url, admin } = await startGateway(t, `
upstreams:
  users: { targets: ["${target.url}"], retry: { attempts: 1 }, circuitBreaker: { failures: 1, openFor: 10s } }
  drained: { targets: [{ url: "${target.url}", weight: 0 }, { url: "${target.url}/b", weight: 3 }] }
routes: [{ path: '/*', upstream: users }, { path: /d, upstream: drained }]
`, { clock: { now: () => time.now, wall: () => 1_800_000_000_000 + time.now } })
  interface Gate { gate: string, permits: boolean, opensInMs?: number, since?: number, until?: number }
  interface Target { weight: number, active: number, open: boolean, gates: Gate[] }
  const targets = async (at: string): Promise<Target[]> => (await json<{
    name: string,
    targets: Target[]
  }[]>(`${admin}/upstreams`)).find(({ name }) => name === at)!.targets
  const breaker = ({ gates }: Target) => gates.find(({ gate }) => gate === 'circuit-breaking')!
  const slow = send(url, '/slow')
  const finish = await arrived.promise
  assert.deepEqual((await targets('users')).map(({ weight, active, open }) => [weight, active, open]), [[1, 1, true]])
  finish()
  await slow
  assert.deepEqual((await targets('drained')).map(({ weight, open }) => [weight, open]), [[0, false], [3, true]])
  assert.equal((await send(url, '/broken')).status, 503)
  time.now = 2500
  const [shut] = await targets('users')
  assert.deepEqual([shut!.open, breaker(shut!).permits, breaker(shut!).opensInMs], [false, false, 7500])
  assert.deepEqual([breaker(shut!).since, breaker(shut!).until], [1_800_000_000_000, 1_800_000_010_000])
  time.now = 12_000
  const [waits] = await targets('users')
  assert.deepEqual([waits!.open, breaker(waits!).opensInMs ?? 0, breaker(waits!).since], [true, 0, 1_800_000_010_000])
  const [users] = await json<{ balance: string, retries: { attempts: number }, failOpen?: boolean }[]>(`${admin}/upstreams`)
  assert.deepEqual([users!.balance, users!.retries.attempts, users!.failOpen], ['round-robin', 1, undefined])
})

test('an upstream says so while requests are sent although no target is open, and a reserve says its priority', async t => {
  const port = await freePort()
  const { admin, url } = await startGateway(t, `
upstreams: { users: { targets: ["http://127.0.0.1:${port}", { url: "http://127.0.0.1:${port}/b", priority: 2 }] } }
routes: [{ path: '/*', upstream: users }]
`)
  interface Described { failOpen?: boolean, targets: { open: boolean, priority?: number }[] }
  const users = async () => (await json<Described[]>(`${admin}/upstreams`))[0]!
  const before = await users()
  assert.deepEqual([before.failOpen, before.targets.map(({ priority }) => priority)], [undefined, [undefined, 2]])
  assert.equal((await send(url, '/')).status, 502)
  const { failOpen, targets } = await users()
  assert.deepEqual([failOpen, targets.map(({ open }) => open)], [true, [false, false]])
})

test('a rejected reload is a 422 with its problems, and /ready?verbose shows them until a reload succeeds', async t => {
  const { admin, write } = await startGateway(t, 'routes: [{ path: /, respond: {} }]')
  interface Ready { status: string, generation?: number, lastReload?: { ok: boolean, problems?: string[] } }
  const ready = async (query: string): Promise<Ready> => await json(`${admin}/readyz${query}`)
  const reload = async (): Promise<[number, { ok: boolean }]> => {
    const answer = await fetch(`${admin}/reload`, { method: 'POST' })
    return [answer.status, await answer.json() as { ok: boolean }]
  }
  assert.deepEqual((await ready('?verbose')).lastReload, { ok: true })
  write('routes: [{ path: / }]')
  const [refused, verdict] = await reload()
  assert.deepEqual([refused, verdict.ok], [422, false])
  assert.deepEqual(await ready(''), { status: 'ready' })
  const told = await ready('?verbose')
  assert.deepEqual([told.status, told.generation, told.lastReload!.ok, told.lastReload!.problems!.length], ['ready', 1, false, 1])
  write('routes: [{ path: /new, respond: {} }]')
  assert.deepEqual((await reload())[0], 200)
  assert.deepEqual((await ready('?verbose')).lastReload, { ok: true })
  assert.deepEqual((await json<{ name: string, policies: string[] }[]>(`${admin}/routes`)).map(({ name }) => name), ['/new'])
})

test('/explain takes method, address and several headers of a request, and says what is missing', async t => {
  const { admin } = await startGateway(t, `
policies: { inside: { plugin: ip-filter, allow: [10.0.0.0/8] } }
routes:
  - { path: /a, methods: [POST], headers: { x-one: "1", x-two: "a:b" }, respond: { status: 201 }, policies: [inside] }
`)
  const status = async (query: string): Promise<unknown> => (await json<{
    outcome: { status: number }
  }>(`${admin}/explain?${query}`)).outcome.status
  const headers = 'header=X-One:1&header=x-two:%20a:b'
  assert.equal(await status(`url=/a&method=post&ip=10.1.2.3&${headers}`), 201)
  assert.equal(await status(`url=/a&method=POST&ip=192.0.2.1&${headers}`), 403)
  assert.equal(await status(`url=/a&method=POST&${headers}`), 403)
  assert.equal(await status(`url=/a&${headers}`), 405)
  assert.equal(await status('url=/a&method=POST&ip=10.1.2.3&header=X-One:1'), 404)
  for (const query of ['', 'method=GET', 'url=/a&url=/b', 'url=/a&method=GET&method=POST']) {
    const answer = await fetch(`${admin}/explain?${query}`)
    assert.equal(answer.status, 400, query)
    assert.match(((await answer.json()) as { detail: string }).detail, /give \?url=\/path/)
  }
})

test('/explain takes the same in JSON, and says which member is wrong', async t => {
  const { admin } = await startGateway(t, `
admin: { port: 0, token: a-token-of-some-length, viewToken: another-token-of-length }
routes: [{ path: /a, methods: [POST], headers: { x-one: "1, 2" }, respond: {} }]
`)
  const post = async (body: unknown, token = 'another-token-of-length'): Promise<{ code?: string, detail?: string, route?: string }> => {
    const headers = { 'content-type': 'application/json', 'authorization': `Bearer ${token}` }
    return await json(`${admin}/explain`, { method: 'POST', headers, body: JSON.stringify(body) })
  }
  assert.equal((await post({ method: 'post', url: '/a', header: ['X-One: 1', 'x-one:2'], ip: '::1' })).route, '/a')
  assert.equal((await post({ method: 'POST', url: '/a', header: 'x-one: 1, 2' })).route, '/a')
  assert.equal((await post({ url: '/a' }, 'no-token')).code, 'invalid-token')
  for (const [body, said] of [
    [{ url: '/a', method: 'G ET' }, '`method` is none that the gateway can receive'],
    [{ url: '/a', method: 'FOO' }, '`method` is none that the gateway can receive'],
    ...['a', '', '/a b', '/a\n', 'http://', 'ftp://a/'].map(url => [
      { url }, '`url` must be a path, such as /users/1, or a URL that begins with http:// or https://'
    ] as const),
    [{ url: '/a', ip: 'localhost' }, '`ip` must be the address of a client, such as 203.0.113.7'],
    ...['x-one', ': 1', 'x one: 1', 'x: a\nb', 'x: \u20ac', 1, null].map(header => [
      { url: '/a', header: ['a: b', header] }, '`header` must be written "name: value"; number 2 is not'
    ] as const),
    ...[null, [], 'a', {}].map(body => [body, 'give ?url=/path and, where it is not GET, &method='] as const)
  ] as const) assert.deepEqual((await post(body)).detail, said, JSON.stringify(body))
})

test('the level of the log is one of those there are, spelt as they are', async t => {
  const { admin } = await startGateway(t, 'routes: [{ path: /, respond: {} }]')
  assert.deepEqual(await json(`${admin}/log-level?level=warn`, { method: 'PUT' }), { level: 'warn' })
  for (const query of ['', '?level=', '?level=WARN', '?level=loud', '?level=warn&level=info']) {
    assert.equal((await fetch(`${admin}/log-level${query}`, { method: 'PUT' })).status, 400, query)
  }
  assert.deepEqual(await json(`${admin}/log-level`), { level: 'warn' })
})

test('what the admin listener does not have is a problem document too', async t => {
  const { admin } = await startGateway(t, 'routes: [{ path: /, respond: {} }]')
  const answer = await fetch(`${admin}/nowhere`)
  assert.deepEqual(
    [answer.status, answer.headers.get('content-type')?.split(';')[0], ((await answer.json()) as { code: string }).code],
    [404, 'application/problem+json', 'not-found']
  )
})

test('/routes says of each route where it is written and which policies its requests pass, and writes those of a name', async t => {
  const { admin, file } = await startGateway(t, `
server: { host: 127.0.0.1, port: 0, policies: [inside] }
policies:
  inside: { plugin: ip-filter, allow: [127.0.0.0/8] }
  few: { plugin: rate-limiting, limit: 9/s }
routes:
  - { path: /a, respond: {} }
  - { path: '/b/*', methods: [GET], respond: { text: hello }, policies: [few, inside] }
  - { path: '/b/*', methods: [PUT], respond: { status: 202 }, x-note: two of one name }
`)
  const routes = async (query: string) => await json<{ name: string, chain: string[], place: string }[]>(`${admin}/routes${query}`)
  assert.deepEqual((await routes('')).map(({ name, chain, place }) => [name, chain, place]), [
    ['/a', ['inside'], `${file}:8`], ['/b/*', ['inside', 'few'], `${file}:9`], ['/b/*', ['inside'], `${file}:10`]
  ])
  assert.deepEqual((await routes('?name=/a')).map(({ name }) => name), ['/a'])
  assert.deepEqual(await routes('?name=/none'), [])
  const response = await fetch(`${admin}/routes?name=${encodeURIComponent('/b/*')}&format=yaml`)
  assert.equal(response.headers.get('content-type'), 'application/yaml; charset=utf-8')
  const text = await response.text()
  assert.match(text, /^routes:\n {2}- path: \/b\/\*\n/)
  assert.equal(text.match(/^ {2}- /gm)!.length, 2)
  assert.match(text, /text: hello[^]*status: 202/)
  const status = async (query: string): Promise<number> => (await fetch(`${admin}/routes?${query}`)).status
  assert.deepEqual([await status('name=/none&format=yaml'), await status('format=yaml'), await status('format=xml')], [404, 404, 400])
})
