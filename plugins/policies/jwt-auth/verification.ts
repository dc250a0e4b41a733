/** What a policy asks of a token, in the words of @fastify/jwt. */

import type { FastifyJWTOptions } from '@fastify/jwt'
import type { KeyMaterial } from './key.ts'

/** The options of the policy that verification depends on, beside the key. */
export interface VerificationOptions {
  readonly issuer?: string | readonly string[] | undefined
  readonly audience?: string | readonly string[] | undefined
  readonly requiredClaims: readonly string[]
}

/**
 * Options of @fastify/jwt for one key of a policy: it checks signature, algorithm, issuer, audience and that claims are there.
 *
 * It does not check dates. Those are checked on every request, against the gateway's own clock (`claims.ts`): a verified token that is
 * remembered is therefore refused in the instant it expires, and a rehearsal can be given another time.
 */
export function verificationOptions ({ key, algorithms }: KeyMaterial, options: VerificationOptions): FastifyJWTOptions {
  const { issuer, audience } = options
  // fast-jwt compares `iss` and `aud` only where the token has them; a token without would pass.
  const requiredClaims = new Set([
    ...options.requiredClaims,
    ...(issuer === undefined ? [] : ['iss']),
    ...(audience === undefined ? [] : ['aud'])
  ])
  return {
    // Only `public`: the gateway verifies and can never be made to sign.
    secret: { public: key },
    decode: { complete: false },
    verify: {
      algorithms: [...algorithms],
      ...(issuer === undefined ? {} : { allowedIss: [issuer].flat() }),
      ...(audience === undefined ? {} : { allowedAud: [audience].flat() }),
      requiredClaims: [...requiredClaims],
      ignoreExpiration: true,
      ignoreNotBefore: true,
      // Verified tokens are remembered by the policy, whose memory knows when a key is gone.
      cache: false
    }
  }
}

/**
 * The last characters that leave no spare bits, by how many characters of four a segment has beyond whole
 * groups. One alone is no whole byte.
 */
const ends: readonly RegExp[] = [/^/, /(?!)/, /[AQgw]$/, /[AEIMQUYcgkosw048]$/]

/**
 * Whether each segment is written in the one way base64url has for its bytes (RFC 4648 §3.5): the spare bits of the
 * last character are zero. Otherwise one token could be written in several ways and slip past whatever knows tokens by
 * their text.
 */
export function isCanonical (token: string): boolean {
  return /^[\w.-]+$/.test(token) && token.split('.', 4).every(segment => ends[segment.length % 4]!.test(segment))
}
