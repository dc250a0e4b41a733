/** Translates the options of a policy into those of @fastify/jwt. */

import type { FastifyJWTOptions } from '@fastify/jwt'
import type { KeyMaterial } from './key.ts'

/** The options of the policy that affect verification, except the key. */
export interface VerificationOptions {
  readonly issuer?: string | readonly string[] | undefined
  readonly audience?: string | readonly string[] | undefined
  readonly requiredClaims: readonly string[]
}

/**
 * Options of @fastify/jwt for one key of a policy. It checks the signature, algorithm, issuer, audience and required claims.
 *
 * It does not check dates. Those are checked on every request, against the gateway's own clock (`claims.ts`). So a
 * cached token is rejected as soon as it expires, and a rehearsal can use another time.
 */
export function verificationOptions ({ key, algorithms }: KeyMaterial, options: VerificationOptions): FastifyJWTOptions {
  const { issuer, audience } = options
  // fast-jwt checks `iss` and `aud` only where the token has them. They are required here, or a token without them would pass.
  const requiredClaims = new Set([
    ...options.requiredClaims,
    ...(issuer === undefined ? [] : ['iss']),
    ...(audience === undefined ? [] : ['aud'])
  ])
  return {
    // Only `public`: the gateway verifies and never signs.
    secret: { public: key },
    verify: {
      algorithms: [...algorithms],
      ...(issuer === undefined ? {} : { allowedIss: [issuer].flat() }),
      ...(audience === undefined ? {} : { allowedAud: [audience].flat() }),
      requiredClaims: [...requiredClaims],
      ignoreExpiration: true,
      ignoreNotBefore: true,
      // The policy has its own cache, which drops tokens of removed keys.
      cache: false
    }
  }
}

/**
 * The last characters whose unused bits are zero, by the length of a segment modulo four. A remainder of one is not valid base64url.
 */
const ends: readonly RegExp[] = [/^/, /(?!)/, /[AQgw]$/, /[AEIMQUYcgkosw048]$/]

/**
 * Whether each segment is canonical base64url (RFC 4648 §3.5): the unused bits of the last character are zero.
 * Otherwise one token would have several spellings, and a list of revoked tokens could be bypassed.
 */
export function isCanonical (token: string): boolean {
  return /^[\w.-]+$/.test(token) && token.split('.', 4).every(segment => ends[segment.length % 4]!.test(segment))
}
