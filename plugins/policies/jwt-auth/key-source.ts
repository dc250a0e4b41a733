/** Key sources: which keys of a policy can verify a token. */

import type { Claims } from '../../../src/index.ts'
import type { KeyMaterial } from './key.ts'
import type { VerificationOptions } from './verification.ts'

/** A key that is prepared for verification. */
export interface VerifyingKey extends KeyMaterial {
  /**
   * Returns the claims of a token if its signature, algorithm, issuer and audience are valid. Otherwise
   * throws the error of @fastify/jwt or fast-jwt.
   */
  readonly verify: (token: string) => Claims
}

/** Prepares a key for verification. */
export type MakeKey = (material: KeyMaterial, options: VerificationOptions) => Promise<VerifyingKey>

/** The JOSE header of a token, as far as it names the key. It is not trusted; it only selects among known keys. */
export interface TokenHead {
  readonly alg: string
  readonly kid: string | undefined
}

export interface KeySource {
  /**
   * The keys to try; empty where no key can verify the token. Throws, or rejects with, ServiceUnavailable
   * when there are no keys at all.
   */
  search (head: TokenHead): readonly VerifyingKey[] | Promise<readonly VerifyingKey[]>
  /** Whether `search` can respond without a request to the issuer. */
  knows (head: TokenHead): boolean
  /** Whether a key still belongs to this source. */
  holds (key: VerifyingKey): boolean
}

/** The most keys that one token is tried with. It bounds the work that a client can cause. */
const mostTries = 8

/** The JOSE header of a token; undefined when it cannot be read. */
export function readHead (token: string): TokenHead | undefined {
  let head: unknown
  try {
    head = JSON.parse(Buffer.from(token.slice(0, Math.max(0, token.indexOf('.'))), 'base64url').toString())
  } catch {
    return undefined
  }
  // No extension is supported, so a header with `crit` is rejected, whatever its value (RFC 7515 §4.1.11).
  if (typeof head !== 'object' || head === null || 'crit' in head) return undefined
  const { alg, kid } = head as Readonly<Record<string, unknown>>
  if (typeof alg !== 'string' || !(kid === undefined || typeof kid === 'string')) return undefined
  return { alg, kid }
}

/** The keys named `kid`, or those without a name where there are none. All keys where the token names none. */
export function candidates (keys: readonly VerifyingKey[], { alg, kid }: TokenHead): readonly VerifyingKey[] {
  const named = kid === undefined ? keys : keys.filter(key => key.kid === kid)
  const fitting = named.length > 0 ? named : keys.filter(key => key.kid === undefined)
  return fitting.filter(key => (key.algorithms as readonly string[]).includes(alg)).slice(0, mostTries)
}

/** A source of configured keys, which never change. */
export function fixedKeys (keys: readonly VerifyingKey[]): KeySource {
  return { search: head => candidates(keys, head), knows: () => true, holds: () => true }
}
