import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { openDoor, type TestApp } from './door.ts'
import { forged, hs } from './forgeries.ts'
import { ed25519, good, hmac, k256, p256, p384, rsa, secret, segment, signed, token, type PemPair } from './keys.ts'

const strict = { secret, issuer: 'https://issuer.example', audience: ['orders', 'orders-v2'] }

async function answerTo (door: TestApp, authorization: string): Promise<{ status: number, code: unknown, challenge: string | undefined }> {
  const answer = await door.app.inject({ url: '/', headers: { authorization } })
  return {
    status: answer.statusCode,
    code: answer.json<Record<string, unknown>>()['code'],
    challenge: answer.headers['www-authenticate'] as string | undefined
  }
}

const invalid = { status: 401, code: 'invalid-token', challenge: 'Bearer realm="door", error="invalid_token"' }

/** A door that is open while all tests of this file run. */
function sharedDoor (written: object): () => TestApp {
  let door: TestApp
  const closing: (() => Promise<void>)[] = []
  before(async () => { door = await openDoor({ after: close => closing.push(close) }, written) })
  after(async () => { await Promise.all(closing.map(close => close())) })
  return () => door
}

const open = sharedDoor(strict)

test('the good token that all forged ones are made from is let through', async () => {
  const answer = await open().app.inject({ url: '/', headers: { authorization: `Bearer ${token()}` } })
  assert.equal(answer.statusCode, 200)
  assert.deepEqual(answer.json<Record<string, unknown>>()['claims'], good)
})

for (const [what, forgery] of Object.entries(forged)) {
  test(`a token with ${what} is refused, the first time and the second`, async () => {
    assert.deepEqual(await answerTo(open(), `Bearer ${forgery}`), invalid)
    assert.deepEqual(await answerTo(open(), `Bearer ${forgery}`), invalid)
  })
}

/** What is sent to a door that verifies with a public key. */
const publicKeys = { rsa, p256, p384, ed25519 }
const own = { rsa: ['RS256', 'sha256'], p256: ['ES256', 'sha256'], p384: ['ES384', 'sha384'], ed25519: ['EdDSA', null] } as const

for (const [kind, pair] of Object.entries(publicKeys) as [keyof typeof publicKeys, PemPair][]) {
  const [alg, hash] = own[kind]
  const door = sharedDoor({ publicKey: `\n  ${pair.publicKey}\n`, algorithms: [alg] })

  test(`a token signed with the ${alg} key is let through`, async () => {
    const answer = await door().app.inject({
      url: '/',
      headers: { authorization: `Bearer ${signed({ alg }, good, pair.privateKey, hash)}` }
    })
    assert.equal(answer.statusCode, 200)
  })

  test(`a token that uses the ${alg} public key as a shared secret is refused`, async () => {
    for (const key of [pair.publicKey, pair.publicKey.trim(), pair.publicKey.replaceAll('\n', '\r\n'), `\n  ${pair.publicKey}\n`]) {
      assert.deepEqual(await answerTo(door(), `Bearer ${hmac(hs, good, key)}`), invalid)
      assert.deepEqual(await answerTo(door(), `Bearer ${hmac({ alg }, good, key)}`), invalid)
    }
  })

  test(`a token with any other key, or a broken signature, is refused where ${alg} is wanted`, async () => {
    const [head, body] = signed({ alg }, good, pair.privateKey, hash).split('.') as [string, string]
    const others = Object.entries({ ...publicKeys, k256 }).filter(([other]) => other !== kind)
    const tokens = [
      ...others.map(([other, { privateKey }]) => signed({ alg }, good, privateKey, other === 'ed25519' ? null : 'sha256')),
      ...[0, 1, 8, 63, 64, 65, 96, 256, 4096].map(length => `${head}.${body}.${Buffer.alloc(length).toString('base64url')}`),
      `${head}.${body}.${Buffer.from([0x30, 6, 2, 1, 1, 2, 1, 1]).toString('base64url')}`,
      `${segment({ alg: 'none' })}.${segment(good)}.`
    ]
    for (const token of tokens) assert.deepEqual(await answerTo(door(), `Bearer ${token}`), invalid)
  })
}

test('of a key named in the token nothing is believed', async () => {
  const jwk = { kty: 'oct', k: segment('attacker') }
  for (const header of [
    { jwk }, { jku: 'http://127.0.0.1:1/keys' }, { x5u: 'http://127.0.0.1:1/cert' }, { kid: '../../../../dev/null' },
    { kid: ['a'] }
  ]) {
    assert.deepEqual(await answerTo(open(), `Bearer ${hmac({ ...hs, ...header }, good, 'attacker')}`), invalid)
  }
})

test('two Authorization fields are refused, though either of them is good', async t => {
  const { app } = await openDoor(t, strict)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'connect')
  socket.end(
    `GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer ${token()}\r\nAuthorization: Bearer ${token()}\r\n\r\n`
  )
  const answer = await text(socket)
  assert.match(answer, /^HTTP\/1\.1 401 /)
  assert.match(answer, /error="invalid_token"/)
})
