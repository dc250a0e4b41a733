/** What a service behind the gateway gets in place of the client's credential, verified with the key as a service would. */

import assert from 'node:assert/strict'
import { createHmac, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import { mint } from '../../plugins/policies/jwt-auth/mint.ts'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { formatProblem } from '../../src/config/check/problem.ts'
import { key } from '../any-of/key.ts'
import { startProject } from '../extending/project.ts'
import { send, type Answer } from '../helpers/client.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'
import { ed25519, p256, p384, rsa, shortRsa, type PemPair } from '../jwt-auth/keys.ts'

const secret = 'a-secret-for-tests-with-enough-bytes-in-it'
const inner = 'another-secret-that-only-services-have-got'
const epoch = 1_800_000_000_000

const bearer = (
  claims: object = {},
  sub = 'ada'
): string => `Bearer ${mint({ secret }, { sub, claims: { ...claims }, now: epoch, expiresIn: 3_600_000 })}`

interface Door extends TestGateway {
  readonly service: TestTarget
  readonly time: { now: number }
  readonly get: (headers?: Record<string, string>, path?: string) => Promise<Answer>
  /** What the service got last. */
  readonly got: (name?: string) => string | undefined
}

async function openDoor (t: TestContext, options: string, list = 'login, internal'): Promise<Door> {
  const service = await startTarget(t)
  const time = { now: 0 }
  const gateway = await startProject(t, `
policies:
  login: { plugin: jwt-auth, secret: ${secret} }
  key: { plugin: ./key.mjs }
  guest: { plugin: ./guest.mjs }
  anybody: { plugin: any-of, policies: [login, key] }
  internal: { plugin: identity-token, issuer: https://gateway.example, ${options} }
routes:
  - { path: '/*', target: "${service.url}", policies: [${list}] }
  - { path: /open, target: "${service.url}" }
`, {
    'key.mjs': key,
    'guest.mjs': 'export const config = {}\nexport default async () => {}\n'
  }, { clock: { now: () => time.now, wall: () => epoch + time.now } })
  return {
    ...gateway,
    service,
    time,
    get: async (headers = {}, path = '/') => await send(gateway.url, path, { headers }),
    got: (name = 'authorization') => service.hits.at(-1)!.headers[name] as string | undefined
  }
}

interface Parts {
  readonly head: Record<string, unknown>,
  readonly claims: Record<string, unknown>,
  readonly input: string,
  readonly signature: Buffer
}

function read (token: string): Parts {
  const [head = '', claims = '', signature = ''] = token.split('.')
  const json = (text: string): Record<string, unknown> => JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>
  return { head: json(head), claims: json(claims), input: `${head}.${claims}`, signature: Buffer.from(signature, 'base64url') }
}

const tokenIn = (authorization: string | undefined): Parts => {
  assert.match(authorization ?? '', /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/)
  return read(authorization!.slice(7))
}

test('S1-32 the service gets a token of the gateway in place of the client\'s, good for a minute, with the claims of the file', async t => {
  const { get, got } = await openDoor(t, `secret: ${inner}, kid: k1, audience: orders, claims: [sub, roles, missing]`)
  assert.equal((await get({ authorization: bearer({ roles: ['a', 'b'], email: 'a@example.com' }) })).status, 200)
  const { head, claims, input, signature } = tokenIn(got())
  assert.ok(createHmac('sha256', inner).update(input).digest().equals(signature))
  assert.deepEqual(head, { alg: 'HS256', typ: 'JWT', kid: 'k1' })
  assert.deepEqual(claims, {
    sub: 'ada',
    roles: ['a', 'b'],
    iss: 'https://gateway.example',
    aud: 'orders',
    iat: epoch / 1000,
    exp: epoch / 1000 + 60
  })
})

test('claims may get other names, and come from within others', async t => {
  const { get, got } = await openDoor(
    t,
    `secret: ${inner}, audience: [a, b], expires: 5m, claims: { user: sub, roles: realm_access.roles, client_iss: iss }`
  )
  await get({ authorization: bearer({ realm_access: { roles: ['editor'] }, iss: 'https://issuer.example' }) })
  assert.deepEqual(tokenIn(got()).claims, {
    user: 'ada',
    roles: ['editor'],
    client_iss: 'https://issuer.example',
    iss: 'https://gateway.example',
    aud: ['a', 'b'],
    iat: epoch / 1000,
    exp: epoch / 1000 + 300
  })
})

const pairs: readonly (readonly [alg: string, pair: PemPair, hash: string | null, written?: string])[] = [
  ['RS256', rsa, 'sha256'], [
    'RS512',
    rsa,
    'sha512',
    'RS512'
  ], ['ES256', p256, 'sha256'], ['ES384', p384, 'sha384'], ['EdDSA', ed25519, null]
]

for (const [alg, { publicKey, privateKey }, hash, written] of pairs) {
  test(`a private key signs with ${alg}, and the service needs only the public one`, async t => {
    const { get, got } = await openDoor(
      t,
      `privateKey: ${JSON.stringify(`\n${privateKey}`)}${written === undefined ? '' : `, algorithm: ${written}`}`
    )
    assert.equal((await get({ authorization: bearer() })).status, 200)
    const { head, claims, input, signature } = tokenIn(got())
    assert.equal(head['alg'], alg)
    assert.equal(claims['sub'], 'ada')
    assert.ok(verify(hash, Buffer.from(input), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature))
  })
}

test('a client has one token for half of its life, then the next', async t => {
  const { get, got, time } = await openDoor(t, `privateKey: ${JSON.stringify(p256.privateKey)}, expires: 60s`)
  const authorization = bearer()
  const tokens: (string | undefined)[] = []
  for (const now of [0, 29_999, 30_000, 59_999, 60_000, 10_000]) {
    time.now = now
    await get({ authorization })
    tokens.push(got())
  }
  // ES256 signs with chance, so that two tokens of the same second differ.
  assert.deepEqual(
    [tokens[0] === tokens[1], tokens[1] === tokens[2], tokens[2] === tokens[3], tokens[3] === tokens[4], tokens[4] === tokens[5]],
    [true, false, true, false, false]
  )
  assert.deepEqual(tokens.map(token => tokenIn(token).claims['exp'] as number - epoch / 1000), [60, 60, 90, 90, 120, 70])
})

test('a life of a part of a second is a second shorter, never longer', async t => {
  const { get, got } = await openDoor(t, `secret: ${inner}, expires: 5900ms`)
  await get({ authorization: bearer() })
  assert.equal(tokenIn(got()).claims['exp'], epoch / 1000 + 5)
})

test('Authorization may be written in any case, and is the client\'s own before the policy', async t => {
  const { get, got } = await openDoor(t, `secret: ${inner}, header: AUTHORIZATION`)
  assert.equal((await get({ authorization: bearer() })).status, 200)
  assert.equal(tokenIn(got()).claims['iss'], 'https://gateway.example')
})

test('a reload with other options is heard at once, though the client\'s token is remembered', async t => {
  const { get, got, gateway, file, write } = await openDoor(t, `secret: ${inner}, audience: orders`)
  await get({ authorization: bearer() })
  write(readFileSync(file, 'utf8').replace('audience: orders', 'audience: users'))
  assert.equal((await gateway.reload('test')).ok, true)
  await get({ authorization: bearer() })
  assert.equal(tokenIn(got()).claims['aud'], 'users')
})

test('two clients never share one', async t => {
  const { get, got } = await openDoor(t, `secret: ${inner}`)
  for (const sub of ['ada', 'grace', 'ada']) {
    await get({ authorization: bearer({}, sub) })
    assert.equal(tokenIn(got()).claims['sub'], sub)
  }
})

test('it serves every client that any-of admits', async t => {
  const { get, got } = await openDoor(t, `secret: ${inner}, claims: [sub, tier]`, 'anybody, internal')
  await get({ 'x-key': 'k-robot', authorization: 'Basic YTpi' })
  assert.deepEqual([tokenIn(got()).claims['sub'], tokenIn(got()).claims['tier']], ['robot', 'basic'])
})

test('without an authenticated client no field is sent, not even that of the client', async t => {
  const { get, got, service } = await openDoor(t, `secret: ${inner}`, 'guest, internal')
  for (const authorization of [bearer(), 'Basic YTpi']) {
    assert.equal((await get({ authorization })).status, 200)
    assert.equal(got(), undefined)
  }
  assert.equal(service.hits.length, 2)
})

test('a route that does not list it passes on the Authorization of its clients', async t => {
  const { get, got } = await openDoor(t, `secret: ${inner}`)
  await get({ authorization: 'Basic YTpi' }, '/open')
  assert.equal(got(), 'Basic YTpi')
})

test('in a header of its own it stands alone, beside the client\'s credential, and no client can send it on any route', async t => {
  const { get, got } = await openDoor(t, `secret: ${inner}, header: X-Identity`)
  const authorization = bearer()
  await get({ authorization, 'x-identity': 'forged' })
  assert.equal(read(got('x-identity')!).claims['sub'], 'ada')
  assert.equal(got(), authorization)
  await get({ 'x-identity': 'forged' }, '/open')
  assert.equal(got('x-identity'), undefined)
})

test('explain says that a token is issued and shows none, and the log has none', async t => {
  const { gateway, get, got, logs } = await openDoor(t, `secret: ${inner}`)
  const { decisions } = await gateway.explain({ method: 'GET', url: '/', headers: { authorization: bearer() } })
  assert.deepEqual(
    decisions.filter(({ by }) => by === 'internal'),
    [{ by: 'internal', verdict: 'issued', why: 'token about ada in authorization' }]
  )
  await get({ authorization: bearer() })
  const signature = got()!.split('.')[2]!
  assert.ok(!JSON.stringify(logs).includes(signature))
  assert.ok(!JSON.stringify(gateway.effectiveConfig()).includes(inner))
})

const mistakes: readonly (readonly [options: string, message: string])[] = [
  ['claims: [sub]', 'needs something to sign with: secret or privateKey'],
  [`secret: ${inner}, privateKey: x`, 'cannot stand beside secret'],
  ['secret: ""', 'must not be empty'],
  [`secret: ${JSON.stringify(rsa.publicKey)}`, 'must be a shared secret, got a key in PEM or JWK form — privateKey'],
  [`privateKey: ${JSON.stringify(rsa.publicKey)}`, 'must be a private key in PEM form'],
  [`privateKey: ${JSON.stringify(shortRsa.privateKey)}`, 'has 1024 bits; RSA keys need 2048'],
  [`privateKey: ${JSON.stringify(p256.privateKey)}, algorithm: RS256`, 'must fit the key, which signs with ES256; got RS256'],
  [`privateKey: ${JSON.stringify(p256.privateKey)}, algorithm: HS256`, 'HS256 needs a secret, not a private key'],
  [`secret: ${inner}, algorithm: ES256`, 'ES256 needs a private key'],
  [`secret: ${inner}, expires: 1s`, '5s'],
  [`secret: ${inner}, claims: [exp]`, 'exp is what the gateway says itself: give the client\'s another name — client_exp: exp'],
  [`secret: ${inner}, claims: [sub, jti]`, 'jti is what the gateway says itself'],
  [`secret: ${inner}, claims: { nbf: sub }`, 'nbf is what the gateway says itself'],
  [`secret: ${inner}, claims: { iss: iss }`, 'iss is what the gateway says itself'],
  [`secret: ${inner}, claims: []`, 'needs at least one item'],
  [`secret: ${inner}, claims: 7`, 'expected a list of claims, or names each with the claim that it gets'],
  [`secret: ${inner}, header: cookie`, 'must not be "cookie"'],
  [`secret: ${inner}, header: "a b"`, '"a b" is not a header name']
]

test('options that cannot be meant are refused, all at once, each with its place and without the key', async t => {
  const yaml = `policies:
${mistakes.map(([options], index) => `  m${index}: { plugin: identity-token, issuer: i, ${options} }`).join('\n')}
routes: [{ path: /, respond: {}, policies: [${mistakes.map((_, index) => `m${index}`).join(', ')}] }]`
  const started = await startProject(t, yaml, {}).catch((error: unknown) => error)
  if (!(started instanceof ConfigRefused)) return assert.fail('the file is accepted')
  for (const [index, [options, message]] of mistakes.entries()) {
    const lines = started.problems.filter(({ pointer }) => pointer.split('/')[2] === `m${index}`).map(problem => formatProblem(
      problem,
      () => undefined
    ))
    assert.ok(lines.some(line => line.includes(message)), `${options}: ${lines.join('; ')}`)
    assert.ok(!lines.some(line => line.includes(inner)))
  }
})
