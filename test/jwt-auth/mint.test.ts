import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mint } from '../../plugins/policies/jwt-auth/mint.ts'
import type { SigningKey } from '../../src/identity/token-signer.ts'
import { openDoor, wall } from './door.ts'
import { ed25519, p256, p384, rsa, secret } from './keys.ts'

const payload = (token: string): unknown => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())

test('a minted token says what was asked for and nothing else', () => {
  const token = mint(
    { secret },
    { sub: 'ann', scope: 'a b', expiresIn: 60_000, issuer: 'i', audience: ['x', 'y'], claims: { tenant: 7, sub: 'root' }, now: wall }
  )
  assert.deepEqual(payload(token), {
    tenant: 7,
    sub: 'ann',
    scope: 'a b',
    iss: 'i',
    aud: ['x', 'y'],
    iat: wall / 1000,
    exp: wall / 1000 + 60
  })
  assert.deepEqual(payload(mint({ secret }, { now: wall })), { iat: wall / 1000 })
})

test('dates are whole seconds that are past, and no time left is a date too', () => {
  assert.deepEqual(payload(mint({ secret }, { now: wall + 999, expiresIn: 500 })), { iat: wall / 1000, exp: wall / 1000 + 1 })
  assert.deepEqual(payload(mint({ secret }, { now: wall + 600, expiresIn: 0 })), { iat: wall / 1000, exp: wall / 1000 })
})

test('the same minute, key and claims make the same token', () => {
  assert.equal(mint({ secret }, { sub: 'a', now: wall }), mint({ secret }, { sub: 'a', now: wall }))
})

const pairs: readonly (readonly [SigningKey['algorithm'], SigningKey, object])[] = [
  [undefined, { secret }, { secret }],
  ['HS512', { secret }, { secret, algorithms: ['HS512'] }],
  [undefined, { privateKey: rsa.privateKey }, { publicKey: rsa.publicKey, algorithms: ['RS256'] }],
  ['PS384', { privateKey: `\n ${rsa.privateKey}` }, { publicKey: rsa.publicKey, algorithms: ['PS384'] }],
  [undefined, { privateKey: p256.privateKey }, { publicKey: p256.publicKey, algorithms: ['ES256'] }],
  ['ES384', { privateKey: p384.privateKey }, { publicKey: p384.publicKey, algorithms: ['ES384'] }],
  ['EdDSA', { privateKey: ed25519.privateKey }, { publicKey: ed25519.publicKey, algorithms: ['EdDSA'] }]
]

for (const [algorithm, key, accepts] of pairs) {
  test(`a token minted with ${algorithm ?? 'the algorithm of'} ${Object.keys(key)[0]!} passes its policy until it expires`, async t => {
    const time = { now: wall }
    const { app } = await openDoor(t, accepts, { time })
    const headers = { authorization: `Bearer ${mint({ ...key, algorithm }, { sub: 'ann', expiresIn: 1000, now: wall })}` }
    assert.equal((await app.inject({ url: '/', headers })).statusCode, 200)
    time.now += 1000
    assert.equal((await app.inject({ url: '/', headers })).statusCode, 401)
  })
}

test('a key that does not fit the algorithm signs nothing', () => {
  const claims = { now: wall }
  assert.throws(() => mint({}, claims), TypeError)
  assert.throws(() => mint({ secret, privateKey: rsa.privateKey }, claims), TypeError)
  assert.throws(() => mint({ secret, algorithm: 'RS256' }, claims), /needs a private key/)
  assert.throws(() => mint({ privateKey: rsa.privateKey, algorithm: 'HS256' }, claims), /needs a secret/)
  assert.throws(() => mint({ privateKey: p256.privateKey, algorithm: 'RS256' }, claims))
})

test('a token can name the one of several keys that it was signed with', async t => {
  const { app } = await openDoor(t, { keys: [{ kid: 'old', publicKey: rsa.publicKey }, { kid: 'new', secret }] })
  const authorization = `Bearer ${mint({ secret, kid: 'new' }, { expiresIn: 1000, now: wall })}`
  assert.equal((await app.inject({ url: '/', headers: { authorization } })).statusCode, 200)
})
