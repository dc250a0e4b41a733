/** What can be said of a token before its signature is verified: it is never admitted with these claims. */

import { type Claims, whyNotNow } from '../../../src/index.ts'
import type { JwtOptions } from './options.ts'

/** The claims of a token that is not verified; undefined when they cannot be read. */
export function readUnverified (token: string): Claims | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.', 2)[1] ?? '', 'base64url').toString())
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? claims as Claims : undefined
  } catch {
    return undefined
  }
}

/**
 * Why a token with these claims is invalid for every key; undefined when that depends on the key.
 * @param wall milliseconds since 1970
 */
export function whyNever (
  claims: Claims,
  { issuer, audience, requiredClaims, clockTolerance }: Pick<JwtOptions, 'issuer' | 'audience' | 'requiredClaims' | 'clockTolerance'>,
  wall: number
): string | undefined {
  const lacking = requiredClaims.find(name => !Object.hasOwn(claims, name))
  if (lacking !== undefined) return `it has no claim ${lacking}`
  if (issuer !== undefined && !isOneOf(claims['iss'], issuer)) return 'its issuer is another'
  if (audience !== undefined && ![claims['aud']].flat().some(one => isOneOf(one, audience))) return 'it is for another audience'
  return whyNotNow(claims, wall, clockTolerance)
}

function isOneOf (value: unknown, expected: string | readonly string[]): boolean {
  return ([expected].flat() as readonly unknown[]).includes(value)
}
