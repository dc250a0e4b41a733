/** Signs tokens for development and tests. The running gateway only verifies. */

import { createTokenSigner, type SigningKey } from '../../../src/index.ts'

/** The content of the token. */
export interface MintClaims {
  readonly sub?: string | undefined
  /** Words separated by spaces. */
  readonly scope?: string | undefined
  /** Milliseconds until the token expires, rounded down to seconds; 0 or less makes an expired token. Without it the token has no `exp`. */
  readonly expiresIn?: number | undefined
  readonly issuer?: string | undefined
  readonly audience?: string | readonly string[] | undefined
  /** Further claims. The ones above override those of the same name. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * A signed token.
 * @throws TypeError when there is not exactly one key, or the algorithm is not one of the key's
 */
export function mint (key: SigningKey, { sub, scope, expiresIn, issuer, audience, claims, now }: MintClaims): string {
  const issuedAt = Math.floor(now / 1000)
  return createTokenSigner(key)({
    ...claims,
    ...(sub === undefined ? {} : { sub }),
    ...(scope === undefined ? {} : { scope }),
    ...(issuer === undefined ? {} : { iss: issuer }),
    ...(audience === undefined ? {} : { aud: audience }),
    iat: issuedAt,
    ...(expiresIn === undefined ? {} : { exp: Math.floor((now + expiresIn) / 1000) })
  })
}
