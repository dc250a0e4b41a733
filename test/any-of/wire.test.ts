/** Several ways in, over real HTTP: any of several policies, all of them, and both nested. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { mint } from '../../plugins/policies/jwt-auth/mint.ts'
import { startProject } from '../extending/project.ts'
import { send, type Answer } from '../helpers/client.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'
import { startIssuer } from '../token-introspection/issuer.ts'
import { key, place } from './key.ts'

const secret = 'a-secret-for-tests-with-enough-bytes-in-it'
const token = (claims: object = {}): string =>
  `Bearer ${mint({ secret }, { sub: 'ada', claims: { ...claims }, now: Date.now(), expiresIn: 60_000 })}`

interface Door extends TestGateway {
  readonly service: TestTarget
  readonly issuer: TestTarget
  readonly get: (headers?: Record<string, string>, path?: string) => Promise<Answer>
}

/** `policy` is listed on the route; the others stand beside it. */
async function openDoor (t: TestContext, policy: string): Promise<Door> {
  const service = await startTarget(t)
  const issuer = await startIssuer(
    t,
    opaque => ({ active: opaque.startsWith('o-'), sub: opaque.slice(2), scope: opaque === 'o-weak' ? '' : 'read' })
  )
  const gateway = await startProject(t, `
policies:
  login: { plugin: jwt-auth, secret: ${secret}, forwardToken: false }
  opaque: { plugin: token-introspection, endpoint: "${issuer.url}", client: { id: a, secret: b }, scopes: [read], forwardToken: false,
    identityHeaders: { x-user: sub } }
  key: { plugin: ./key.mjs, tier: gold }
  place: { plugin: ./place.mjs }
  ${policy}
routes: [{ path: '/*', target: "${service.url}", policies: [mine],
  requestHeaders: { set: { x-sub: "\${claims.sub}", x-tier: "\${claims.tier}" } } }]
`, { 'key.mjs': key, 'place.mjs': place })
  return { ...gateway, service, issuer, get: async (headers = {}, path = '/') => await send(gateway.url, path, { headers }) }
}

const codeOf = ({ text }: Answer): string => (JSON.parse(text) as { code: string }).code
const seen = (
  { service }: Door,
  ...names: string[]
): (string | string[] | undefined)[] => names.map(name => service.hits.at(-1)!.headers[name])

const any = 'mine: { plugin: any-of, policies: [login, opaque, key] }'

test('any-of: each way leads in, and what it knows of the client is known after it', async t => {
  const door = await openDoor(t, any)
  assert.equal((await door.get({ authorization: token() })).status, 200)
  assert.deepEqual(seen(door, 'x-sub', 'x-user', 'x-consumer'), ['ada', undefined, undefined])
  assert.equal((await door.get({ authorization: 'Bearer o-grace', 'x-user': 'root' })).status, 200)
  assert.deepEqual(seen(door, 'x-sub', 'x-user', 'authorization'), ['grace', 'grace', undefined])
  assert.equal((await door.get({ 'x-key': 'k-robot', 'x-user': 'root', 'x-consumer': 'root' })).status, 200)
  assert.deepEqual(seen(door, 'x-sub', 'x-tier', 'x-user', 'x-consumer'), ['robot', 'gold', undefined, 'robot'])
})

test('any-of: a token that one does not know is still there for the next, whether or not it forwards what it knows', async t => {
  const door = await openDoor(t, 'mine: { plugin: any-of, policies: [opaque, login] }')
  assert.equal((await door.get({ authorization: token() })).status, 200)
  assert.deepEqual(seen(door, 'x-sub', 'authorization'), ['ada', undefined])
})

test('any-of: a client without a credential gets all challenges, each once', async t => {
  const { get, service } = await openDoor(t, any)
  const answer = await get()
  assert.deepEqual(
    [answer.status, codeOf(answer), answer.headers['www-authenticate']],
    [401, 'missing-token', 'Bearer realm="onedoor", Key realm="keys"']
  )
  assert.equal(service.hits.length, 0)
})

test('any-of: the way that was tried answers, and of several the one that knows the client', async t => {
  const { get } = await openDoor(t, any)
  for (const [headers, status, code] of [
    [{ 'x-key': 'stolen' }, 401, 'invalid-token'],
    [{ authorization: 'Bearer x' }, 401, 'invalid-token'],
    [{ authorization: 'Bearer o-weak' }, 403, 'insufficient-scope'],
    [{ authorization: 'Bearer x', 'x-key': 'k-robot' }, 200, undefined]
  ] as const) {
    const answer = await get(headers)
    assert.deepEqual([answer.status, answer.status === 200 ? undefined : codeOf(answer)], [status, code])
  }
})

test('any-of: while the issuer is away its tokens are a 503, and the other ways stay open', async t => {
  const { get, issuer } = await openDoor(t, any)
  await issuer.close()
  assert.equal(codeOf(await get({ authorization: 'Bearer o-grace' })), 'identity-unavailable')
  assert.equal((await get({ authorization: token() })).status, 200)
  assert.equal((await get({ authorization: 'Bearer o-grace', 'x-key': 'k-robot' })).status, 200)
  assert.equal((await get()).status, 401)
})

test('all-of: every one must let in, the first that does not answers, and what the first says of the client stands', async t => {
  const door = await openDoor(t, 'mine: { plugin: all-of, policies: [login, key] }')
  assert.equal((await door.get({ authorization: token(), 'x-key': 'k-robot' })).status, 200)
  assert.deepEqual(seen(door, 'x-sub', 'x-tier', 'x-consumer'), ['ada', 'gold', 'robot'])
  assert.equal((await door.get({ authorization: token() })).headers['www-authenticate'], 'Key realm="keys"')
  assert.equal((await door.get({ 'x-key': 'k-robot' })).headers['www-authenticate'], 'Bearer realm="onedoor"')
  assert.equal(door.service.hits.length, 1)
})

test('both nest: a login, or a key in the office', async t => {
  const { get } = await openDoor(
    t,
    'machines: { plugin: all-of, policies: [place, key] }\n  mine: { plugin: any-of, policies: [login, machines] }'
  )
  for (const [headers, status] of [
    [{ authorization: token() }, 200],
    [{ 'x-key': 'k-robot', 'x-place': 'office' }, 200],
    [{ 'x-key': 'k-robot' }, 401],
    [{ 'x-place': 'office' }, 401]
  ] as const) {
    assert.equal((await get(headers)).status, status, JSON.stringify(headers))
  }
})

test('the same policy as an alternative and by itself is one policy: what it remembers is shared', async t => {
  const issuer = await startIssuer(t, () => ({ active: true }))
  const { url } = await startProject(t, `
policies:
  opaque: { plugin: token-introspection, endpoint: "${issuer.url}", client: { id: a, secret: b } }
  key: { plugin: ./key.mjs }
  either: { plugin: any-of, policies: [opaque, key] }
routes: [{ path: /a, respond: {}, policies: [opaque] }, { path: /b, respond: {}, policies: [either] }]
`, { 'key.mjs': key })
  for (const path of ['/a', '/b']) assert.equal((await send(url, path, { headers: { authorization: 'Bearer x' } })).status, 200)
  assert.equal(issuer.hits.length, 1)
})

test('explain says of each way why it was open or not', async t => {
  const { gateway, get } = await openDoor(t, `${any}\n  pair: { plugin: all-of, policies: [login, key] }`)
  await get({ authorization: 'Bearer x' })
  const why = async (headers: Record<string, string>) => (await gateway.explain({
    method: 'GET',
    url: '/',
    headers
  })).decisions.filter(({ by }) => by === 'mine').map(({ verdict, why: text }) => `${verdict}: ${text}`)
  assert.deepEqual(await why({}), ['refused: login: no bearer token; opaque: no bearer token; key: no key'])
  assert.deepEqual(await why({ 'x-key': 'k-robot' }), ['allowed: login: no bearer token; opaque: no bearer token; key: known key'])
  assert.match(
    (await why({ authorization: 'Bearer x' }))[0]!,
    /^refused: login: it is not canonical base64url; opaque: the token is not active; key: no key$/
  )
})

test('decisions are counted under the name of the policy on the route', async t => {
  const { get, admin, gateway } = await openDoor(t, any)
  await get({ 'x-key': 'k-robot' })
  await get()
  // A rehearsal is no decision.
  await gateway.explain({ method: 'GET', url: '/', headers: { 'x-key': 'k-robot' } })
  const text = await (await fetch(`${admin}/metrics`)).text()
  for (const decision of ['allowed', 'refused']) {
    assert.ok(text.includes(`gateway_auth_decisions_total{policy="mine",decision="${decision}"} 1\n`), decision)
  }
})
