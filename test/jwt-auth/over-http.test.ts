/** Good and forged tokens at a real gateway: what reaches the service, and what the client is told. */

import assert from 'node:assert/strict'
import { constants, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { algorithms, type SignatureAlgorithm } from '../../src/identity/signature-algorithms.ts'
import { startProject } from '../extending/project.ts'
import { send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'
import { wall } from './door.ts'
import { forged, hs } from './forgeries.ts'
import { ed25519, good, hmac, p256, p384, rsa, secret, segment, signed, token, type PemPair } from './keys.ts'

const clock = { now: () => performance.now(), wall: () => wall }

interface Door extends TestGateway {
  readonly service: TestTarget
  readonly status: (path: string, authorization: string | readonly string[]) => Promise<string>
}

/** One route for each policy, under its name. */
async function open (t: TestContext, policies: Readonly<Record<string, object>>): Promise<Door> {
  const service = await startTarget(t)
  const gateway = await startGateway(t, [
    'policies:',
    ...Object.entries(policies).map(([name, options]) => `  ${name}: ${JSON.stringify({ plugin: 'jwt-auth', ...options })}`),
    'routes:',
    ...Object.keys(policies).map(name => `  - { path: /${name}, target: "${service.url}", policies: [${name}] }`)
  ].join('\n'), { clock })
  const status: Door['status'] = async (path, authorization) => {
    const {
      status,
      text
    } = await send(gateway.url, path, { headers: ['host', 'door', ...[authorization].flat().flatMap(value => ['authorization', value])] })
    return status === 200 ? '200' : `${status} ${(JSON.parse(text) as { code: string }).code}`
  }
  return { ...gateway, service, status }
}

test('no forged token reaches the service', async t => {
  const { service, status } = await open(t, { strict: { secret, issuer: 'https://issuer.example', audience: ['orders', 'orders-v2'] } })
  const rows = Object.entries(forged)
  assert.ok(rows.length >= 100)
  for (const [what, forgery] of rows) {
    // More than a head may have is refused before there is a token.
    const expected = forgery.length > 16_000 ? '431 headers-too-large' : '401 invalid-token'
    assert.equal(await status('/strict', `Bearer ${forgery}`), expected, what)
  }
  assert.equal(await status('/strict', [`Bearer ${token()}`, `Bearer ${token()}`]), '401 invalid-token')
  assert.equal(service.hits.length, 0)
  assert.equal(await status('/strict', `Bearer ${token()}`), '200')
})

const p521Pair = generateKeyPairSync('ec', { namedCurve: 'P-521' })
const p521: PemPair = {
  publicKey: p521Pair.publicKey.export({ type: 'spki', format: 'pem' }) as string,
  privateKey: p521Pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
}
const pairOf = (algorithm: SignatureAlgorithm): PemPair => ({
  ES256: p256,
  ES384: p384,
  ES512: p521,
  EdDSA: ed25519
} as Partial<Record<SignatureAlgorithm, PemPair>>)[algorithm] ?? rsa

function signedWith (algorithm: SignatureAlgorithm): string {
  const hash = `sha${algorithm.slice(2)}`
  if (algorithm.startsWith('HS')) return hmac({ alg: algorithm }, good, secret, hash)
  if (!algorithm.startsWith('PS')) {
    return signed({ alg: algorithm }, good, pairOf(algorithm).privateKey, algorithm === 'EdDSA' ? null : hash)
  }
  const input = `${segment({ alg: algorithm })}.${segment(good)}`
  const key = { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
  return `${input}.${sign(hash, Buffer.from(input), key).toString('base64url')}`
}

test('S1-28 a token of each of the thirteen algorithms is let through where it is the one, and nowhere else', async t => {
  const { service, status } = await open(
    t,
    Object.fromEntries(algorithms.map(algorithm => [
      algorithm,
      { ...algorithm.startsWith('HS') ? { secret } : { publicKey: pairOf(algorithm).publicKey }, algorithms: [algorithm] }
    ]))
  )
  for (const wanted of algorithms) {
    for (const algorithm of algorithms) {
      assert.equal(
        await status(`/${wanted}`, `Bearer ${signedWith(algorithm)}`),
        algorithm === wanted ? '200' : '401 invalid-token',
        `${algorithm} where ${wanted} is wanted`
      )
    }
  }
  assert.equal(service.hits.length, 13)
})

test('S1-29 no form of a public key is a shared secret', async t => {
  const pairs = { RS256: rsa, PS256: rsa, ES256: p256, ES384: p384, EdDSA: ed25519 }
  const { service, status } = await open(
    t,
    Object.fromEntries(Object.entries(pairs).map(([algorithm, { publicKey }]) => [algorithm, { publicKey, algorithms: [algorithm] }]))
  )
  for (const [algorithm, { publicKey: pem }] of Object.entries(pairs)) {
    const key = createPublicKey(pem)
    const jwk = key.export({ format: 'jwk' })
    const der = key.export({ type: 'spki', format: 'der' })
    const forms = [
      pem, pem.trim(), `\n${pem}`, pem.replaceAll('\n', '\r\n'), pem.replaceAll('\n', ''), JSON.stringify(jwk),
      JSON.stringify({ keys: [jwk] }), der.toString('latin1'), der.toString('base64'), der.toString('hex'),
      pem.replaceAll(/-----.*-----|\s/g, ''), ''
    ]
    for (const form of forms) {
      for (const head of [hs, { alg: algorithm }, { alg: 'HS384' }]) {
        assert.equal(await status(`/${algorithm}`, `Bearer ${hmac(head, good, form)}`), '401 invalid-token')
      }
    }
  }
  assert.equal(service.hits.length, 0)
})

test('S1-30 expiry, not-before, issuer, audience, required claims and scopes decide over HTTP, as set for the route', async t => {
  const { service, status } = await open(t, {
    strict: { secret, issuer: good.iss, audience: ['orders', 'users'] },
    plain: { secret },
    tolerant: { secret, clockTolerance: '5s' },
    tenants: { secret, requiredClaims: ['exp', 'tenant'] },
    admins: { secret, scopes: ['orders:read', 'orders:admin'] }
  })
  const second = wall / 1000
  const rows: readonly (readonly [path: string, claims: object, expected: string])[] = [
    ['/strict', {}, '200'],
    ['/strict', { aud: ['other', 'users'] }, '200'],
    ['/strict', { iss: 'https://other.example' }, '401 invalid-token'],
    ['/strict', { iss: undefined }, '401 invalid-token'],
    ['/strict', { aud: 'invoices' }, '401 invalid-token'],
    ['/strict', { aud: undefined }, '401 invalid-token'],
    ['/plain', { iss: 'https://other.example', aud: 'invoices' }, '200'],
    ['/plain', { exp: second + 1 }, '200'],
    ['/plain', { exp: second }, '401 invalid-token'],
    ['/plain', { exp: undefined }, '401 invalid-token'],
    ['/plain', { nbf: second }, '200'],
    ['/plain', { nbf: second + 1 }, '401 invalid-token'],
    ['/tolerant', { exp: second - 4, nbf: second + 5 }, '200'],
    ['/tolerant', { exp: second - 5 }, '401 invalid-token'],
    ['/tolerant', { nbf: second + 6 }, '401 invalid-token'],
    ['/tenants', { tenant: 'north' }, '200'],
    ['/tenants', {}, '401 invalid-token'],
    ['/admins', {}, '403 insufficient-scope'],
    ['/admins', { scope: 'orders:admin orders:read' }, '200']
  ]
  for (const [path, claims, expected] of rows) {
    assert.equal(await status(path, `Bearer ${token(claims)}`), expected, `${path} ${JSON.stringify(claims)}`)
  }
  assert.equal(service.hits.length, rows.filter(([, , expected]) => expected === '200').length)
})

test('S1-27 whatever is refused, the body is the one problem document with code and words, and HEAD has none', async t => {
  const issuer = await startTarget(t, (_request, response) => { response.writeHead(500).end() })
  const { url } = await open(t, { login: { secret }, admins: { secret, scopes: ['admin'] }, away: { jwks: `${issuer.url}/keys` } })
  const rows = [
    ['/login', undefined, 401, 'missing-token', 'missing token'], ['/login', 'Bearer x', 401, 'invalid-token', 'invalid token'], [
      '/admins', `Bearer ${token()}`, 403, 'insufficient-scope', 'insufficient scope'
    ],
    [
      '/away', `Bearer ${signedWith('ES256')}`, 503, 'identity-unavailable', 'identity service unavailable'
    ], ['/nowhere', undefined, 404, 'not-found', 'not found']
  ] as const
  for (const [path, authorization, status, code, title] of rows) {
    const headers = { 'x-request-id': 'r-1', ...(authorization === undefined ? {} : { authorization }) }
    const answer = await send(url, path, { headers })
    assert.deepEqual([answer.status, answer.headers['content-type']], [status, 'application/problem+json'])
    assert.deepEqual(JSON.parse(answer.text), { type: `urn:onedoor:error:${code}`, title, status, code, requestId: 'r-1' })
    const head = await send(url, path, { method: 'HEAD', headers })
    assert.deepEqual([head.status, head.text, head.headers['www-authenticate']], [status, '', answer.headers['www-authenticate']])
  }
})

/** A plugin of a user: `Authorization: Vault NAME` is the client NAME. */
const vault = `import { authentication, GatewayError, refuse, Type } from 'onedoor'
export const config = { options: Type.Object({ delay: Type.Integer({ default: 0 }) }, { additionalProperties: false }) }
export const authenticator = (app, { delay }) => async ({ headers, signal }) => {
  const [, name] = /^Vault (.+)$/.exec(headers.authorization ?? '') ?? []
  if (name === undefined) return refuse(new GatewayError('missing-token', { headers: { 'www-authenticate': 'Vault' } }), 'no ticket', false)
  await new Promise(resolve => setImmediate(resolve))
  if (name === 'broken') throw new Error('the vault has fallen over')
  if (name === 'eve') return refuse(new GatewayError('invalid-token'), 'eve', true)
  return { admitted: true, claims: { sub: name }, why: 'a ticket' }
}
export default authentication(authenticator)
`

test('S1-33 a verifier of a user is named in the file, and works in any-of beside those of the gateway', async t => {
  const service = await startTarget(t)
  const { url } = await startProject(t, `
policies:
  login: { plugin: jwt-auth, secret: "${secret}" }
  vault: { plugin: ./vault.mjs }
  either: { plugin: any-of, policies: [login, vault] }
routes:
  - { path: /alone, target: "${service.url}", policies: [vault], requestHeaders: { set: { x-user: "\${claims.sub}" } } }
  - { path: /either, target: "${service.url}", policies: [either], requestHeaders: { set: { x-user: "\${claims.sub}" } } }
`, { 'vault.mjs': vault }, { clock })
  const users: (string | undefined)[] = []
  for (const [path, authorization, status] of [
    ['/alone', 'Vault grace', 200], ['/alone', `Bearer ${token()}`, 401], ['/either', 'Vault grace', 200], [
      '/either',
      `Bearer ${token()}`,
      200
    ], ['/either', 'Vault eve', 401], ['/either', `Bearer ${token({ exp: 1 })}`, 401], ['/either', 'Vault broken', 500]
  ] as const) {
    assert.equal((await send(url, path, { headers: { authorization } })).status, status, `${path} ${authorization.slice(0, 12)}`)
    if (status === 200) users.push(service.hits.at(-1)!.headers['x-user'] as string | undefined)
  }
  assert.deepEqual(users, ['grace', 'grace', 'ann'])
  assert.equal(service.hits.length, 3)
  assert.equal((await send(url, '/either')).headers['www-authenticate'], 'Bearer realm="onedoor", Vault')
})
