/** The options of the policy, and what is wrong with them. */

import Type, { type Static } from 'typebox'
import type { Report } from '../../src/api.ts'
import { Duration, Enum, Secret } from '../../src/config/units.ts'
import { algorithms, leastSecretBytes, looksLikeKey, publicKeyKind, secretAlgorithms } from './key.ts'

const words = (description: string) => Type.Optional(Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })], { expected: 'text or a list of texts', description }))

/** The options as the file has them. */
export const JwtOptionsSchema = Type.Object({
  secret: Type.Optional(Secret({ description: 'Shared secret of the HS algorithms: 32 random bytes or more. Either this or `publicKey`.' })),
  publicKey: Type.Optional(Type.String({ description: 'Public key or certificate (PEM) of the issuer. Either this or `secret`.', examples: ['${file:/run/secrets/issuer.pem}'] })),
  algorithms: Type.Array(Enum(algorithms), { default: ['HS256'], minItems: 1, description: 'Algorithms that are accepted; all must fit the key. Whatever else a token names is refused.' }),
  issuer: words('What `iss` must be, or a list of which it must be one. Unset: not looked at.'),
  audience: words('What `aud` must be or contain, or a list of which it must contain one. Unset: not looked at.'),
  clockTolerance: Duration({ default: '0s', maximum: '1h', description: 'By how much the clocks of issuer and gateway may differ.' }),
  requiredClaims: Type.Array(Type.String({ minLength: 1 }), { default: ['exp'], description: 'Claims that every token must have. Without `exp` tokens that never expire are accepted.' }),
  scopes: Type.Array(Type.String({ pattern: '^[\\x21\\x23-\\x5b\\x5d-\\x7e]+$' }), {
    default: [],
    description: 'Scopes that a token must have, all of them; 403 without. Read from its `scope`, `scp` and `permissions`.',
    examples: [['orders:read']]
  }),
  forwardToken: Type.Boolean({ default: true, description: 'Whether the upstream gets the Authorization header too. When false, policies after this one do not see it either.' })
}, { additionalProperties: false })

/** The options of one policy, durations in milliseconds. */
export type JwtOptions = Static<typeof JwtOptionsSchema>

/** What the schema cannot say: there is one key, it can be used, and the algorithms are its own. */
export function checkJwtOptions (options: JwtOptions, report: Report): void {
  const { secret, publicKey } = options
  if (secret !== undefined && publicKey !== undefined) return report({ pointer: '/publicKey', message: 'cannot stand beside secret: one policy has one key', at: 'key' })
  if (secret !== undefined) return checkSecret(secret, options, report)
  if (publicKey !== undefined) return checkPublicKey(publicKey, options, report)
  report({ pointer: '', message: 'needs a key to verify tokens with: secret or publicKey' })
}

function checkSecret (secret: string, options: JwtOptions, report: Report): void {
  if (secret === '') return report({ pointer: '/secret', message: 'must not be empty' })
  if (looksLikeKey(secret)) return report({ pointer: '/secret', message: 'must be a shared secret, got a key in PEM or JWK form', hint: 'publicKey' })
  checkAlgorithms(options, secretAlgorithms, report)
  const least = leastSecretBytes(options.algorithms)
  if (Buffer.byteLength(secret) >= least) return
  report({ pointer: '/secret', severity: 'warning', message: `is shorter than ${least} bytes: whoever has one token can guess it and make others (RFC 7518 §3.2)`, hint: `openssl rand -base64 ${least}` })
}

function checkPublicKey (pem: string, options: JwtOptions, report: Report): void {
  const kind = publicKeyKind(pem)
  if ('problem' in kind) return report({ pointer: '/publicKey', message: kind.problem })
  if (kind.weak !== undefined) report({ pointer: '/publicKey', severity: 'warning', message: kind.weak })
  checkAlgorithms(options, kind.fits, report)
}

function checkAlgorithms (options: JwtOptions, fits: readonly string[], report: Report): void {
  for (const [index, algorithm] of options.algorithms.entries()) {
    if (!fits.includes(algorithm)) report({ pointer: `/algorithms/${index}`, message: `must fit the key, which verifies ${fits.join(', ')}; got ${algorithm}`, hint: `algorithms: [${fits[0]!}]` })
  }
}
