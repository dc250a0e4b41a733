/** How verdicts of several policies become one. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Admitted, Authenticator, Refused, Verdict } from '../../src/contract/authentication.ts'
import { allOf, anyOf, authentication, refuse, type NamedAuthenticator } from '../../src/identity/authentication.ts'
import { GatewayError, reasons } from '../../src/contract/errors.ts'
import { openApp } from '../jwt-auth/door.ts'

const request = { exchange: {} } as FastifyRequest
const yes = (more: Partial<Admitted> = {}): Admitted => ({ admitted: true, why: 'known', ...more })
const missing = (challenge?: string | string[]): Refused => refuse(
  new GatewayError('missing-token', challenge === undefined ? {} : { headers: { 'www-authenticate': challenge } }),
  'nothing',
  false
)
const wrong = refuse(new GatewayError('invalid-token'), 'wrong', true)
const away = refuse(new GatewayError('identity-unavailable'), 'away', true)

/** Names them a, b, c; every second one responds later. */
const named = (...verdicts: Verdict[]): NamedAuthenticator[] => verdicts.map((
  verdict,
  index
) => ({ policy: 'abc'[index]!, judge: index % 2 === 0 ? () => verdict : async () => verdict }))
const refused = async (judge: Authenticator): Promise<Refused> => {
  const verdict = await judge(request)
  return verdict.admitted ? assert.fail('admitted') : verdict
}

test('any-of: the first that admits ends the question', async () => {
  let asked = false
  const last: NamedAuthenticator = { policy: 'c', judge: () => { asked = true; return wrong } }
  const verdict = await anyOf([...named(wrong, yes({ claims: { sub: 'b' } })), last])(request)
  assert.ok(verdict.admitted && verdict.claims?.['sub'] === 'b')
  assert.equal(asked, false)
})

test('any-of: every alternative is asked until one admits, whether those before it answered at once or later', async () => {
  for (const verdicts of [[wrong, wrong, yes()], [yes(), wrong, wrong], [wrong, yes(), wrong]]) {
    assert.equal((await anyOf(named(...verdicts))(request)).admitted, true)
  }
})

test('any-of without promises answers without one', () => {
  assert.ok(!(anyOf([{ policy: 'a', judge: () => wrong }, { policy: 'b', judge: () => yes() }])(request) instanceof Promise))
})

test('any-of: the alternative that was tried answers for all', async () => {
  assert.equal((await refused(anyOf(named(missing('Bearer'), wrong, missing('Basic'))))).error, wrong.error)
})

test('any-of: of those that were tried the one that knows the client answers', async () => {
  const weak = refuse(new GatewayError('insufficient-scope'), 'weak', true)
  assert.equal((await refused(anyOf(named(wrong, weak)))).error, weak.error)
})

test('any-of: a service that could not be asked might have said yes, so that is what is told', async () => {
  assert.equal((await refused(anyOf(named(wrong, away)))).error.code, 'identity-unavailable')
})

test('any-of: where nothing was tried all ways to try are named, each once', async () => {
  const {
    error,
    presented
  } = await refused(anyOf(named(missing('Bearer realm="x"'), missing(['Basic realm="x"', 'Bearer realm="x"']), missing())))
  assert.equal(error.headers?.['www-authenticate'], 'Bearer realm="x", Basic realm="x"')
  assert.equal(presented, false)
})

test('any-of: where nothing was tried and one knows the way to a login, that is told', async () => {
  const login = refuse(new GatewayError({ ...reasons.forbidden, status: 302 }, { headers: { location: '/login' } }), 'login', false)
  assert.equal((await refused(anyOf(named(missing('Bearer'), login)))).error.statusCode, 302)
  assert.equal((await refused(anyOf(named(wrong, login)))).error.statusCode, 401)
})

test('any-of says what each alternative said', async () => {
  assert.equal((await refused(anyOf(named(missing(), wrong)))).why, 'a: nothing; b: wrong')
})

test('any-of: what one throws refuses, and no later one is asked', async () => {
  const broken: NamedAuthenticator = { policy: 'a', judge: async () => { throw new Error('broken') } }
  await assert.rejects(async () => await anyOf([broken, ...named(yes())])(request), /broken/)
})

test('all-of: what an earlier one said stands, and the rest is added', async () => {
  const verdict = await allOf(named(
    yes({ claims: { sub: 'a', tier: 'gold' }, fields: ['x-a', '1'], why: 'A' }),
    yes({ claims: { sub: 'b', key: 'k' }, fields: ['x-b', '2'], why: () => 'B' }),
    yes({ why: 'C' })
  ))(request)
  assert.ok(verdict.admitted)
  assert.deepEqual(verdict.claims, { sub: 'a', tier: 'gold', key: 'k' })
  assert.deepEqual(
    Object.fromEntries(Array.from({ length: 2 }, (_, i) => verdict.fields!.slice(2 * i, 2 * i + 2) as [string, string])),
    { 'x-a': '1', 'x-b': '2' }
  )
  assert.equal(typeof verdict.why === 'string' ? verdict.why : verdict.why(), 'a: A; b: B; c: C')
})

test('all-of: the first that refuses answers, and no later one is asked', async () => {
  const { error, why } = await refused(allOf([...named(yes(), wrong), { policy: 'c', judge: () => assert.fail('asked') }]))
  assert.equal(error, wrong.error)
  assert.equal(why, 'b: wrong')
  assert.equal((await refused(allOf(named(wrong, yes())))).why, 'a: wrong')
})

test('all-of: of a field that several set, for the upstream or the client, the first one\'s counts', async () => {
  const verdict = await allOf(named(
    yes({ fields: ['x-user', 'a'], responseFields: ['x-tier', 'a'] }),
    yes({ fields: ['x-user', 'b', 'x-b', 'b'], responseFields: ['x-tier', 'b'] })
  ))(request)
  assert.ok(verdict.admitted)
  // Each is set over what stands before it.
  const last = (fields: readonly string[]) => Object.fromEntries(Array.from(
    { length: fields.length / 2 },
    (_, i) => [fields[2 * i]!, fields[2 * i + 1]!]
  ))
  assert.deepEqual([last(verdict.fields!), last(verdict.responseFields!)], [{ 'x-user': 'a', 'x-b': 'b' }, { 'x-tier': 'a' }])
})

test('all-of of policies without claims gives no claims', async () => {
  const verdict = await allOf(named(yes(), yes()))(request)
  assert.ok(verdict.admitted && verdict.claims === undefined && verdict.fields === undefined)
})

test('all-of: what is unknown of one part is unknown of all, unless another refuses', async () => {
  const unknown = yes({ unknown: true, why: 'not asked' })
  const judged = await allOf(named(yes(), unknown, yes()))(request)
  assert.equal(judged.admitted && judged.unknown, true)
  assert.equal((await refused(allOf(named(unknown, wrong)))).error, wrong.error)
})

test('any-of: an unknown verdict is not certain to be an admission', async () => {
  const judged = await anyOf(named(wrong, yes({ unknown: true })))(request)
  assert.equal(judged.admitted && judged.unknown, true)
})

/** An app behind a policy whose verdicts the test gives; `GET /` shows what became of the request. */
async function appOf (t: TestContext, verdicts: readonly (Verdict | Promise<Verdict>)[], options: { rehearsal?: boolean } = {}) {
  const { app, decisions } = await openApp(t, options)
  const counted: Record<string, { value: number }> = {}
  app.decorate('metrics', {
    seriesCounter: () => ({ at: ({ policy, decision }: Record<string, string>) => counted[`${policy} ${decision}`] = { value: 0 } })
  } as never)
  app.addHook('onRequest', (request, reply, done) => {
    Object.assign(request.exchange, { reply })
    done()
  })
  for (const [index, verdict] of verdicts.entries()) {
    await app.register(fp(authentication(async () => () => verdict), { encapsulate: false }), { policy: 'abc'[index]! })
  }
  app.get('/', ({ claims, exchange }) => ({ claims, fields: exchange.upstreamFields ?? null, frozen: Object.isFrozen(claims) }))
  const ask = async () => await app.inject({ url: '/' })
  return { ask, decisions, counts: () => Object.fromEntries(Object.entries(counted).map(([name, { value }]) => [name, value])) }
}

for (const later of [false, true]) {
  const given = (verdict: Verdict) => later ? Promise.resolve(verdict) : verdict
  const when = later ? 'later' : 'at once'

  test(`a request that is admitted ${when} gets the fields of the verdict, and its claims beside those of policies before`, async t => {
    const { ask, counts } = await appOf(t, [
      given(yes({
        claims: { sub: 'ann', role: 'user' },
        fields: ['x-user', 'ann', 'x-role', 'user'],
        responseFields: ['x-a', '1', 'x-b', '2']
      })),
      given(yes({ claims: { sub: 'bob', tenant: 'shop' }, fields: ['x-user', 'bob'] })),
      given(yes())
    ])
    const answer = await ask()
    assert.deepEqual(answer.json(), {
      claims: { sub: 'ann', role: 'user', tenant: 'shop' },
      fields: ['x-user', 'bob', 'x-role', 'user'],
      frozen: true
    })
    assert.deepEqual([answer.headers['x-a'], answer.headers['x-b'], answer.headers['undefined']], ['1', '2', undefined])
    assert.deepEqual(Object.entries(counts()).filter(([, count]) => count > 0), [['a allowed', 1], ['b allowed', 1], ['c allowed', 1]])
  })

  test(`a request that is refused ${when} gets the error, and is counted by whose fault it is`, async t => {
    const client = await appOf(t, [given(wrong)])
    const service = await appOf(t, [given(away)])
    assert.deepEqual([(await client.ask()).statusCode, (await service.ask()).statusCode], [401, 503])
    assert.deepEqual(client.counts(), { 'a allowed': 0, 'a refused': 1, 'a unavailable': 0 })
    assert.deepEqual(service.counts(), { 'a allowed': 0, 'a refused': 0, 'a unavailable': 1 })
  })
}

test('a policy that fails admits no client', async t => {
  const broken = Promise.reject(new Error('broken'))
  broken.catch(() => {})
  const { ask, counts } = await appOf(t, [broken])
  assert.equal((await ask()).statusCode, 500)
  assert.equal(counts()['a allowed'], 0)
})

test('a rehearsal says what each policy decided, and counts nothing', async t => {
  const { ask, decisions, counts } = await appOf(t, [yes({ why: () => 'known by name' }), wrong], { rehearsal: true })
  await ask()
  assert.deepEqual(decisions, [
    { by: 'a', verdict: 'allowed', why: 'known by name' },
    { by: 'b', verdict: 'refused', why: 'wrong' }
  ])
  assert.deepEqual(counts(), {})
})
