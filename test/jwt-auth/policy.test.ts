import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import jwtAuth from '../../plugins/policies/jwt-auth/index.ts'
import { Holdings } from '../../src/state/holdings.ts'
import { jwtOptions, openApp, openDoor, wall, type TestApp } from './door.ts'
import { good, hmac, secret, token } from './keys.ts'

const get = async ({ app }: Pick<TestApp, 'app'>, authorization?: string, url = '/'): Promise<LightMyRequestResponse> =>
  await app.inject({ url, headers: authorization === undefined ? {} : { authorization } })

const code = (answer: LightMyRequestResponse): unknown => answer.json<Record<string, unknown>>()['code']

for (const [what, authorization] of [
  ['no Authorization', undefined],
  ['an empty one', ''],
  ['another scheme', 'Basic YTpi'],
  ['only the scheme', 'Bearer'],
  ['only the scheme and a space', 'Bearer '],
  ['a scheme that only begins like it', `Bearers ${token()}`],
  ['a bare token', token()]
] as const) {
  test(`a request with ${what} is told that a token is missing`, async t => {
    const answer = await get(await openDoor(t, { secret }), authorization)
    assert.equal(answer.statusCode, 401)
    assert.equal(code(answer), 'missing-token')
    assert.equal(answer.headers['www-authenticate'], 'Bearer realm="door"')
  })
}

test('the scheme may be written in any case', async t => {
  const door = await openDoor(t, { secret })
  for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR']) assert.equal((await get(door, `${scheme} ${token()}`)).statusCode, 200)
})

test('two spaces or a tab after the scheme are refused', async t => {
  const door = await openDoor(t, { secret })
  for (const between of ['  ', '\t', ' \t']) assert.equal(code(await get(door, `Bearer${between}${token()}`)), 'invalid-token')
})

test('a token in query or cookie is not looked at', async t => {
  const { app } = await openDoor(t, { secret })
  const answer = await app.inject({ url: `/?access_token=${token()}`, headers: { cookie: `token=${token()}` } })
  assert.equal(code(answer), 'missing-token')
})

test('an audience may be one of several, on either side', async t => {
  const door = await openDoor(t, { secret, audience: ['orders', 'users'], issuer: ['https://a.example', good.iss] })
  assert.equal((await get(door, `Bearer ${token({ aud: ['other', 'users'] })}`)).statusCode, 200)
})

test('a token that lacks a required claim is refused', async t => {
  const door = await openDoor(t, { secret, requiredClaims: ['exp', 'tenant'] })
  assert.equal(code(await get(door, `Bearer ${token()}`)), 'invalid-token')
  assert.equal((await get(door, `Bearer ${token({ tenant: 'a' })}`)).statusCode, 200)
})

test('a token without expiry passes only where none is required', async t => {
  assert.equal((await get(await openDoor(t, { secret, requiredClaims: [] }), `Bearer ${token({ exp: undefined })}`)).statusCode, 200)
})

test('clocks may differ by as much as the file says and not a millisecond more', async t => {
  const time = { now: wall }
  const door = await openDoor(t, { secret, clockTolerance: '5s' }, { time })
  const late = `Bearer ${token({ exp: wall / 1000 })}`
  const early = `Bearer ${token({ nbf: wall / 1000 + 10 })}`
  time.now = wall + 4999
  assert.equal((await get(door, late)).statusCode, 200)
  assert.equal(code(await get(door, early)), 'invalid-token')
  time.now = wall + 5000
  assert.equal(code(await get(door, late)), 'invalid-token')
  assert.equal((await get(door, early)).statusCode, 200)
})

test('a token that was let through before is refused in the millisecond it expires', async t => {
  const time = { now: wall }
  const door = await openDoor(t, { secret }, { time })
  const bearer = `Bearer ${token({ exp: wall / 1000 + 1 })}`
  assert.equal((await get(door, bearer)).statusCode, 200)
  time.now = wall + 999
  assert.equal((await get(door, bearer)).statusCode, 200)
  time.now = wall + 1000
  assert.equal(code(await get(door, bearer)), 'invalid-token')
})

test('a token that one policy let through is judged anew by another', async t => {
  const door = await openApp(t)
  const policies = {
    open: { secret },
    issuer: { secret, issuer: 'https://other.example' },
    key: { secret: `${secret}!` },
    scoped: { secret, scopes: ['admin'] }
  }
  for (const [policy, options] of Object.entries(policies)) {
    await door.app.register(async scope => {
      await scope.register(jwtAuth, { ...jwtOptions(options), policy })
      scope.get(`/${policy}`, () => 'ok')
    })
  }
  const statuses: number[] = []
  for (const path of ['/open', '/issuer', '/key', '/scoped', '/open']) {
    statuses.push((await get(door, `Bearer ${token()}`, path)).statusCode)
  }
  assert.deepEqual(statuses, [200, 401, 401, 403, 200])
})

test('policies may stand on all requests and on routes, in any number of scopes', async t => {
  const holdings = new Holdings()
  const door = await openApp(t, { holder: holdings.hold() })
  await door.app.register(jwtAuth, { ...jwtOptions({ secret }), policy: 'everywhere' })
  for (let i = 0; i < 300; i++) {
    await door.app.register(async scope => {
      await scope.register(jwtAuth, { ...jwtOptions({ secret, scopes: ['orders:read'] }), policy: 'readers' })
      scope.get(`/${i}`, () => 'ok')
    })
  }
  assert.equal((await get(door, `Bearer ${token()}`, '/299')).statusCode, 200)
  assert.equal((await get(door, `Bearer ${token({ scope: '' })}`, '/299')).statusCode, 403)
  assert.equal(holdings.size, 2)
})

test('a reload keeps what is known of a policy and drops it with the last app that had it', async t => {
  const holdings = new Holdings()
  const [first, second] = [holdings.hold(), holdings.hold()]
  await openDoor(t, { secret }, { holder: first })
  const door = await openDoor(t, { secret, scopes: ['orders:read'] }, { holder: second })
  assert.equal(holdings.size, 1)
  await first.release()
  assert.equal((await get(door, `Bearer ${token()}`)).statusCode, 200)
  await second.release()
  assert.equal(holdings.size, 0)
})

for (const claims of [
  { scope: 'a b c' },
  { scope: undefined, scp: ['b', 'a'] },
  { scope: undefined, scp: 'a b' },
  { scope: 'a', permissions: ['b'] }
]) {
  test(`the scopes a and b are found in ${JSON.stringify(claims)}`, async t => {
    assert.equal((await get(await openDoor(t, { secret, scopes: ['a', 'b'] }), `Bearer ${token(claims)}`)).statusCode, 200)
  })
}

test('a token without one of the scopes gets a 403 with those that are needed', async t => {
  const door = await openDoor(t, { secret, scopes: ['a', 'b'] })
  for (const claims of [{ scope: 'a' }, { scope: 'a bb' }, { scope: undefined }, { scope: { a: true, b: true } }, { scope: 'a,b' }]) {
    const answer = await get(door, `Bearer ${token(claims)}`)
    assert.equal(answer.statusCode, 403)
    assert.equal(code(answer), 'insufficient-scope')
    assert.equal(answer.headers['www-authenticate'], 'Bearer realm="door", error="insufficient_scope", scope="a b"')
  }
})

test('claims cannot be changed by what comes after, because other requests share them', async t => {
  const { app } = await openDoor(t, { secret })
  app.get('/change', request => {
    const claims = request.claims as { sub: string, roles: string[] }
    assert.throws(() => { claims.sub = 'root' }, TypeError)
    assert.throws(() => claims.roles.push('root'), TypeError)
    return claims
  })
  const bearer = `Bearer ${token({ roles: ['user'] })}`
  for (let i = 0; i < 2; i++) assert.deepEqual((await get({ app }, bearer, '/change')).json(), { ...good, roles: ['user'] })
})

test('a request that is refused has no claims', async t => {
  const { app } = await openDoor(t, { secret, scopes: ['admin'] })
  const seen: unknown[] = []
  app.addHook('onResponse', (request, _reply, done) => {
    seen.push(request.claims)
    done()
  })
  await get({ app }, `Bearer ${token()}`)
  assert.deepEqual(seen, [null])
})

test('the upstream gets the token unless the file says otherwise', async t => {
  const keeps = (await get(await openDoor(t, { secret }), `Bearer ${token()}`)).json<Record<string, unknown>>()
  assert.equal(keeps['authorization'], `Bearer ${token()}`)
  const drops = (await get(await openDoor(t, { secret, forwardToken: false }), `Bearer ${token()}`)).json<Record<string, unknown>>()
  assert.equal(drops['authorization'], null)
  assert.equal(drops['raw'], false)
  assert.deepEqual(drops['claims'], good)
})

test('why a token is refused is in the log and nowhere in the response, and the token is in neither', async t => {
  const door = await openDoor(t, { secret })
  const bad = hmac({ alg: 'HS256' }, { ...good, sub: 'somebody' }, 'wrong')
  const answer = await get(door, `Bearer ${bad}`)
  assert.match(door.log.join(), /FAST_JWT_INVALID_SIGNATURE/)
  assert.doesNotMatch(answer.body + JSON.stringify(answer.headers), /FAST_JWT|signature/i)
  for (const part of bad.split('.')) assert.ok(!`${door.log.join()}${answer.body}`.includes(part))
})

test('a rehearsal says what was decided', async t => {
  const door = await openDoor(t, { secret }, { rehearsal: true })
  await get(door, `Bearer ${token()}`)
  await get(door, `Bearer ${token({ exp: 1 })}`)
  await get(door)
  assert.deepEqual(door.decisions, [
    { by: 'login', verdict: 'allowed', why: 'valid token of ann' },
    { by: 'login', verdict: 'refused', why: 'expired' },
    { by: 'login', verdict: 'refused', why: 'no bearer token' }
  ])
})

test('HEAD, OPTIONS and unknown paths are judged like any request', async t => {
  const { app } = await openDoor(t, { secret })
  for (const method of ['HEAD', 'OPTIONS', 'DELETE'] as const) assert.equal((await app.inject({ method, url: '/nowhere' })).statusCode, 401)
})

