/** Tokens that are wrong in one way each, made from one that a door with HS256, this issuer and this audience lets in. */

import { createHmac, createPublicKey } from 'node:crypto'
import { wall } from './door.ts'
import { good, hmac, rsa, secret, segment, signed, token, type PemPair } from './keys.ts'

/** The head of the good token. */
export const hs = { alg: 'HS256', typ: 'JWT' }
const now = wall / 1000
const [head, body, signature] = token().split('.') as [string, string, string]
const unsigned = (alg: unknown): string => `${segment({ alg, typ: 'JWT' })}.${segment(good)}.`
const members = (json: string): string => hmac(hs, json)
const restOf = JSON.stringify(good).slice(1)

const publicJwk = ({ publicKey }: PemPair): object => createPublicKey(publicKey).export({ format: 'jwk' })

/** Signed as it stands, with a payload that could be written in another way too. */
function spareBits (): string {
  const payload = [0, 1, 2].map(more => segment(JSON.stringify(good) + ' '.repeat(more))).find(text => text.length % 4 !== 0)!
  const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const input = `${head}.${payload.slice(0, -1)}${last[last.indexOf(payload.at(-1)!) + 1]!}`
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

/** What is sent as Authorization to a door that wants HS256, this issuer and this audience. */
export const forged: Readonly<Record<string, string>> = {
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
  'a signature of the same bytes in other letters':
    `${head}.${body}.${signature.slice(0, -1)}${String.fromCharCode(signature.charCodeAt(42) + 1)}`,
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
  'algorithm none with a tab': unsigned('none\t'),
  'algorithm none in a list': unsigned(['none']),
  'algorithm none and the signature of nothing': `${unsigned('none')}${segment('')}`,
  'algorithm __proto__': hmac({ alg: '__proto__' }, good),
  'algorithm constructor': hmac({ alg: 'constructor' }, good),
  'a key named by a path': hmac({ ...hs, kid: '../../../../../dev/null' }, good, ''),
  'a key named by a query': hmac({ ...hs, kid: "x' UNION SELECT 'attacker' --" }, good, 'attacker'),
  'a key named __proto__': hmac({ ...hs, kid: '__proto__' }, good, '[object Object]'),
  'a key named by a list': hmac({ ...hs, kid: ['a'] }, good),
  'a key named by an object': hmac({ ...hs, kid: { toString: 'a' } }, good),
  'a key named by a number': hmac({ ...hs, kid: 0 }, good),
  'a key named null': hmac({ ...hs, kid: null }, good),
  'a key named by ten kilobytes': hmac({ ...hs, kid: 'k'.repeat(8_000) }, good, 'k'),
  'a shared key in its head': hmac({ ...hs, jwk: { kty: 'oct', k: segment('attacker') } }, good, 'attacker'),
  'a public key in its head': signed({ alg: 'RS256', jwk: publicJwk(rsa) }, good, rsa.privateKey),
  'a public key in its head, and HS256': hmac({ ...hs, jwk: publicJwk(rsa) }, good, JSON.stringify(publicJwk(rsa))),
  'the address of keys in its head': signed({ alg: 'RS256', jku: 'http://127.0.0.1:1/keys' }, good, rsa.privateKey),
  'the address of a certificate in its head': signed({ alg: 'RS256', x5u: 'http://127.0.0.1:1/cert' }, good, rsa.privateKey),
  'a certificate in its head': signed({ alg: 'RS256', x5c: ['MIIB'] }, good, rsa.privateKey),
  'critical extensions that are null': hmac({ ...hs, crit: null }, good),
  'critical extensions that are missing': hmac({ ...hs, crit: ['exp'] }, good),
  'a date of expiry beyond all numbers': members(`{"exp":1e400,${restOf.replace(/,"exp":\d+/, '')}`),
  'a date of expiry that is an object': token({ exp: { valueOf: now + 60 } }),
  'a date of expiry that is empty': token({ exp: '' }),
  'a date of expiry that is false': token({ exp: false }),
  'an issuer that is only the beginning': token({ iss: 'https://issuer.exampl' }),
  'an issuer with a slash more': token({ iss: 'https://issuer.example/' }),
  'an issuer that is null': token({ iss: null }),
  'an issuer that is an object': token({ iss: { 0: 'https://issuer.example' } }),
  'an audience in capitals': token({ aud: 'ORDERS' }),
  'an audience that is null': token({ aud: null }),
  'an audience in two lists': token({ aud: [['orders']] }),
  'an audience that is a number': token({ aud: 1 }),
  'two heads of one name, one of them escaped': hmac('{"alg":"HS256","\\u0061lg":"HS256"}', good),
  'a head with a byte order mark': hmac(`\ufeff${JSON.stringify(hs)}`, good),
  'a payload in UTF-16': hmac(hs, Buffer.from(JSON.stringify(good), 'utf16le')),
  'a payload with spare bits': spareBits(),
  'a payload that is a token itself': hmac({ ...hs, cty: 'JWT' }, token()),
  'an object nested two thousand deep in place of the payload': hmac(hs, `${'['.repeat(2000)}${']'.repeat(2000)}`),
  'the general JSON serialisation': JSON.stringify({ payload: body, signatures: [{ protected: head, signature }] }),
  'a payload that is not encoded': hmac({ ...hs, b64: false, crit: ['b64'] }, good),
  'a date of expiry in the past': token({ exp: now - 1 }),
  'a date of expiry that is now': token({ exp: now }),
  'a date of expiry before time began': token({ exp: -1e300 }),
  'no date of expiry': token({ exp: undefined }),
  'a date of expiry that is null': token({ exp: null }),
  'a date of expiry that is text': token({ exp: String(now + 60) }),
  'a date of expiry that is true': token({ exp: true }),
  'a date of expiry in a list': token({ exp: [now + 60] }),
  'a date of expiry in the past by a fraction': token({ exp: now - 0.001 }),
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
