/** Signs tokens (RFC 7519) for upstream services and for development. */

import { createPrivateKey, type KeyObject } from 'node:crypto'
import { createSigner } from 'fast-jwt'
import { keyFit, secretAlgorithms, trimPem, type SignatureAlgorithm } from './signature-algorithms.ts'

/** What to sign with: a shared secret, or a private key (PEM). */
export interface SigningKey {
  readonly secret?: string | undefined
  readonly privateKey?: string | undefined
  /** HS256 with a secret, the key's own with a private key (RS256 for RSA) unless given. */
  readonly algorithm?: SignatureAlgorithm | undefined
  /** Which of several keys it is. */
  readonly kid?: string | undefined
}

/** The signed token of claims, which say themselves when it was issued and when it expires. */
export type SignToken = (claims: Readonly<Record<string, unknown>> & { readonly iat: number }) => string

/**
 * Makes a signing function.
 * @throws TypeError, without the key in it, when there is not exactly one key, it cannot be read, or the algorithm is not one of its own
 */
export function createTokenSigner (key: SigningKey): SignToken {
  return createSigner({ ...signing(key), ...(key.kid === undefined ? {} : { kid: key.kid }) }) as SignToken
}

function signing ({ secret, privateKey, algorithm }: SigningKey): { readonly key: string, readonly algorithm: SignatureAlgorithm } {
  if ((secret === undefined) === (privateKey === undefined)) throw new TypeError('a token is signed with either a secret or a private key')
  if (secret !== undefined) {
    const chosen = algorithm ?? 'HS256'
    if (!secretAlgorithms.includes(chosen)) {
      throw new TypeError(`${chosen} needs a private key, a secret signs with ${secretAlgorithms.join(', ')}`)
    }
    return { key: secret, algorithm: chosen }
  }
  // Signing with the text of a private key as an HMAC secret would succeed, and would leak it to every verifier.
  if (algorithm !== undefined && secretAlgorithms.includes(algorithm)) throw new TypeError(`${algorithm} needs a secret, not a private key`)
  const fit = keyFit(readPrivateKey(privateKey!))
  if ('problem' in fit) throw new TypeError(fit.problem)
  if (algorithm !== undefined && !fit.fits.includes(algorithm)) {
    throw new TypeError(`must fit the key, which signs with ${fit.fits.join(', ')}; got ${algorithm}`)
  }
  return { key: trimPem(privateKey!), algorithm: algorithm ?? fit.fits[0]! }
}

/** @throws TypeError */
export function readPrivateKey (pem: string): KeyObject {
  try {
    return createPrivateKey(trimPem(pem))
  } catch {
    throw new TypeError('must be a private key in PEM form, not encrypted')
  }
}
