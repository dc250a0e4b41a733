/** How the gateway proves to the issuer that it is its client, by a signature: `private_key_jwt` (RFC 7523 §2.2, OpenID Connect Core §9). */

import { createPrivateKey } from 'node:crypto'
import { createSigner } from 'fast-jwt'

/** What issuers know how to verify. A shared secret is what `basic` and `post` are for. */
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

/** Milliseconds for which it is good: long enough for clocks that differ, short enough to be of no use to whoever finds it. */
const lifetime = 60_000

/**
 * A signed statement for one question (RFC 7523 §3): from and about the client, to `audience`.
 * @param id never used before
 * @throws TypeError when the key cannot sign with the algorithm
 */
export function createAssertion ({ id: client, privateKey, keyId, algorithm }: AssertionKey, audience: string, { wall, id }: { readonly wall: number, readonly id: string }): string {
  const pem = privateKey.trim()
  const issuedAt = Math.floor(wall / 1000)
  const sign = createSigner({ key: pem, algorithm: algorithm ?? fitting(pem), clockTimestamp: wall, ...(keyId === undefined ? {} : { kid: keyId }) })
  return sign({ iss: client, sub: client, aud: audience, jti: id, iat: issuedAt, exp: issuedAt + lifetime / 1000 })
}

const curves: Readonly<Record<string, AssertionAlgorithm>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' }

function fitting (pem: string): AssertionAlgorithm {
  const { asymmetricKeyType: type, asymmetricKeyDetails } = createPrivateKey(pem)
  if (type === 'rsa') return 'RS256'
  if (type === 'ed25519') return 'EdDSA'
  const fit = type === 'ec' ? curves[asymmetricKeyDetails?.namedCurve ?? ''] : undefined
  if (fit === undefined) throw new TypeError(`no algorithm for a key of kind ${type}`)
  return fit
}
