/**
 * Client authentication by a signature, `private_key_jwt` (RFC 7523 §2.2, OpenID Connect Core §9).
 */

import { createTokenSigner } from '../../../src/index.ts'

/** Signature algorithms that issuers support. Shared secrets are covered by `basic` and `post`. */
export const signatureAlgorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const

export type AssertionAlgorithm = typeof signatureAlgorithms[number]

export interface AssertionKey {
  /** The client's identifier. */
  readonly id: string
  /** PEM. */
  readonly privateKey: string
  readonly keyId?: string | undefined
  readonly algorithm?: AssertionAlgorithm | undefined
}

/** Milliseconds for which an assertion is valid: long enough for clocks that differ, too short to be useful when it leaks. */
const lifetime = 60_000

/**
 * Signs an assertion for one request (RFC 7523 §3). Issuer and subject are the client.
 * @param id never used before
 * @throws TypeError when the key cannot sign with the algorithm
 */
export function createAssertion (
  { id: client, privateKey, keyId, algorithm }: AssertionKey,
  audience: string,
  { wall, id }: { readonly wall: number, readonly id: string }
): string {
  const issuedAt = Math.floor(wall / 1000)
  const sign = createTokenSigner({ privateKey, algorithm, kid: keyId })
  return sign({ iss: client, sub: client, aud: audience, jti: id, iat: issuedAt, exp: issuedAt + lifetime / 1000 })
}
