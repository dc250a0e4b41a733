/** Checks claims of a verified token: its dates and its scopes. */

import type { Claims } from '../contract/authentication.ts'

/** The end of the year 9999 in seconds. A date beyond it was written in milliseconds and would practically never expire. */
const lastSecond = 253_402_300_799

/**
 * Why the token does not hold at `wall`; undefined when it does. Dates are seconds, which may have fractions (RFC 7519
 * §2, NumericDate); `exp` is the first instant at which the token is refused, `nbf` the first at which it is not.
 * @param wall milliseconds since 1970
 * @param tolerance milliseconds by which the clocks of issuer and gateway may differ
 */
export function whyNotNow (claims: Claims, wall: number, tolerance: number): string | undefined {
  for (const name of ['exp', 'nbf', 'iat']) {
    const date = claims[name]
    if (Object.hasOwn(claims, name) && !(typeof date === 'number' && Math.abs(date) <= lastSecond)) {
      return `${name} is not a date in seconds`
    }
  }
  const { exp, nbf } = claims as { exp?: number, nbf?: number }
  if (exp !== undefined && wall >= exp * 1000 + tolerance) return 'expired'
  if (nbf !== undefined && wall < nbf * 1000 - tolerance) return 'not yet valid'
  return undefined
}

/**
 * All scopes of a token: the words of `scope` (RFC 8693 §4.2), `scp` and `permissions`, each text or a list, as issuers differ.
 */
export function scopesOf (claims: Claims): ReadonlySet<string> {
  const scopes = new Set<string>()
  for (const name of ['scope', 'scp', 'permissions']) {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined
    const words = typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : []
    for (const word of words) if (typeof word === 'string' && word !== '') scopes.add(word)
  }
  return scopes
}

/** The first of `scopes` that a token does not have; undefined when it has all. */
export function lackingScope (claims: Claims, scopes: readonly string[]): string | undefined {
  if (scopes.length === 0) return undefined
  const has = scopesOf(claims)
  return scopes.find(scope => !has.has(scope))
}

/** The subject of a token, for `explain`. */
export function subjectOf ({ sub }: Claims): string {
  return typeof sub === 'string' ? sub : 'no subject'
}

/** Freezes claims deeply, because requests with the same token share them. */
export function freezeClaims (claims: Claims): Claims {
  if (Object.isFrozen(claims)) return claims
  // Not recursive: a token may be nested deeper than the stack.
  const open: object[] = [claims]
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    Object.freeze(item)
    for (const value of Object.values(item)) if (typeof value === 'object' && value !== null) open.push(value)
  }
  return claims
}
