/** Keys by their digest. */

import { hash } from 'node:crypto'
import { type Admitted, type Claims, freezeClaims } from '../../../src/index.ts'
import { instantOf } from './instant.ts'
import type { WrittenKey } from './options.ts'

/** A known key. All its requests share one verdict object. */
export interface KnownKey {
  readonly consumer: string
  /** The first millisecond since 1970 at which it is rejected. */
  readonly until: number
  readonly verdict: Admitted
}

export type KeyTable = ReadonlyMap<string, KnownKey>

/** @param identify adds the identity headers that the upstream receives */
export function keyTable (keys: readonly WrittenKey[], identify: ((claims: Claims) => readonly string[]) | undefined): KeyTable {
  return new Map(keys.map(key => [key.hash.slice(key.hash.indexOf(':') + 1).toLowerCase(), known(key, identify)]))
}

function known (
  { consumer, tier, claims: further, expires }: WrittenKey,
  identify: ((claims: Claims) => readonly string[]) | undefined
): KnownKey {
  const claims = freezeClaims({ ...further, sub: consumer, consumer, ...(tier === undefined ? {} : { tier }) })
  const verdict: Admitted = {
    admitted: true,
    claims,
    why: `key of ${consumer}`,
    ...(identify === undefined ? {} : { fields: identify(claims) })
  }
  return { consumer, until: expires === undefined ? Infinity : instantOf(expires)!, verdict }
}

/**
 * Finds a key by its SHA-256. Timing reveals nothing useful: the time of the look-up depends on the digest alone, which
 * a client cannot choose. A slow hash would add nothing, because keys are long and random.
 */
export function findKey (table: KeyTable, key: string): KnownKey | undefined {
  return table.get(hash('sha256', key, 'hex'))
}
