/** Published keys over real HTTP: what a gateway with `jwks` or `discovery` does to tokens. */

import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
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
