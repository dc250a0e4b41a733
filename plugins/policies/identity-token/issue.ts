/** Tokens of the gateway's own, which say to services who the client is. */

import { type Claims, lookUp, type SignToken } from '../../../src/index.ts'
import type { IdentityTokenOptions } from './options.ts'

interface Issued {
  readonly token: string
  /** Milliseconds since 1970 between which it is given out. */
  readonly from: number
  readonly until: number
}

/** Gives the token of a client. */
export type Issue = (claims: Claims, wall: number) => string

/**
 * Makes what issues. Signing costs more than all else that a policy does, so a token serves until half of its life:
 * then whoever gets it has the other half. It hangs on the claims, which are the same object as long as the policy
 * before remembers the client's own token, and goes with them.
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
    // `fromEntries` defines, so a claim of any name is only a claim.
    return sign({
      ...Object.fromEntries(chosen),
      iss: issuer,
      ...(audience === undefined ? {} : { aud: audience }),
      iat,
      exp: iat + lifetime
    })
  }

  return (claims, wall) => {
    // What may still change is signed as it is now.
    if (!Object.isFrozen(claims)) return issue(claims, wall)
    const known = issued.get(claims)
    // A clock that was set back would give out a token from the future.
    if (known !== undefined && wall >= known.from && wall < known.until) return known.token
    const token = issue(claims, wall)
    issued.set(claims, { token, from: wall, until: wall + expires / 2 })
    return token
  }
}
