/** Keys by their digest. */

import { hash } from 'node:crypto'
import { type Admitted, type Claims, freezeClaims } from '../../../src/index.ts'
import { instantOf } from './instant.ts'
import type { WrittenKey } from './options.ts'

/** A key that is known. Its verdict is made once and shared by all its requests. */
export interface KnownKey {
  readonly consumer: string
  /** First millisecond since 1970 at which it is refused. */
  readonly until: number
  readonly verdict: Admitted
}

export type KeyTable = ReadonlyMap<string, KnownKey>

/** @param identify what the upstream is told of a client */
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
 * Finds a key by its SHA-256. No key is compared with another, so there is no time to measure: how long the look-up
 * takes depends on the digest alone, and whoever could choose digests would have found keys already. A slow hash would
 * add nothing, because keys are long and random.
 */
export function findKey (table: KeyTable, key: string): KnownKey | undefined {
  return table.get(hash('sha256', key, 'hex'))
}
