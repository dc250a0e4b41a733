/** What a policy asks of a token, in the words of @fastify/jwt. */

import type { FastifyJWTOptions } from '@fastify/jwt'
import { trimPem, type SignatureAlgorithm } from './key.ts'

/** The options of the policy that verification depends on. */
export interface VerificationOptions {
  readonly secret?: string
  readonly publicKey?: string
  readonly algorithms: readonly SignatureAlgorithm[]
  readonly issuer?: string | readonly string[]
  readonly audience?: string | readonly string[]
  readonly requiredClaims: readonly string[]
}

/** Most tokens whose signature need not be computed again. */
const remembered = 1000

/**
 * Options of @fastify/jwt for one policy: it checks signature, algorithm, issuer, audience and that claims are there.
 *
 * It does not check dates. Those are checked on every request, against the gateway's own clock (`claims.ts`): a verified token that is
 * remembered is therefore refused in the instant it expires, and a rehearsal can be given another time.
 */
export function verificationOptions (options: VerificationOptions): FastifyJWTOptions {
  const { issuer, audience } = options
  // fast-jwt compares `iss` and `aud` only where the token has them; a token without would pass.
  const requiredClaims = new Set([...options.requiredClaims, ...(issuer === undefined ? [] : ['iss']), ...(audience === undefined ? [] : ['aud'])])
  return {
    // Only `public`: the gateway verifies and can never be made to sign.
    secret: { public: options.publicKey === undefined ? options.secret! : trimPem(options.publicKey) },
    decode: { complete: false },
    verify: {
      algorithms: [...options.algorithms],
      ...(issuer === undefined ? {} : { allowedIss: [issuer].flat() }),
      ...(audience === undefined ? {} : { allowedAud: [audience].flat() }),
      requiredClaims: [...requiredClaims],
      ignoreExpiration: true,
      ignoreNotBefore: true,
      cache: remembered
    }
  }
}

/**
 * Whether a signature is written in the one way base64url has for its bytes (RFC 4648 §3.5): the spare bits of the last character are zero.
 * Otherwise one token could be written in several ways and slip past whatever knows tokens by their text.
 */
export function isCanonical (token: string): boolean {
  const signature = token.slice(token.lastIndexOf('.') + 1)
  return Buffer.from(signature, 'base64url').toString('base64url') === signature
}
