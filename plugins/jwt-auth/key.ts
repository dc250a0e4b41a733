/** What a key can verify, and what is wrong with one before it verifies anything. */

import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'

/** Signature algorithms (RFC 7518 §3.1, RFC 8037). There is no `none`. */
export const algorithms = ['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const

export type SignatureAlgorithm = typeof algorithms[number]

/** Algorithms of a shared secret. */
export const secretAlgorithms: readonly SignatureAlgorithm[] = ['HS256', 'HS384', 'HS512']

/** Those of a pair of keys. */
export const publicAlgorithms: readonly SignatureAlgorithm[] = algorithms.filter(algorithm => !secretAlgorithms.includes(algorithm))

const rsa: readonly SignatureAlgorithm[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']

/** The one algorithm of each curve (RFC 7518 §3.4). secp256k1 is ES256K, which is none of ours and must not pass as ES256. */
const curves: Readonly<Record<string, SignatureAlgorithm>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' }

/** The algorithms that a public key fits, or why it fits none. `weak` is why it should be replaced. */
export type PublicKeyKind =
  | { readonly fits: readonly SignatureAlgorithm[], readonly weak?: string }
  | { readonly problem: string }

/** A PEM as it was meant: YAML blocks leave white space around it, and white space before it once made libraries take it for a secret (CVE-2026-34950). */
export function trimPem (pem: string): string {
  return pem.trim()
}

/** Whether text given as a secret is a published key, with which anybody could sign. */
export function looksLikeKey (secret: string): boolean {
  return /-----BEGIN [A-Z0-9 ]+-----/.test(secret) || /^\s*[{[][^]*"kty"\s*:\s*"(?:RSA|EC|OKP)"/.test(secret)
}

/** The least length of a secret in bytes: that of the algorithm's hash (RFC 7518 §3.2). */
export function leastSecretBytes (used: readonly SignatureAlgorithm[]): number {
  return Math.max(...used.map(algorithm => Number(algorithm.slice(2)) / 8).filter(Number.isFinite))
}

/** Reads a PEM public key or certificate. */
export function publicKeyKind (pem: string): PublicKeyKind {
  const text = trimPem(pem)
  if (text.includes('PRIVATE KEY-----')) return { problem: 'must be a public key, got a private one' }
  let key: KeyObject
  try {
    key = createPublicKey(text)
  } catch {
    return { problem: 'must be a public key or certificate in PEM form' }
  }
  const type = key.asymmetricKeyType
  const { namedCurve = 'another', modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  if (type === 'rsa') return modulusLength < 2048 ? { fits: rsa, weak: `has ${modulusLength} bits; RSA keys need 2048 (RFC 7518 §3.3)` } : { fits: rsa }
  if (type === 'ed25519' || type === 'ed448') return { fits: ['EdDSA'] }
  if (type !== 'ec') return { problem: `must be an RSA, EC or Ed25519 key, got ${type ?? 'another'}` }
  const fit = curves[namedCurve]
  return fit === undefined ? { problem: `must be on the curve P-256, P-384 or P-521, got ${namedCurve}` } : { fits: [fit] }
}

/** What verifies: a shared secret, or a public key as PEM, with the algorithms that it is pinned to. */
export interface KeyMaterial {
  /** By which name tokens ask for it; undefined for one that any token may have been signed with. */
  readonly kid: string | undefined
  readonly key: string
  readonly algorithms: readonly SignatureAlgorithm[]
}

/** The members that make up a public key (RFC 7518 §6, RFC 8037 §2). Whatever else there is, private parts among it, is not looked at. */
const members: Readonly<Record<string, readonly string[]>> = { RSA: ['n', 'e'], EC: ['crv', 'x', 'y'], OKP: ['crv', 'x'] }

/** Reads a JWK (RFC 7517 §4) for the verification of signatures, or says why it is of no use for that. */
export function readJwk (jwk: unknown, permitted: readonly SignatureAlgorithm[]): KeyMaterial | { readonly problem: string } {
  if (typeof jwk !== 'object' || jwk === null) return { problem: 'is no object' }
  const { kty, use, key_ops: operations, alg, kid } = jwk as Readonly<Record<string, unknown>>
  const names = typeof kty === 'string' && Object.hasOwn(members, kty) ? members[kty]! : undefined
  // A shared secret that everybody can read is none.
  if (names === undefined) return { problem: 'is no public key: kty must be RSA, EC or OKP' }
  if (use !== undefined && use !== 'sig') return { problem: 'is not for signatures (use)' }
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return { problem: 'is not for verification (key_ops)' }
  if (kid !== undefined && typeof kid !== 'string') return { problem: 'has a kid that is no text' }
  let pem: string
  try {
    const part = Object.fromEntries(['kty', ...names].map(name => [name, (jwk as JsonWebKey)[name]])) as JsonWebKey
    pem = createPublicKey({ key: part, format: 'jwk' }).export({ type: 'spki', format: 'pem' }) as string
  } catch {
    return { problem: 'cannot be read' }
  }
  const kind = publicKeyKind(pem)
  if ('problem' in kind) return kind
  if (kind.weak !== undefined) return { problem: kind.weak }
  const algorithms = kind.fits.filter(algorithm => permitted.includes(algorithm) && (alg === undefined || alg === algorithm))
  if (algorithms.length === 0) return { problem: 'is for none of the algorithms that are accepted' }
  return { kid, key: pem, algorithms }
}
