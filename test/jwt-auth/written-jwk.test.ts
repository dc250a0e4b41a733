/** Keys in the file as JWK: which are accepted, and which are rejected because others could sign with them. */

import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { test } from 'node:test'
import { config } from '../../plugins/policies/jwt-auth/index.ts'
import { openDoor, jwtOptions } from './door.ts'
import { ed25519, good, hmac, k256, p256, rsa, secret, segment, shortRsa, signed, type PemPair } from './keys.ts'

const jwk = (
  { publicKey }: PemPair,
  members: object = {}
): object => ({ ...createPublicKey(publicKey).export({ format: 'jwk' }), ...members })
const privateJwk = ({ privateKey }: PemPair): object => createPrivateKey(privateKey).export({ format: 'jwk' })

test('S1-28 a key may be a JWK beside others, as a mapping or as JSON, with its own name and algorithm or those of the file', async t => {
  const { app } = await openDoor(t, { keys: [
    { kid: 'shared', secret },
    { jwk: jwk(rsa, { kid: 'r', alg: 'PS256', use: 'sig' }) },
    { kid: 'e', jwk: JSON.stringify(jwk(p256, { kid: 'another' })) },
    { kid: 'd', jwk: jwk(ed25519), algorithms: ['EdDSA'] }
  ] })
  const status = async (token: string): Promise<number> => (await app.inject({
    url: '/',
    headers: { authorization: `Bearer ${token}` }
  })).statusCode
  assert.equal(await status(hmac({ alg: 'HS256', kid: 'shared' }, good)), 200)
  assert.equal(await status(signed({ alg: 'ES256', kid: 'e' }, good, p256.privateKey)), 200)
  assert.equal(await status(signed({ alg: 'EdDSA', kid: 'd' }, good, ed25519.privateKey, null)), 200)
  for (const forged of [
    signed({ alg: 'RS256', kid: 'r' }, good, rsa.privateKey), signed({ alg: 'ES256', kid: 'another' }, good, p256.privateKey),
    hmac(
      { alg: 'HS256', kid: 'r' },
      good,
      JSON.stringify(jwk(rsa))
    ), hmac({ alg: 'HS256', kid: 'e' }, good, p256.publicKey), hmac({ alg: 'HS256', kid: 'e' }, good)
  ]) assert.equal(await status(forged), 401)
})

const mistakes: readonly (readonly [what: string, key: object, pointer: string, message: RegExp])[] = [
  ['a private RSA key', { kid: 'a', jwk: privateJwk(rsa) }, '/keys/0/jwk', /must be a public key, got one with its private part d/],
  ['a private EC key', { kid: 'a', jwk: privateJwk(p256) }, '/keys/0/jwk', /private part d/],
  ['a private key as JSON', { kid: 'a', jwk: JSON.stringify(privateJwk(ed25519)) }, '/keys/0/jwk', /private part d/],
  ['a shared secret', { kid: 'a', jwk: { kty: 'oct', k: segment(secret) } }, '/keys/0/jwk', /private part k/],
  ['an algorithm of secrets', { kid: 'a', jwk: jwk(rsa), algorithms: ['HS256'] }, '/keys/0/algorithms/0', /must fit the key/],
  [
    'another algorithm than its own',
    { kid: 'a', jwk: jwk(rsa, { alg: 'RS256' }), algorithms: ['PS256'] },
    '/keys/0/jwk',
    /none of the algorithms/
  ],
  [
    'an algorithm of another kind of key',
    { kid: 'a', jwk: jwk(rsa), algorithms: ['RS256', 'ES256'] },
    '/keys/0/algorithms/1',
    /must fit the key/
  ],
  ['a key for encryption', { kid: 'a', jwk: jwk(rsa, { use: 'enc' }) }, '/keys/0/jwk', /not for signatures/],
  ['a short key', { kid: 'a', jwk: jwk(shortRsa) }, '/keys/0/jwk', /1024 bits/],
  ['another curve', { kid: 'a', jwk: jwk(k256) }, '/keys/0/jwk', /curve/],
  ['a kind of key that does not exist', { kid: 'a', jwk: { kty: '__proto__' } }, '/keys/0/jwk', /kty/],
  ['a name that is no text', { kid: 'a', jwk: jwk(rsa, { kid: 5 }) }, '/keys/0/jwk', /kid that is no text/],
  ['a key for signing', { kid: 'a', jwk: jwk(rsa, { key_ops: ['sign'] }) }, '/keys/0/jwk', /not for verification/],
  ['null', { kid: 'a', jwk: 'null' }, '/keys/0/jwk', /must be a JWK/],
  ['an empty name', { jwk: jwk(rsa, { kid: '' }) }, '/keys/0', /needs a kid/],
  ['no JSON', { kid: 'a', jwk: '{' }, '/keys/0/jwk', /must be a JWK/],
  ['no name', { jwk: jwk(rsa) }, '/keys/0', /needs a kid/],
  ['two keys in one', { kid: 'a', secret, jwk: jwk(rsa) }, '/keys/0', /exactly one of secret, publicKey and jwk/],
  ['no key', { kid: 'a' }, '/keys/0', /exactly one of/]
]

for (const [what, key, pointer, message] of mistakes) {
  test(`S1-29 ${what} is refused as a JWK, without its parts in the message`, () => {
    const problems: { readonly pointer: string, readonly message: string }[] = []
    config.checkOptions(jwtOptions({ keys: [key] }), problem => problems.push(problem))
    const found = problems.find(problem => problem.pointer === pointer && message.test(problem.message))
    assert.ok(found !== undefined, JSON.stringify(problems))
    const secretPart = (privateJwk(rsa) as { d: string }).d
    assert.ok(!JSON.stringify(problems).includes(secretPart))
  })
}

test('two keys of one name are refused, also where a JWK brings it along', () => {
  const problems: string[] = []
  config.checkOptions(
    jwtOptions({ keys: [{ kid: 'a', secret }, { jwk: jwk(rsa, { kid: 'a' }) }] }),
    ({ pointer, message }) => problems.push(`${pointer} ${message}`)
  )
  assert.deepEqual(problems, ['/keys/1 must be another than that of the keys before it, got a again'])
})
