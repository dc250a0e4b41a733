import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { freePort, startTarget } from '../helpers/target.ts'
import { mint } from '../../plugins/policies/jwt-auth/mint.ts'

const secret = 'a shared secret for tests, long enough'

async function explainable (t: Parameters<typeof startGateway>[0]) {
  const target = await startTarget(t)
  const door = await startGateway(t, `
policies:
  login: { plugin: jwt-auth, secret: "${secret}" }
  few: { plugin: rate-limiting, limit: 2/h }
upstreams:
  users: { targets: ["${target.url}/base"], circuitBreaker: { failures: 1, openFor: 1h } }
routes:
  - { path: /users/*, methods: [GET], upstream: users, policies: [few, login] }
  - { path: /users/me, headers: { x-version: v2 }, respond: { text: v2 } }
`)
  return { ...door, target }
}

test('a matched request is explained down to the target, and nothing is sent', async t => {
  const { gateway, target } = await explainable(t)
  const token = mint({ secret, algorithm: 'HS256' }, { sub: 'alice', expiresIn: 60_000, now: Date.now() })
  const rehearsal = await gateway.explain({ method: 'GET', url: '/users/7?a=1', headers: { authorization: `Bearer ${token}` } })
  assert.equal(rehearsal.route, '/users/*')
  assert.deepEqual(
    rehearsal.decisions.map(({ by, verdict }) => `${by} ${verdict}`),
    ['few allowed', 'login allowed', 'load-balancing selected']
  )
  assert.equal(rehearsal.outcome.target, `${target.url}/base`)
  assert.equal(rehearsal.outcome.forwards?.path, '/base/users/7?a=1')
  assert.equal(target.hits.length, 0)
})

test('candidates that lost say why', async t => {
  const { gateway } = await explainable(t)
  const { candidates } = await gateway.explain({ method: 'GET', url: '/users/me' })
  assert.deepEqual(candidates.map(({ route, verdict }) => `${route} ${verdict}`), ['/users/me lost', '/users/* chosen'])
  assert.match(candidates[0]!.why, /x-version/)
})

test('a refused request is explained up to the policy that refused it', async t => {
  const { gateway } = await explainable(t)
  const { outcome, decisions } = await gateway.explain({ method: 'GET', url: '/users/7' })
  assert.deepEqual([outcome.status, outcome.code], [401, 'missing-token'])
  assert.deepEqual(decisions.map(({ by }) => by), ['few', 'login'])
})

test('requests that no route takes are explained too', async t => {
  const { gateway } = await explainable(t)
  const nowhere = await gateway.explain({ method: 'GET', url: '/nowhere' })
  assert.deepEqual([nowhere.outcome.status, nowhere.outcome.code, nowhere.candidates.length], [404, 'not-found', 0])
  const method = await gateway.explain({ method: 'POST', url: '/users/7' })
  assert.deepEqual([method.outcome.status, method.outcome.code], [405, 'method-not-allowed'])
  const hostile = await gateway.explain({ method: 'GET', url: '/users/..%2fadmin' })
  assert.deepEqual([hostile.outcome.status, hostile.outcome.code], [400, 'bad-target'])
})

test('explaining changes no state, however often it is done', async t => {
  const { gateway, url } = await explainable(t)
  for (let i = 0; i < 5; i++) await gateway.explain({ method: 'GET', url: '/users/7' })
  const limits = await Promise.all([1, 2, 3].map(async () => (await fetch(`${url}/users/7`)).status))
  assert.deepEqual(limits.toSorted((a, b) => a - b), [401, 401, 429])
})

test('the state of today is seen: a used-up limit, an open breaker', async t => {
  const { gateway, url } = await explainable(t)
  for (let i = 0; i < 2; i++) await fetch(`${url}/users/7`)
  const { outcome, decisions } = await gateway.explain({ method: 'GET', url: '/users/7' })
  assert.deepEqual([outcome.status, outcome.code], [429, 'rate-limited'])
  assert.match(decisions[0]!.why, /none of 2 left/)
  const dead = `http://127.0.0.1:${await freePort()}`
  const other = await startGateway(
    t,
    `upstreams: { u: { targets: ["${dead}"], circuitBreaker: { failures: 1, openFor: 1h }, retry: { attempts: 1 } } }\nroutes: [{ ` +
      'path: /, upstream: u }]'
  )
  await fetch(other.url)
  const open = await other.gateway.explain({ method: 'GET', url: '/' })
  assert.deepEqual([open.outcome.status, open.outcome.code], [503, 'no-target'])
  assert.match(open.decisions.find(({ by }) => by === 'circuit-breaking')!.why, /open/)
})

test('the admin listener explains', async t => {
  const { admin } = await explainable(t)
  const answer = await fetch(
    `${admin}/explain?method=GET&url=${encodeURIComponent('/users/me')}&header=${encodeURIComponent('X-Version: v2')}`
  )
  const { route, outcome } = await answer.json() as { route: string, outcome: { status: number } }
  assert.deepEqual([route, outcome.status], ['/users/me', 200])
})

test('a path that another route would get if it were read otherwise is explained as it is handled', async t => {
  const { gateway, url } = await startGateway(
    t,
    'routes:\n  - { path: /public/*, respond: { text: open } }\n  - { path: /public/admin/*, respond: { text: closed } }\n'
  )
  const { outcome } = await gateway.explain({ method: 'GET', url: '/public//admin/x' })
  assert.deepEqual([outcome.status, outcome.code], [400, 'ambiguous-path'])
  assert.equal((await fetch(`${url}/public//admin/x`)).status, 400)
})

test('credentials are not shown among the forwarded fields', async t => {
  const target = await startTarget(t)
  const { gateway } = await startGateway(t, `routes: [{ path: /, target: "${target.url}" }]`)
  const { outcome } = await gateway.explain({
    method: 'GET',
    url: '/',
    headers: { authorization: 'Bearer abc', cookie: 'sid=1', 'x-other': 'seen' }
  })
  const shown = JSON.stringify(outcome.forwards)
  assert.doesNotMatch(shown, /abc|sid=1/)
  assert.match(shown, /seen/)
})
