import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { openDoor, wall, type Door } from './door.ts'
import { ed25519, good, hmac, k256, p256, p384, rsa, secret, segment, signed, token, type PemPair } from './keys.ts'

const hs = { alg: 'HS256', typ: 'JWT' }
const now = wall / 1000
const [head, body, signature] = token().split('.') as [string, string, string]
const unsigned = (alg: unknown): string => `${segment({ alg, typ: 'JWT' })}.${segment(good)}.`
const members = (json: string): string => hmac(hs, json)
const restOf = JSON.stringify(good).slice(1)

/** What is sent as Authorization to a door that wants HS256, this issuer and this audience. */
const forged: Record<string, string> = {
  'algorithm none': unsigned('none'),
  'algorithm None': unsigned('None'),
  'algorithm NONE': unsigned('NONE'),
  'algorithm nOnE': unsigned('nOnE'),
  'algorithm none with a space': unsigned('none '),
  'algorithm none with the signature of another token': unsigned('none') + signature,
  'no algorithm': hmac({ typ: 'JWT' }, good),
  'an empty algorithm': hmac({ alg: '' }, good),
  'algorithm null': hmac({ alg: null }, good),
  'a list of algorithms': hmac({ alg: ['HS256'] }, good),
  'algorithm hs256 in small letters': hmac({ alg: 'hs256' }, good),
  'an algorithm that is not on the list': hmac({ alg: 'HS512' }, good, secret, 'sha512'),
  'an algorithm of another key kind': signed({ alg: 'RS256' }, good, rsa.privateKey),
  'another secret': hmac(hs, good, 'not the secret'),
  'an empty secret': hmac(hs, good, ''),
  'no signature': `${head}.${body}.`,
  'no signature and no dot': `${head}.${body}`,
  'only a header': head,
  'only dots': '..',
  'a cut signature': `${head}.${body}.${signature.slice(0, 20)}`,
  'a signature with one more character': `${head}.${body}.${signature}A`,
  'a signature of the same bytes in other letters': `${head}.${body}.${signature.slice(0, -1)}${String.fromCharCode(signature.charCodeAt(42) + 1)}`,
  'a padded signature': `${head}.${body}.${signature}=`,
  'the payload of another token': `${head}.${segment({ ...good, sub: 'root' })}.${signature}`,
  'the header of another token': `${segment({ alg: 'HS256' })}.${body}.${signature}`,
  'a fourth segment': `${head}.${body}.${signature}.${signature}`,
  'five segments, as an encrypted token has': `${head}.${body}.${signature}.${body}.${signature}`,
  'a leading dot': `.${head}.${body}.${signature}`,
  'standard base64 letters': `${head}.${body}.+/${signature.slice(2)}`,
  'a header that is no JSON': hmac('{"alg":', good),
  'a header that is a list': hmac([hs], good),
  'a payload that is no JSON': hmac(hs, 'sub=ann'),
  'a payload that is text': hmac(hs, '"ann"'),
  'a payload that is null': hmac(hs, 'null'),
  'a payload that is a list': hmac(hs, [good]),
  'a payload with a byte order mark': hmac(hs, `\ufeff${JSON.stringify(good)}`),
  'a JSON serialisation instead of a compact one': JSON.stringify({ protected: head, payload: body, signature }),
  'an unknown critical extension': hmac({ ...hs, crit: ['x'], x: 1 }, good),
  'an empty list of critical extensions': hmac({ ...hs, crit: [] }, good),
  'critical extensions as text': hmac({ ...hs, crit: 'exp' }, good),
  'a payload that is not encoded': hmac({ ...hs, b64: false, crit: ['b64'] }, good),
  'a date of expiry in the past': token({ exp: now - 1 }),
  'a date of expiry that is now': token({ exp: now }),
  'a date of expiry before time began': token({ exp: -1e300 }),
  'no date of expiry': token({ exp: undefined }),
  'a date of expiry that is null': token({ exp: null }),
  'a date of expiry that is text': token({ exp: String(now + 60) }),
  'a date of expiry that is true': token({ exp: true }),
  'a date of expiry in a list': token({ exp: [now + 60] }),
  'a date of expiry with a fraction': token({ exp: now + 60.5 }),
  'a date of expiry that is infinite': members(`{"exp":1e999,${restOf.replace(/,"exp":\d+/, '')}`),
  'a date of expiry in milliseconds': token({ exp: wall + 60_000 }),
  'a date of beginning in the future': token({ nbf: now + 1 }),
  'a date of beginning beyond all dates': token({ nbf: 1e300 }),
  'a date of beginning that is text': token({ nbf: 'soon' }),
  'a date of issue that is text': token({ iat: 'today' }),
  'another issuer': token({ iss: 'https://issuer.example.evil.example' }),
  'the issuer in capitals': token({ iss: 'https://ISSUER.example' }),
  'no issuer': token({ iss: undefined }),
  'a list of issuers': token({ iss: ['https://issuer.example'] }),
  'another audience': token({ aud: 'order' }),
  'a list of other audiences': token({ aud: ['users', 'ordersx'] }),
  'an empty list of audiences': token({ aud: [] }),
  'an audience that is an object': token({ aud: { orders: true } }),
  'no audience': token({ aud: undefined }),
  'two subjects': members(`{"sub":"root",${restOf}`),
  'two subjects, one of them escaped': members(`{"s\\u0075b":"root",${restOf}`),
  'two algorithms': hmac('{"alg":"none","alg":"HS256"}', good),
  'an object nested a thousand deep in place of the header': hmac(`${'['.repeat(1000)}${']'.repeat(1000)}`, good),
  'a hundred kilobytes of letters': 'a'.repeat(100_000),
  'a hundred kilobytes of dots': '.'.repeat(100_000),
  'a hundred kilobytes of payload under a wrong signature': `${head}.${segment({ ...good, x: 'x'.repeat(75_000) })}.${signature}`,
  'a second token behind the first': `${token()} ${token()}`,
  'a second credential behind a comma': `${token()}, Bearer ${token()}`,
  'a space before it': ` ${token()}`,
  'a space within it': `${head}. ${body}.${signature}`,
  'a tab within it': `${head}.\t${body}.${signature}`,
  'letters beyond ASCII': `${head}.${body}.ä${signature.slice(1)}`
}

const strict = { secret, issuer: 'https://issuer.example', audience: ['orders', 'orders-v2'] }

async function answerTo (door: Door, authorization: string): Promise<{ status: number, code: unknown, challenge: string | undefined }> {
  const answer = await door.app.inject({ url: '/', headers: { authorization } })
  return { status: answer.statusCode, code: answer.json<Record<string, unknown>>()['code'], challenge: answer.headers['www-authenticate'] as string | undefined }
}

const invalid = { status: 401, code: 'invalid-token', challenge: 'Bearer realm="door", error="invalid_token"' }

/** A door that is open while all tests of this file run. */
function sharedDoor (written: object): () => Door {
  let door: Door
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
    const answer = await door().app.inject({ url: '/', headers: { authorization: `Bearer ${signed({ alg }, good, pair.privateKey, hash)}` } })
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
  for (const header of [{ jwk }, { jku: 'http://127.0.0.1:1/keys' }, { x5u: 'http://127.0.0.1:1/cert' }, { kid: '../../../../dev/null' }, { kid: ['a'] }]) {
    assert.deepEqual(await answerTo(open(), `Bearer ${hmac({ ...hs, ...header }, good, 'attacker')}`), invalid)
  }
})

test('two Authorization fields are refused, though either of them is good', async t => {
  const { app } = await openDoor(t, strict)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'connect')
  socket.end(`GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer ${token()}\r\nAuthorization: Bearer ${token()}\r\n\r\n`)
  const answer = await text(socket)
  assert.match(answer, /^HTTP\/1\.1 401 /)
  assert.match(answer, /error="invalid_token"/)
})
