/** The keys that stand in the file. */

import { publicAlgorithms, type SignatureAlgorithm, trimPem } from '../../../src/index.ts'
import { publicKeyKind, readJwk, type KeyMaterial } from './key.ts'
import type { JwtOptions } from './options.ts'

/** One of `keys`. */
export type WrittenKey = NonNullable<JwtOptions['keys']>[number]

/** The algorithms of the policy. Shared secrets are never published, so a published key never verifies HS. */
export function algorithmsOf ({
  algorithms: written,
  jwks,
  discovery
}: Pick<JwtOptions, 'algorithms' | 'jwks' | 'discovery'>): readonly SignatureAlgorithm[] {
  return written ?? ((jwks ?? discovery) === undefined ? ['HS256'] : publicAlgorithms)
}

/** The keys to verify with, once they have been checked. */
export function writtenKeys (options: JwtOptions): readonly KeyMaterial[] {
  const { secret, publicKey, keys } = options
  if (keys === undefined) return [{ kid: undefined, key: secret ?? trimPem(publicKey!), algorithms: algorithmsOf(options) }]
  return keys.map(key => {
    if (key.jwk !== undefined) return { ...readJwk(jwkOf(key.jwk), algorithmsOfKey(key)) as KeyMaterial, kid: kidOf(key) }
    return { kid: kidOf(key), key: key.secret ?? trimPem(key.publicKey!), algorithms: algorithmsOfKey(key) }
  })
}

/** The algorithms that one of `keys` is pinned to; of a JWK those it may have, of which it says itself which it has. */
export function algorithmsOfKey ({ algorithms, publicKey, jwk }: WrittenKey): readonly SignatureAlgorithm[] {
  if (algorithms !== undefined) return algorithms
  if (jwk !== undefined) return publicAlgorithms
  if (publicKey === undefined) return ['HS256']
  const kind = publicKeyKind(publicKey)
  return 'fits' in kind ? kind.fits : []
}

/** A JWK may bring its name along. */
export function kidOf ({ kid, jwk }: WrittenKey): string | undefined {
  if (kid !== undefined) return kid
  const own: unknown = Object.entries(jwkOf(jwk) ?? {}).find(([name]) => name === 'kid')?.[1]
  return typeof own === 'string' && own !== '' ? own : undefined
}

/** The JWK, which may be written as a mapping or be JSON, such as that of a file; undefined when it is neither. */
export function jwkOf (written: WrittenKey['jwk']): object | undefined {
  if (typeof written !== 'string') return written
  try {
    const value: unknown = JSON.parse(written)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
