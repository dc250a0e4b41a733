/** Issues the gateway's own tokens, which identify the client to upstream services. */

import { type Claims, lookUp, type SignToken } from '../../../src/index.ts'
import type { IdentityTokenOptions } from './options.ts'

interface Issued {
  readonly token: string
  /** Milliseconds since 1970 between which the token is used. */
  readonly from: number
  readonly until: number
}

/** Returns the token for a client. */
export type Issue = (claims: Claims, wall: number) => string

/**
 * Creates the issuing function. Signing is expensive, so a token is reused for half of its lifetime; the receiver has
 * at least the other half. It is cached by the claims object, which stays the same as long as the earlier policy caches
 * the client's credential.
 */
export function compileIssue ({
  issuer,
  audience,
  expires,
  claims: wanted
}: Pick<IdentityTokenOptions, 'issuer' | 'audience' | 'expires' | 'claims'>, sign: SignToken): Issue {
  const rules = Array.isArray(wanted) ? wanted.map(name => [name, name] as const) : Object.entries(wanted)
  const lifetime = Math.floor(expires / 1000)
  const issued = new WeakMap<Claims, Issued>()

  const issue = (claims: Claims, wall: number): string => {
    const iat = Math.floor(wall / 1000)
    const chosen = rules.map(([name, path]) => [name, lookUp(claims, path)] as const).filter(([, value]) => value !== undefined)
    // `fromEntries` defines properties, so a claim named `__proto__` is only a claim.
    return sign({
      ...Object.fromEntries(chosen),
      iss: issuer,
      ...(audience === undefined ? {} : { aud: audience }),
      iat,
      exp: iat + lifetime
    })
  }

  return (claims, wall) => {
    // Claims that may still change are not cached.
    if (!Object.isFrozen(claims)) return issue(claims, wall)
    const known = issued.get(claims)
    // After the clock is set back, a cached token would lie in the future.
    if (known !== undefined && wall >= known.from && wall < known.until) return known.token
    const token = issue(claims, wall)
    issued.set(claims, { token, from: wall, until: wall + expires / 2 })
    return token
  }
}
