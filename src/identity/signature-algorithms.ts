/** Signature algorithms of tokens, and which of them a key is for. */

import type { KeyObject } from 'node:crypto'
import { rsaWeakness } from './weak-rsa.ts'

/** RFC 7518 §3.1, RFC 8037. There is no `none`. */
export const algorithms = [
  'HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'
] as const

export type SignatureAlgorithm = typeof algorithms[number]

/** Those of a shared secret. */
export const secretAlgorithms: readonly SignatureAlgorithm[] = ['HS256', 'HS384', 'HS512']

/** Those of a pair of keys. */
export const publicAlgorithms: readonly SignatureAlgorithm[] = algorithms.filter(algorithm => !secretAlgorithms.includes(algorithm))

const rsa: readonly SignatureAlgorithm[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']

/** The algorithm of each curve (RFC 7518 §3.4). secp256k1 belongs to ES256K, which is not supported and must not pass as ES256. */
const curves: Readonly<Record<string, SignatureAlgorithm>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' }

/** The algorithms that a public or private key fits, or why it fits none. */
export type KeyFit =
  | { readonly fits: readonly SignatureAlgorithm[] }
  | { readonly problem: string }

/** The algorithms that a public or private key fits, or a problem. A key that others could sign with fits none. */
export function keyFit (key: KeyObject): KeyFit {
  const type = key.asymmetricKeyType
  const { namedCurve = 'another' } = key.asymmetricKeyDetails ?? {}
  if (type === 'rsa') {
    const problem = rsaWeakness(key)
    return problem === undefined ? { fits: rsa } : { problem }
  }
  if (type === 'ed25519' || type === 'ed448') return { fits: ['EdDSA'] }
  if (type !== 'ec') return { problem: `must be an RSA, EC or Ed25519 key, got ${type ?? 'another'}` }
  const fit = Object.hasOwn(curves, namedCurve) ? curves[namedCurve] : undefined
  return fit === undefined ? { problem: `must be on the curve P-256, P-384 or P-521, got ${namedCurve}` } : { fits: [fit] }
}

/**
 * A PEM as it was meant: YAML blocks leave white space around it, and white space before it once made
 * libraries take it for a secret (CVE-2026-34950).
 */
export function trimPem (pem: string): string {
  return pem.trim()
}

/** Whether text given as a secret is a published key, with which everyone could sign. */
export function looksLikeKey (secret: string): boolean {
  return /-----BEGIN [A-Z0-9 ]+-----/.test(secret) || /^\s*[{[][^]*"kty"\s*:\s*"(?:RSA|EC|OKP)"/.test(secret)
}

/** The least length of a secret in bytes: that of the algorithm's hash (RFC 7518 §3.2). */
export function leastSecretBytes (used: readonly SignatureAlgorithm[]): number {
  return Math.max(...used.map(algorithm => Number(algorithm.slice(2)) / 8).filter(Number.isFinite))
}
