/** Challenges: how a directory makes sure that a host belongs to this gateway (RFC 8555 §8). */

import { createHash } from 'node:crypto'

/** The types that are responded to here. */
export const challengeTypes = ['http-01', 'tls-alpn-01'] as const

export type ChallengeType = typeof challengeTypes[number]

/** One challenge that is under way. */
export interface Challenge {
  readonly type: ChallengeType
  readonly host: string
  readonly token: string
  /** What proves that the request and the response come from the same account. */
  readonly keyAuthorization: string
}

/** Responds to challenges. */
export interface ChallengeResponder {
  /** Serves the response to the authority from now on. Returns a function that ends that. */
  present (challenge: Challenge): Promise<() => Promise<void>>
}

/** Tokens are base64url (RFC 8555 §8). Anything else could be a path, and a longer one could not be the name of a file. */
export function isToken (value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,200}$/.test(value)
}

export function keyAuthorization (token: string, thumbprint: string): string {
  return `${token}.${thumbprint}`
}

/** The digest of a key authorization, which TLS-ALPN-01 sends in a certificate. */
export function authorizationDigest (authorization: string): Buffer {
  return createHash('sha256').update(authorization).digest()
}
