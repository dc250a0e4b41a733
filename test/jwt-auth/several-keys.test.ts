/** Several keys of one policy, other places for the token, and how many tokens are remembered. */

import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { VerifiedTokenCache } from '../../plugins/policies/jwt-auth/verified-token-cache.ts'
import { openDoor } from './door.ts'
import { good, hmac, p256, rsa, secret, signed, token } from './keys.ts'

const keys = [
  { kid: 'shared', secret },
  { kid: 'r', publicKey: rsa.publicKey, algorithms: ['RS256', 'PS256'] },
  { kid: 'e', publicKey: p256.publicKey }
]

test('S1-28 a token is verified with the key that it names, or with all where it names none', async t => {
  const { app } = await openDoor(t, { keys })
  const status = async (token: string): Promise<number> => (await app.inject({
    url: '/',
    headers: { authorization: `Bearer ${token}` }
  })).statusCode
  for (const head of [{ kid: 'shared' }, {}]) assert.equal(await status(hmac({ alg: 'HS256', ...head }, good)), 200)
  for (const head of [{ kid: 'r' }, {}]) assert.equal(await status(signed({ alg: 'RS256', ...head }, good, rsa.privateKey)), 200)
  for (const head of [{ kid: 'e' }, {}]) assert.equal(await status(signed({ alg: 'ES256', ...head }, good, p256.privateKey)), 200)
  for (const forged of [
    hmac({ alg: 'HS256', kid: 'r' }, good), hmac(
      { alg: 'HS256', kid: 'r' },
      good,
      rsa.publicKey
    ), hmac({ alg: 'HS256' }, good, rsa.publicKey.trim()), hmac({ alg: 'HS256', kid: 'nobody' }, good),
    signed({ alg: 'RS256', kid: 'e' }, good, rsa.privateKey), signed({ alg: 'ES256', kid: 'r' }, good, p256.privateKey), signed(
      { alg: 'RS384', kid: 'r' },
      good,
      rsa.privateKey,
      'sha384'
    )
  ]) assert.equal(await status(forged), 401)
})

test('S1-26 the token may stand in a cookie, and is taken out of what goes on when the file says so', async t => {
  const { app } = await openDoor(t, { secret, token: { from: 'cookie', name: 'session' }, forwardToken: false })
  const answer = await app.inject({ url: '/', headers: { cookie: `theme=dark; session=${token()}; x=y` } })
  assert.equal(answer.statusCode, 200)
  assert.equal(answer.json<Record<string, unknown>>()['cookie'], 'theme=dark; x=y')
  assert.equal((await app.inject({ url: '/', headers: { cookie: `session=${token()}; session=${token()}` } })).statusCode, 401)
  assert.match((await app.inject({ url: '/', headers: { authorization: `Bearer ${token()}` } })).body, /missing-token/)
})

test('S1-26 the token may be all of another header', async t => {
  const { app } = await openDoor(t, { secret, token: { from: 'header', name: 'X-Token' } })
  assert.equal((await app.inject({ url: '/', headers: { 'x-token': token() } })).statusCode, 200)
  assert.equal((await app.inject({ url: '/', headers: { 'x-token': `Bearer ${token()}` } })).statusCode, 401)
})

test('a token of more than 16 KiB is refused before anything is computed', async t => {
  const door = await openDoor(t, { secret })
  const long = token({ x: 'x'.repeat(12_400) })
  const answer = await door.app.inject({ url: '/', headers: { authorization: `Bearer ${long}` } })
  assert.equal(answer.statusCode, 401)
  assert.match(door.log.join(), /longer than 16384 characters/)
})

test('no more tokens are remembered than the file says, those in use among them, and no long ones', () => {
  const memory = new VerifiedTokenCache<number>(10)
  memory.set('used', 1)
  for (let i = 0; i < 1000; i++) {
    memory.set(`token ${i}`, i)
    assert.equal(memory.get('used'), 1)
    assert.ok(memory.size <= 10)
  }
  memory.set('x'.repeat(5000), 1)
  assert.equal(memory.get('x'.repeat(5000)), undefined)
  const none = new VerifiedTokenCache<number>(0)
  none.set('a', 1)
  assert.equal(none.get('a'), undefined)
})

test('an RSA signature has exactly the length of its key, also at odd key lengths, and cannot omit a leading zero', async t => {
  const odd = generateKeyPairSync('rsa', {
    modulusLength: 2050,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' }
  })
  for (const { publicKey, privateKey } of [rsa, odd]) {
    const { app } = await openDoor(t, { publicKey, algorithms: ['RS256'] })
    const status = async (token: string): Promise<number> => (await app.inject({
      url: '/',
      headers: { authorization: `Bearer ${token}` }
    })).statusCode
    // One signature in 256 begins with a zero, and with 2050 bits one in 3.
    let text = ''
    let signature = Buffer.of(1)
    for (let jti = 0; signature[0] !== 0; jti++) {
      text = signed({ alg: 'RS256' }, { ...good, jti }, privateKey)
      signature = Buffer.from(text.split('.')[2]!, 'base64url')
    }
    assert.equal(await status(text), 200)
    assert.equal(await status(`${text.split('.', 2).join('.')}.${signature.subarray(1).toString('base64url')}`), 401)
  }
})

test('a token that names no key is tried with eight at most, so that it cannot make the gateway work', async t => {
  const { app } = await openDoor(t, { keys: Array.from({ length: 9 }, (_, n) => ({ kid: `k${n}`, secret: `${secret}-${n}` })) })
  const status = async (head: object, key: string): Promise<number> => {
    const authorization = `Bearer ${hmac({ alg: 'HS256', ...head }, good, key)}`
    return (await app.inject({ url: '/', headers: { authorization } })).statusCode
  }
  assert.deepEqual(
    [await status({}, `${secret}-7`), await status({}, `${secret}-8`), await status({ kid: 'k8' }, `${secret}-8`)],
    [200, 401, 200]
  )
})
