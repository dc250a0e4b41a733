/** Where the keys of a policy come from, and which of them a token may have been signed with. */

import type { Claims } from '../../../src/index.ts'
import type { KeyMaterial } from './key.ts'
import type { VerificationOptions } from './verification.ts'

/** A key that is ready. */
export interface VerifyingKey extends KeyMaterial {
  /** The claims of a token when signature, algorithm, issuer and audience are right. Throws whatever @fastify/jwt and fast-jwt throw. */
  readonly verify: (token: string) => Claims
}

/** Makes a key ready. */
export type MakeKey = (material: KeyMaterial, options: VerificationOptions) => Promise<VerifyingKey>

/** What the head of a token says of its key. Nothing of it is believed; it only chooses among keys that are there. */
export interface TokenHead {
  readonly alg: string
  readonly kid: string | undefined
}

export interface KeySource {
  /** The keys to try; none where the token cannot be good. Throws, or rejects with, ServiceUnavailable when there are no keys at all. */
  search (head: TokenHead): readonly VerifyingKey[] | Promise<readonly VerifyingKey[]>
  /** Whether `search` has its answer without asking the issuer. */
  knows (head: TokenHead): boolean
  /** Whether a key is still one of them. */
  holds (key: VerifyingKey): boolean
}

/** Most keys that one token is tried with; more would be a way to make the gateway work. */
const mostTries = 8

/** The head of a token; undefined when it cannot be read. */
export function readHead (token: string): TokenHead | undefined {
  let head: unknown
  try {
    head = JSON.parse(Buffer.from(token.slice(0, Math.max(0, token.indexOf('.'))), 'base64url').toString())
  } catch {
    return undefined
  }
  // No extension is understood here, so a head that calls one critical cannot be read, however it says so (RFC 7515 §4.1.11).
  if (typeof head !== 'object' || head === null || 'crit' in head) return undefined
  const { alg, kid } = head as Readonly<Record<string, unknown>>
  if (typeof alg !== 'string' || !(kid === undefined || typeof kid === 'string')) return undefined
  return { alg, kid }
}

/** The keys of `kid`, or those without a name where there are none; all where the token names none. */
export function candidates (keys: readonly VerifyingKey[], { alg, kid }: TokenHead): readonly VerifyingKey[] {
  const named = kid === undefined ? keys : keys.filter(key => key.kid === kid)
  const fitting = named.length > 0 ? named : keys.filter(key => key.kid === undefined)
  return fitting.filter(key => (key.algorithms as readonly string[]).includes(alg)).slice(0, mostTries)
}

/** Keys of the file. */
export function fixedKeys (keys: readonly VerifyingKey[]): KeySource {
  return { search: head => candidates(keys, head), knows: () => true, holds: () => true }
}
