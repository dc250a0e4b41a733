import assert from 'node:assert/strict'
import { test } from 'node:test'
import { config } from '../../plugins/policies/jwt-auth/index.ts'
import { validate } from '../../src/config/check/validate.ts'
import { jwtOptions } from './door.ts'
import { ed25519, k256, p256, rsa, secret, shortRsa } from './keys.ts'

/** Problems of options as the file has them, as `severity pointer message`. */
function problems (written: object): string[] {
  const { problems } = validate(config.options, written)
  if (problems.length > 0) return problems.map(({ pointer, message }) => `error ${pointer} ${message}`)
  const found: string[] = []
  config.checkOptions(jwtOptions(written), ({ pointer, message, severity = 'error' }) => found.push(`${severity} ${pointer} ${message}`))
  return found
}

test('a long secret, or a public key with its algorithm, is all that is needed', () => {
  assert.deepEqual(problems({ secret }), [])
  assert.deepEqual(problems({ publicKey: rsa.publicKey, algorithms: ['RS256', 'PS512'] }), [])
  assert.deepEqual(problems({ publicKey: p256.publicKey, algorithms: ['ES256'] }), [])
  assert.deepEqual(problems({ publicKey: `\n   ${ed25519.publicKey}`, algorithms: ['EdDSA'] }), [])
})

test('a secret that can be guessed is a warning, by the length that its algorithm asks for', () => {
  assert.match(problems({ secret: 'dev-secret' }).join(), /^warning \/secret is shorter than 32 bytes/)
  assert.match(problems({ secret: 'x'.repeat(63), algorithms: ['HS256', 'HS512'] }).join(), /^warning \/secret is shorter than 64 bytes/)
  assert.deepEqual(problems({ secret: 'x'.repeat(32) }), [])
})

test('there must be exactly one key', () => {
  assert.match(problems({}).join(), /needs a key/)
  assert.match(problems({ secret, publicKey: rsa.publicKey }).join(), /\/publicKey cannot stand beside secret/)
  assert.match(problems({ secret: '' }).join(), /\/secret must not be empty/)
})

test('a published key is no secret', () => {
  const jwk = JSON.stringify({ kty: 'RSA', n: 'x', e: 'AQAB' })
  for (const key of [rsa.publicKey, `\n\n ${p256.publicKey}`, rsa.privateKey, jwk, `{"keys": [${jwk}]}`]) {
    assert.match(problems({ secret: key }).join(), /^error \/secret must be a shared secret/)
  }
})

test('algorithms must fit the key, and the message says which do', () => {
  assert.match(
    problems({ secret, algorithms: ['RS256'] }).join(),
    /^error \/algorithms\/0 must fit the key, which verifies HS256, HS384, HS512; got RS256/
  )
  assert.match(problems({ publicKey: rsa.publicKey }).join(), /^error \/algorithms\/0 must fit the key, which verifies RS256/)
  assert.match(problems({ publicKey: rsa.publicKey, algorithms: ['RS256', 'HS256'] }).join(), /^error \/algorithms\/1 .*got HS256/)
  assert.match(problems({ publicKey: p256.publicKey, algorithms: ['ES384'] }).join(), /verifies ES256; got ES384/)
})

test('each of keys is pinned to algorithms of its own: HS256 for a secret unless it says so, and none for all of them', () => {
  assert.deepEqual(problems({ keys: [{ kid: 'a', secret: 'x'.repeat(32) }] }), [])
  assert.match(
    problems({ keys: [{ kid: 'a', secret: 'x'.repeat(32), algorithms: ['HS512'] }] }).join(),
    /^warning \/keys\/0\/secret is shorter than 64 bytes/
  )
  assert.match(problems({ keys: [{ kid: 'a', secret }], algorithms: ['HS256'] }).join(), /^error \/algorithms stands with each of keys/)
})

test('keys that an issuer publishes verify no HS, whatever the file says', () => {
  for (const source of [{ jwks: 'https://issuer.example/keys' }, { discovery: 'https://issuer.example' }]) {
    assert.deepEqual(problems({ ...source, algorithms: ['RS256', 'EdDSA'] }), [])
    assert.match(problems({ ...source, algorithms: ['RS256', 'HS256'] }).join(), /^error \/algorithms\/1 must fit the key, .*got HS256/)
  }
})

test('the least time between two fetches may be the most, but no longer', () => {
  const published = (
    refresh: string,
    minimumRefresh: string
  ): string => problems({ jwks: 'https://issuer.example/keys', published: { refresh, minimumRefresh } }).join()
  assert.equal(published('5m', '5m'), '')
  assert.match(published('5m', '6m'), /^error \/published\/minimumRefresh must not be longer than refresh/)
})

test('a token in Authorization has no name, and one in any other place needs one that does not mean something else', () => {
  const place = (token: object): string => problems({ secret, token }).join()
  assert.equal(place({ from: 'bearer' }), '')
  assert.match(place({ name: 'x-token' }), /^error \/token\/name is for from: header, cookie or query/)
  for (const from of ['header', 'cookie', 'query']) {
    assert.match(place({ from }), new RegExp(`^error /token from: ${from} needs a name`))
    assert.equal(place({ from, name: 'ticket' }), '')
  }
  for (const name of ['authorization', 'Cookie', 'HOST']) {
    assert.match(place({ from: 'header', name }), new RegExp(`^error /token/name must not be ${name}`))
  }
})

test('identityHeaders name fields that no client has another use for', () => {
  assert.deepEqual(problems({ secret, identityHeaders: { 'x-user-id': 'sub' } }), [])
  assert.match(problems({ secret, identityHeaders: { Cookie: 'sub' } }).join(), /^error \/identityHeaders\/Cookie must not be "Cookie"/)
})

test('unsigned tokens cannot be configured', () => {
  for (const none of ['none', 'None', 'NONE', '']) assert.match(problems({ secret, algorithms: [none] }).join(), /algorithms/)
  assert.match(problems({ secret, algorithms: [] }).join(), /algorithms/)
})

test('keys that cannot verify are refused with the reason', () => {
  assert.match(problems({ publicKey: 'nonsense' }).join(), /must be a public key or certificate in PEM form/)
  assert.match(problems({ publicKey: rsa.privateKey }).join(), /got a private one/)
  assert.match(problems({ publicKey: k256.publicKey, algorithms: ['ES256'] }).join(), /curve P-256, P-384 or P-521, got secp256k1/)
  assert.match(problems({ publicKey: shortRsa.publicKey, algorithms: ['RS256'] }).join(), /^error \/publicKey has 1024 bits/)
})

test('a scope that could not be written in a challenge is refused', () => {
  for (const scope of ['a b', 'a"', '', 'ä']) assert.match(problems({ secret, scopes: [scope] }).join(), /scopes/)
})
