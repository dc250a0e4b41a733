/** Published keys over real HTTP: what a gateway with `jwks` or `discovery` does to tokens. */

import assert from 'node:assert/strict'
import { createHash, createPublicKey } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { send, type Answer } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startTarget, type Respond } from '../helpers/target.ts'
import { wall } from './door.ts'
import { ed25519, good, hmac, p256, rsa, secret, segment, shortRsa, signed, type PemPair } from './keys.ts'

const jwk = (pair: PemPair, members: object = {}): object => ({ ...createPublicKey(pair.publicKey).export({ format: 'jwk' }), ...members })

async function open (t: TestContext, source: string): Promise<TestGateway & { ask: (token: string) => Promise<Answer> }> {
  const service = await startTarget(t)
  const gateway = await startGateway(t, `
policies: { login: { plugin: jwt-auth, ${source}, identityHeaders: { x-user: sub } } }
routes: [{ path: '/*', target: "${service.url}", policies: [login] }]
`, { clock: { now: () => performance.now(), wall: () => wall } })
  return { ...gateway, ask: async token => await send(gateway.url, '/', { headers: { authorization: `Bearer ${token}`, 'x-user': 'root' } }) }
}

const json = (value: () => object): Respond => (_request, response) => response.end(JSON.stringify(value()))

test('S1-28 the issuer says where its keys are, and is the only one whose tokens count', async t => {
  const issuer = await startTarget(t, (request, response) => {
    response.end(JSON.stringify(request.url === '/keys' ? { keys: [jwk(ed25519, { kid: 'e' })] } : { issuer: issuer.url, jwks_uri: `${issuer.url}/keys` }))
  })
  const { ask } = await open(t, `discovery: "${issuer.url}"`)
  assert.equal((await ask(signed({ alg: 'EdDSA', kid: 'e' }, { ...good, iss: issuer.url }, ed25519.privateKey, null))).status, 200)
  assert.equal((await ask(signed({ alg: 'EdDSA', kid: 'e' }, good, ed25519.privateKey, null))).status, 401)
  assert.deepEqual(issuer.hits.map(({ url }) => url), ['/.well-known/openid-configuration', '/keys'])
})

test('S1-29 published keys verify nothing that they are not for', async t => {
  const oct = { kty: 'oct', kid: 'oct', k: segment(secret) }
  const keys = [oct, jwk(rsa, { kid: 'enc', use: 'enc' }), jwk(rsa, { kid: 'ops', key_ops: ['sign'] }), jwk(shortRsa, { kid: 'short' }), jwk(rsa, { kid: 'ps', alg: 'PS256' }), { kty: 'EC', kid: 'crv', crv: 'P-999', x: 'AA', y: 'AA' }, null, jwk(p256, { kid: 'good' })]
  const issuer = await startTarget(t, json(() => ({ keys })))
  const { ask, logs } = await open(t, `jwks: "${issuer.url}"`)
  const bad = [
    hmac({ alg: 'HS256', kid: 'oct' }, good),
    hmac({ alg: 'HS256', kid: 'good' }, good, p256.publicKey),
    signed({ alg: 'RS256', kid: 'enc' }, good, rsa.privateKey),
    signed({ alg: 'RS256', kid: 'ops' }, good, rsa.privateKey),
    signed({ alg: 'RS256', kid: 'short' }, good, shortRsa.privateKey),
    signed({ alg: 'RS256', kid: 'ps' }, good, rsa.privateKey),
    signed({ alg: 'RS256', kid: 'good' }, good, rsa.privateKey),
    signed({ alg: 'ES256', kid: '__proto__' }, good, p256.privateKey),
    signed({ alg: 'ES256', kid: ['good'] }, good, p256.privateKey),
    `${segment({ alg: 'none', kid: 'good' })}.${segment(good)}.`
  ]
  for (const token of bad) assert.equal((await ask(token)).status, 401)
  for (const head of [{ alg: 'ES256', kid: 'good' }, { alg: 'ES256' }]) assert.equal((await ask(signed(head, good, p256.privateKey))).status, 200)
  assert.equal(logs.filter(({ msg }) => msg === 'a published key is ignored').length % 6, 0)
})

test('a published key with the exponent 1 lets nobody in without a private key', async t => {
  const { n } = createPublicKey(rsa.publicKey).export({ format: 'jwk' })
  const issuer = await startTarget(t, json(() => ({ keys: [{ kty: 'RSA', n, e: 'AQ', kid: 'one' }, jwk(p256, { kid: 'good' })] })))
  const { ask, logs } = await open(t, `jwks: "${issuer.url}"`)
  const input = `${segment({ alg: 'RS256', kid: 'one' })}.${segment(good)}`
  // With this exponent the padded digest is its own signature (RFC 8017 §9.2).
  const digest = Buffer.concat([Buffer.from('3031300d060960864801650304020105000420', 'hex'), createHash('sha256').update(input).digest()])
  const signature = Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(256 - digest.length - 3, 0xff), Buffer.from([0]), digest])
  assert.equal((await ask(`${input}.${signature.toString('base64url')}`)).status, 401)
  assert.match(String(logs.find(({ msg }) => msg === 'a published key is ignored')?.['why']), /public exponent/)
})

test('two published keys of one name both verify, and the log says so once', async t => {
  const issuer = await startTarget(t, (_request, response) => response.writeHead(200, { 'cache-control': 'max-age=0' }).end(JSON.stringify({ keys: [jwk(rsa, { kid: 'a' }), jwk(p256, { kid: 'a' }), jwk(ed25519, { kid: 'b' })] })))
  const { ask, logs } = await open(t, `jwks: "${issuer.url}"`)
  assert.equal((await ask(signed({ alg: 'RS256', kid: 'a' }, good, rsa.privateKey))).status, 200)
  assert.equal((await ask(signed({ alg: 'ES256', kid: 'a' }, good, p256.privateKey))).status, 200)
  assert.deepEqual(logs.filter(({ msg }) => msg === 'several published keys have one name').map(({ kid }) => kid), ['a'])
})

test('dates with fractions are dates', async t => {
  const issuer = await startTarget(t, json(() => ({ keys: [jwk(p256)] })))
  const { ask } = await open(t, `jwks: "${issuer.url}"`)
  const dated = (claims: object): string => signed({ alg: 'ES256' }, { ...good, ...claims }, p256.privateKey)
  assert.equal((await ask(dated({ exp: wall / 1000 + 0.5, iat: wall / 1000 - 0.25, nbf: wall / 1000 - 0.125 }))).status, 200)
  assert.equal((await ask(dated({ exp: wall / 1000 - 0.5 }))).status, 401)
})

const answers: Readonly<Record<string, Respond>> = {
  'an error': (_request, response) => { response.writeHead(500).end() },
  'a redirect': (_request, response) => { response.writeHead(302, { location: '/keys' }).end(JSON.stringify({ keys: [jwk(rsa)] })) },
  'no JSON': (_request, response) => { response.end('<html>') },
  'no keys': json(() => ({ keys: [] })),
  'too much': (_request, response) => { response.end(JSON.stringify({ keys: [jwk(rsa)], x: 'x'.repeat(300_000) })) },
  'nothing': () => {}
}

for (const [what, respond] of Object.entries(answers)) {
  test(`S1-28 a gateway whose issuer answers ${what} starts, and tells clients to come back`, async t => {
    const issuer = await startTarget(t, respond)
    const { ask } = await open(t, `jwks: "${issuer.url}", published: { timeout: 100ms }`)
    const answer = await ask(signed({ alg: 'RS256' }, good, rsa.privateKey))
    assert.equal(answer.status, 503)
    assert.match(answer.text, /identity-unavailable/)
    assert.ok(!answer.text.includes(issuer.url))
  })
}

test('S1-28 keys that could not be fetched at the start are there as soon as the issuer is', async t => {
  let well = false
  const issuer = await startTarget(t, (_request, response) => { response.writeHead(well ? 200 : 503).end(JSON.stringify({ keys: [jwk(rsa)] })) })
  const { ask } = await open(t, `jwks: "${issuer.url}"`)
  const token = signed({ alg: 'RS256' }, good, rsa.privateKey)
  assert.equal((await ask(token)).status, 503)
  well = true
  let answer = await ask(token)
  while (answer.status === 503) answer = await ask(token)
  assert.equal(answer.status, 200)
})

test('S1-32 the upstream learns who it is from the token and never from the client', async t => {
  const issuer = await startTarget(t, json(() => ({ keys: [jwk(rsa)] })))
  const { ask } = await open(t, `jwks: "${issuer.url}"`)
  const users = async (claims: object): Promise<string | undefined> => (JSON.parse((await ask(signed({ alg: 'RS256' }, { ...good, ...claims }, rsa.privateKey))).text) as { headers: Record<string, string> }).headers['x-user']
  assert.equal(await users({}), 'ann')
  assert.equal(await users({ sub: undefined }), undefined)
  assert.equal(await users({ sub: 'a\r\nx-admin: yes' }), undefined)
})
