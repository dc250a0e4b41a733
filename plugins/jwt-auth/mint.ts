/** Signs tokens for development and tests. The running gateway only ever verifies. */

import { createSigner } from 'fast-jwt'
import { secretAlgorithms, trimPem, type SignatureAlgorithm } from './key.ts'

/** What to sign with: the secret of a policy, or the private key (PEM) that belongs to its public one. */
export interface MintKey {
  readonly secret?: string | undefined
  readonly privateKey?: string | undefined
  /** HS256 with a secret, the key's own with a private key (RS256 for RSA) unless given. */
  readonly algorithm?: SignatureAlgorithm | undefined
  /** Which of several keys it is. */
  readonly kid?: string | undefined
}

/** What the token says. */
export interface MintClaims {
  readonly sub?: string | undefined
  /** Words separated by spaces. */
  readonly scope?: string | undefined
  /** Milliseconds until it expires, rounded down to seconds; 0 or less is a token that has expired. Without it the token has no `exp`. */
  readonly expiresIn?: number | undefined
  readonly issuer?: string | undefined
  readonly audience?: string | readonly string[] | undefined
  /** Further claims; the ones above win over those of the same name. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * A signed token.
 * @throws TypeError when there is not exactly one key, or the algorithm is not one of the key's
 */
export function mint (key: MintKey, { sub, scope, expiresIn, issuer, audience, claims, now }: MintClaims): string {
  const issuedAt = Math.floor(now / 1000)
  const sign = createSigner({ ...signing(key), clockTimestamp: now, ...(key.kid === undefined ? {} : { kid: key.kid }) })
  return sign({
    ...claims,
    ...(sub === undefined ? {} : { sub }),
    ...(scope === undefined ? {} : { scope }),
    ...(issuer === undefined ? {} : { iss: issuer }),
    ...(audience === undefined ? {} : { aud: audience }),
    iat: issuedAt,
    ...(expiresIn === undefined ? {} : { exp: Math.floor((now + expiresIn) / 1000) })
  })
}

function signing ({ secret, privateKey, algorithm }: MintKey): { key: string, algorithm?: SignatureAlgorithm } {
  if ((secret === undefined) === (privateKey === undefined)) throw new TypeError('a token is signed with either a secret or a private key')
  if (secret !== undefined) {
    const chosen = algorithm ?? 'HS256'
    if (!secretAlgorithms.includes(chosen)) throw new TypeError(`${chosen} needs a private key, a secret signs with ${secretAlgorithms.join(', ')}`)
    return { key: secret, algorithm: chosen }
  }
  if (algorithm === undefined) return { key: trimPem(privateKey!) }
  // Signing with the text of a private key as if it were a secret would succeed and publish nothing good.
  if (secretAlgorithms.includes(algorithm)) throw new TypeError(`${algorithm} needs a secret, not a private key`)
  return { key: trimPem(privateKey!), algorithm }
}
