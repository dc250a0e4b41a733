/** Refusals for a missing, invalid or insufficient bearer token (RFC 6750 §3). */

import type { Refused } from '../contract/authentication.ts'
import { refuse } from './authentication.ts'
import { GatewayError } from '../contract/errors.ts'

/** Codes of the refusals that a challenge belongs to. */
export type BearerRefusalCode = 'missing-token' | 'invalid-token' | 'insufficient-scope'

/** Makes the refusals of one policy. The client learns the challenge; `why` is for `explain`, and the cause in the log. */
export function bearerRefusals (realm: string, scopes: readonly string[]): (code: BearerRefusalCode, why: string) => Refused {
  const challenge = `Bearer realm="${realm}"`
  const challenges: Readonly<Record<BearerRefusalCode, string>> = {
    'missing-token': challenge,
    'invalid-token': `${challenge}, error="invalid_token"`,
    'insufficient-scope': `${challenge}, error="insufficient_scope"${scopes.length === 0 ? '' : `, scope="${scopes.join(' ')}"`}`
  }
  return (code, why) => refuse(
    new GatewayError(code, { headers: { 'www-authenticate': challenges[code] }, cause: new Error(why) }),
    why,
    code !== 'missing-token'
  )
}
