/** Reads keys: which algorithms a key can verify, or why it cannot be used. */

import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { keyFit, type KeyFit, type SignatureAlgorithm, trimPem } from '../../../src/index.ts'

/** Reads a PEM public key or certificate. */
export function publicKeyKind (pem: string): KeyFit {
  const text = trimPem(pem)
  if (text.includes('PRIVATE KEY-----')) return { problem: 'must be a public key, got a private one' }
  let key: KeyObject
  try {
    key = createPublicKey(text)
  } catch {
    return { problem: 'must be a public key or certificate in PEM form' }
  }
  return keyFit(key)
}

/** A verification key: a shared secret, or a public key as PEM, with the algorithms that it is restricted to. */
export interface KeyMaterial {
  /** The name by which tokens refer to it; undefined for a key that is tried with any token. */
  readonly kid: string | undefined
  readonly key: string
  readonly algorithms: readonly SignatureAlgorithm[]
}

/** The members of a public key (RFC 7518 §6, RFC 8037 §2). Others, including private parts, are ignored. */
const members: Readonly<Record<string, readonly string[]>> = { RSA: ['n', 'e'], EC: ['crv', 'x', 'y'], OKP: ['crv', 'x'] }

/** Reads a JWK (RFC 7517 §4) for the verification of signatures, or returns why it cannot be used. */
export function readJwk (jwk: unknown, permitted: readonly SignatureAlgorithm[]): KeyMaterial | { readonly problem: string } {
  if (typeof jwk !== 'object' || jwk === null) return { problem: 'is no object' }
  const { kty, use, key_ops: operations, alg, kid } = jwk as Readonly<Record<string, unknown>>
  const names = typeof kty === 'string' && Object.hasOwn(members, kty) ? members[kty]! : undefined
  // Published key sets must not contain shared secrets.
  if (names === undefined) return { problem: 'is no public key: kty must be RSA, EC or OKP' }
  if (use !== undefined && use !== 'sig') return { problem: 'is not for signatures (use)' }
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) {
    return { problem: 'is not for verification (key_ops)' }
  }
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
  const algorithms = kind.fits.filter(algorithm => permitted.includes(algorithm) && (alg === undefined || alg === algorithm))
  if (algorithms.length === 0) return { problem: 'is for none of the algorithms that are accepted' }
  return { kid, key: pem, algorithms }
}

/** The exact length in bytes of the signatures of an RSA key (RFC 8017 §8.2.2); undefined for other keys. */
export function signatureLength ({ key, algorithms }: KeyMaterial): number | undefined {
  if (!algorithms.some(algorithm => /^[RP]S/.test(algorithm)) || !key.includes('-----BEGIN ')) return undefined
  const { modulusLength } = createPublicKey(key).asymmetricKeyDetails ?? {}
  return modulusLength === undefined ? undefined : Math.ceil(modulusLength / 8)
}
