/** Keys and hand-made tokens for tests, so that a token can be wrong in any way a library would not sign. */

import { createHmac, generateKeyPairSync, sign, type KeyPairKeyObjectResult } from 'node:crypto'
import { wall } from './door.ts'

export const secret = 'a shared secret that is long enough for HS512, so 64 bytes or more'

/** A pair of keys as PEM. */
export interface PemPair { readonly publicKey: string, readonly privateKey: string }

function pem ({ publicKey, privateKey }: KeyPairKeyObjectResult): PemPair {
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  }
}

export const rsa = pem(generateKeyPairSync('rsa', { modulusLength: 2048 }))
/** Too short to be safe. */
export const shortRsa = pem(generateKeyPairSync('rsa', { modulusLength: 1024 }))
export const p256 = pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }))
export const p384 = pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }))
/** Not a curve of ES256, though as long. */
export const k256 = pem(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }))
export const ed25519 = pem(generateKeyPairSync('ed25519'))

const second = wall / 1000

/** Claims of a good token. */
export const good = {
  sub: 'ann',
  iss: 'https://issuer.example',
  aud: 'orders',
  scope: 'orders:read orders:write',
  iat: second - 10,
  exp: second + 60
}

/** Text, bytes or data as a segment. */
export function segment (value: unknown): string {
  return Buffer.from(typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value)).toString('base64url')
}

/** A token whose header and payload are these, whatever they are, with a right HMAC over them. */
export function hmac (header: unknown, payload: unknown, key = secret, hash = 'sha256'): string {
  const input = `${segment(header)}.${segment(payload)}`
  return `${input}.${createHmac(hash, key).update(input).digest('base64url')}`
}

/** The same with an asymmetric key. */
export function signed (header: unknown, payload: unknown, privateKey: string, hash: string | null = 'sha256'): string {
  const input = `${segment(header)}.${segment(payload)}`
  return `${input}.${sign(hash, Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

/** A good token with some claims changed; undefined takes one away. */
export function token (claims: object = {}): string {
  return hmac({ alg: 'HS256', typ: 'JWT' }, { ...good, ...claims })
}
