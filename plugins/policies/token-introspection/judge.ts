/** Decides by an introspection response whether a token is accepted, or why not. */

import { type Claims, type ServiceAnswer, unusable, UnusableAnswer } from '../../../src/index.ts'

/** What the policy requires of a token besides being active. */
export interface TokenDemands {
  readonly issuer?: string | readonly string[] | undefined
  readonly discovery?: string | undefined
  readonly audience?: string | readonly string[] | undefined
  readonly requiredClaims: readonly string[]
}

/**
 * The response as claims (RFC 7662 §2.2).
 * @throws ServiceUnavailable or UnusableAnswer for any other response, for instance when the gateway's own credentials are rejected
 */
export function readAnswer ({ status, body }: ServiceAnswer): Claims & { readonly active: boolean } {
  if (status === 401 || status === 403) {
    throw new UnusableAnswer(`the introspection endpoint refuses the gateway itself (${status}): see client`)
  }
  if (status !== 200) throw unusable(status, `the introspection endpoint responded with ${status}`)
  let answer: unknown
  try {
    answer = JSON.parse(body.toString())
  } catch {
    throw new UnusableAnswer('the introspection endpoint sent a response that is not JSON')
  }
  if (
    typeof answer !== 'object' || answer === null || Array.isArray(answer) ||
    typeof (answer as Record<string, unknown>)['active'] !== 'boolean'
  ) {
    throw new UnusableAnswer('the introspection endpoint sent a response without "active"')
  }
  return answer as Claims & { readonly active: boolean }
}

/** Why a token is rejected; undefined when it is valid. Dates are checked elsewhere. */
export function whyNot (claims: Claims & { readonly active: boolean }, demands: TokenDemands): string | undefined {
  if (!claims.active) return 'the token is not active'
  const { issuer, discovery, audience, requiredClaims } = demands
  return whyNoAccessToken(claims) ??
    requiredClaims
      .filter(name => !Object.hasOwn(claims, name) || claims[name] === null)
      .map(name => `the token has no ${name}`)
      .at(0) ??
    (issuer === undefined ? otherIssuer(claims, discovery) : oneOf(claims, 'iss', issuer)) ??
    (audience === undefined ? undefined : oneOf(claims, 'aud', audience))
}

/**
 * Endpoints also confirm refresh and identity tokens, which are not meant for services, and tokens that are bound to a key.
 */
function whyNoAccessToken ({ token_type: type, typ, cnf }: Claims): string | undefined {
  if (typeof type === 'string' && type.toLowerCase() !== 'bearer') return `the token is of type ${quoted(type)}, not Bearer`
  if (typeof typ === 'string' && ['refresh', 'offline', 'id', 'logout'].includes(typ.toLowerCase())) {
    return `the token is of type ${quoted(typ)}, not an access token`
  }
  return cnf === undefined || cnf === null ? undefined : 'the token is bound to a key (cnf), so it is no bearer token'
}

function otherIssuer (claims: Claims, discovery: string | undefined): string | undefined {
  return discovery === undefined || claims['iss'] === undefined ? undefined : oneOf(claims, 'iss', discovery)
}

function oneOf (claims: Claims, name: string, accepted: string | readonly string[]): string | undefined {
  const values: readonly unknown[] = [claims[name]].flat()
  const list = [accepted].flat()
  return values.some(value => typeof value === 'string' && list.includes(value)) ? undefined : `${name} is not one that is accepted`
}

/** Text of the issuer for the log: short and on one line. */
function quoted (text: string): string {
  return JSON.stringify(text.slice(0, 40))
}
