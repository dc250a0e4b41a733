/** Published keys over real HTTP: what a gateway with `jwks` or `discovery` does to tokens. */

import assert from 'node:assert/strict'
import { createHash, createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import { send, type Answer } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startTarget, type Respond } from '../helpers/target.ts'
import { keyFetcher } from '../../plugins/policies/jwt-auth/published-keys.ts'
import { wall } from './door.ts'
import { ed25519, good, hmac, p256, rsa, secret, segment, shortRsa, signed, type PemPair } from './keys.ts'

const jwk = (pair: PemPair, members: object = {}): object => ({ ...createPublicKey(pair.publicKey).export({ format: 'jwk' }), ...members })

async function open (t: TestContext, source: string): Promise<TestGateway & { ask: (token: string) => Promise<Answer> }> {
  const service = await startTarget(t)
  const gateway = await startGateway(t, `
policies: { login: { plugin: jwt-auth, ${source}, identityHeaders: { x-user: sub } } }
routes: [{ path: '/*', target: "${service.url}", policies: [login] }]
`, { clock: { now: () => performance.now(), wall: () => wall } })
  return {
    ...gateway,
    ask: async token => await send(gateway.url, '/', { headers: { authorization: `Bearer ${token}`, 'x-user': 'root' } })
  }
}

const json = (value: () => object): Respond => (_request, response) => response.end(JSON.stringify(value()))

test('S1-28 the issuer says where its keys are, and is the only one whose tokens count', async t => {
  const issuer = await startTarget(t, (request, response) => {
    response.end(JSON.stringify(request.url === '/keys' ? { keys: [jwk(ed25519, { kid: 'e' })] } : {
      issuer: issuer.url,
      jwks_uri: `${issuer.url}/keys`
    }))
  })
  const { ask } = await open(t, `discovery: "${issuer.url}"`)
  assert.equal((await ask(signed({ alg: 'EdDSA', kid: 'e' }, { ...good, iss: issuer.url }, ed25519.privateKey, null))).status, 200)
  assert.equal((await ask(signed({ alg: 'EdDSA', kid: 'e' }, good, ed25519.privateKey, null))).status, 401)
  assert.deepEqual(issuer.hits.map(({ url }) => url), ['/.well-known/openid-configuration', '/keys'])
})

test('S1-29 published keys verify nothing that they are not for', async t => {
  const oct = { kty: 'oct', kid: 'oct', k: segment(secret) }
  const keys = [
    oct,
    jwk(rsa, { kid: 'enc', use: 'enc' }),
    jwk(rsa, { kid: 'ops', key_ops: ['sign'] }),
    jwk(shortRsa, { kid: 'short' }),
    jwk(rsa, { kid: 'ps', alg: 'PS256' }),
    { kty: 'EC', kid: 'crv', crv: 'P-999', x: 'AA', y: 'AA' },
    null,
    jwk(p256, { kid: 'good' })
  ]
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
  for (const head of [{ alg: 'ES256', kid: 'good' }, { alg: 'ES256' }]) {
    assert.equal((await ask(signed(head, good, p256.privateKey))).status, 200)
  }
  assert.equal(logs.filter(({ msg }) => msg === 'a published key is ignored').length % 6, 0)
})

test('a published key with the exponent 1 admits no token without a private key', async t => {
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
  const issuer = await startTarget(
    t,
    (_request, response) => response.writeHead(200, { 'cache-control': 'max-age=0' }).end(JSON.stringify({
      keys: [jwk(rsa, { kid: 'a' }), jwk(p256, { kid: 'a' }), jwk(ed25519, { kid: 'b' })]
    }))
  )
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
  test(`S1-28 a gateway whose issuer responds with ${what} starts, and tells clients to come back`, async t => {
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
  const issuer = await startTarget(
    t,
    (_request, response) => { response.writeHead(well ? 200 : 503).end(JSON.stringify({ keys: [jwk(rsa)] })) }
  )
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
  const users = async (claims: object): Promise<string | undefined> => (JSON.parse((await ask(signed(
    { alg: 'RS256' },
    { ...good, ...claims },
    rsa.privateKey
  ))).text) as { headers: Record<string, string> }).headers['x-user']
  assert.equal(await users({}), 'ann')
  assert.equal(await users({ sub: undefined }), undefined)
  assert.equal(await users({ sub: 'a\r\nx-admin: yes' }), undefined)
})

test('a key without a name verifies tokens of any name that no other key has', async t => {
  const issuer = await startTarget(t, json(() => ({ keys: [jwk(p256), jwk(ed25519, { kid: 'e' })] })))
  const { ask } = await open(t, `jwks: "${issuer.url}"`)
  assert.equal((await ask(signed({ alg: 'ES256', kid: 'any' }, good, p256.privateKey))).status, 200)
  assert.equal((await ask(signed({ alg: 'ES256', kid: 'e' }, good, p256.privateKey))).status, 401)
  assert.equal((await ask(signed({ alg: 'EdDSA', kid: 'any' }, good, ed25519.privateKey, null))).status, 401)
})

test('a token that is remembered is refused when its key is no longer published, or the policy is given another one', async t => {
  let keys = [jwk(p256, { kid: 'p' })]
  const issuer = await startTarget(
    t,
    (_request, response) => response.writeHead(200, { 'cache-control': 'no-cache' }).end(JSON.stringify({ keys }))
  )
  const { ask } = await open(t, `jwks: "${issuer.url}", published: { minimumRefresh: 1s, coolDown: 1s }`)
  const token = signed({ alg: 'ES256', kid: 'p' }, good, p256.privateKey)
  assert.equal((await ask(token)).status, 200)
  keys = [jwk(ed25519, { kid: 'e' })]
  // The name of a key that is not there yet makes the gateway ask.
  assert.equal((await ask(signed({ alg: 'EdDSA', kid: 'e' }, good, ed25519.privateKey, null))).status, 200)
  assert.equal((await ask(token)).status, 401)
})

test('explain fetches no keys, and says so', async t => {
  const issuer = await startTarget(t, json(() => ({ keys: [jwk(p256, { kid: 'p' })] })))
  const { ask, gateway } = await open(t, `jwks: "${issuer.url}"`)
  const why = async (kid: string): Promise<unknown> => (await gateway.explain({
    method: 'GET',
    url: '/',
    headers: { authorization: `Bearer ${signed({ alg: 'ES256', kid }, good, p256.privateKey)}` }
  })).decisions.find(({ by }) => by === 'login')
  assert.equal((await ask(signed({ alg: 'ES256', kid: 'p' }, good, p256.privateKey))).status, 200)
  assert.deepEqual(await why('p'), { by: 'login', verdict: 'allowed', why: 'valid token of ann' })
  assert.deepEqual(await why('new'), {
    by: 'login',
    verdict: 'unknown',
    why: 'the key is not known yet, and is not fetched in a rehearsal'
  })
  assert.equal(issuer.hits.length, 1)
})

test('a reload that changes the fields for the upstream is heard by tokens that are remembered', async t => {
  const issuer = await startTarget(t, json(() => ({ keys: [jwk(p256)] })))
  const { ask, gateway, write, file } = await open(t, `jwks: "${issuer.url}"`)
  const token = signed({ alg: 'ES256' }, good, p256.privateKey)
  const user = async (): Promise<string | undefined> => (JSON.parse((await ask(token)).text) as {
    headers: Record<string, string>
  }).headers['x-user']
  assert.equal(await user(), 'ann')
  write(readFileSync(file, 'utf8').replace('x-user: sub', 'x-user: aud'))
  assert.equal((await gateway.reload('test')).ok, true)
  assert.equal(await user(), 'orders')
  assert.equal(issuer.hits.length, 1)
})

for (const [what, freshFor, control] of [
  ['says nothing', 600_000, undefined],
  ['says five minutes', 300_000, 'public, MAX-AGE=300'],
  ['says a day', 600_000, 'max-age=86400'],
  ['says a second', 60_000, 'max-age=1'],
  ['says never', 60_000, 'no-store, max-age=300'],
  ['says to ask again', 60_000, 'No-Cache'],
  ['means shared caches', 600_000, 's-max-age=300'],
  ['writes it in quotes', 300_000, 'max-age="300"']
] as const) {
  test(`keys of an issuer that ${what} are fresh for ${freshFor / 1000} s`, async () => {
    const fetch = keyFetcher({
      url: 'https://issuer.example/keys',
      algorithms: ['ES256'],
      refresh: 600_000,
      minimumRefresh: 60_000,
      ignored: () => {},
      repeated: () => {},
      ask: async () => ({ status: 200, headers: { 'cache-control': control }, body: Buffer.from(JSON.stringify({ keys: [jwk(p256)] })) })
    })
    assert.equal((await fetch()).freshFor, freshFor)
  })
}

test('a set of a hundred keys is one, of more none; and keys without a name do not share one', async () => {
  const repeated: string[] = []
  const fetchOf = (keys: object[], status = 200) => keyFetcher({
    url: 'https://issuer.example/keys',
    algorithms: ['ES256'],
    refresh: 600_000,
    minimumRefresh: 60_000,
    ignored: () => {},
    repeated: kid => { repeated.push(kid) },
    ask: async () => ({ status, headers: {}, body: Buffer.from(JSON.stringify({ keys })) })
  })()
  assert.equal((await fetchOf(Array.from({ length: 100 }, () => jwk(p256)))).keys.length, 100)
  await assert.rejects(fetchOf(Array.from({ length: 101 }, () => jwk(p256))), /at most 100 keys/)
  await assert.rejects(fetchOf([jwk(p256)], 203), /responded with 203/)
  assert.deepEqual(repeated, [])
})

for (const [what, document, expected] of [
  ['of its own', { issuer: 'https://issuer.example', jwks_uri: 'https://keys.example/k' }, undefined],
  ['of another issuer', { issuer: 'https://evil.example', jwks_uri: 'https://keys.example/k' }, /another issuer/],
  ['whose keys are not encrypted as it is', { issuer: 'https://issuer.example', jwks_uri: 'http://keys.example/k' }, /not https:/],
  ['whose keys are a file', { issuer: 'https://issuer.example', jwks_uri: 'file:///k' }, /names no jwks_uri/],
  ['without keys', { issuer: 'https://issuer.example' }, /names no jwks_uri/]
] as const) {
  test(`a discovery document ${what} is ${expected === undefined ? 'asked for once, until the keys fail' : 'none'}`, async () => {
    const asked: string[] = []
    let well = true
    const fetch = keyFetcher({
      discovery: 'https://issuer.example', algorithms: ['ES256'], refresh: 1, minimumRefresh: 1, ignored: () => {}, repeated: () => {},
      ask: async ({ url }) => {
        asked.push(url)
        return {
          status: well ? 200 : 503,
          headers: {},
          body: Buffer.from(JSON.stringify(url.endsWith('/k') ? { keys: [jwk(p256)] } : document))
        }
      }
    })
    if (expected !== undefined) return await assert.rejects(fetch(), expected)
    await fetch()
    await fetch()
    well = false
    await assert.rejects(fetch())
    well = true
    await fetch()
    assert.deepEqual(asked.map(url => url.endsWith('/k') ? 'keys' : 'document'), ['document', 'keys', 'keys', 'keys', 'document', 'keys'])
  })
}
