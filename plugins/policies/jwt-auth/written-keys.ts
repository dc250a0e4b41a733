/** The keys that are written in the configuration. */

import { publicAlgorithms, type SignatureAlgorithm, trimPem } from '../../../src/index.ts'
import { publicKeyKind, readJwk, type KeyMaterial } from './key.ts'
import type { JwtOptions } from './options.ts'

/** One of `keys`. */
export type WrittenKey = NonNullable<JwtOptions['keys']>[number]

/** The algorithms of the policy. Shared secrets are never published, so published keys never verify HS. */
export function algorithmsOf ({
  algorithms: written,
  jwks,
  discovery
}: Pick<JwtOptions, 'algorithms' | 'jwks' | 'discovery'>): readonly SignatureAlgorithm[] {
  return written ?? ((jwks ?? discovery) === undefined ? ['HS256'] : publicAlgorithms)
}

/** The keys to verify with. The options have been checked before. */
export function writtenKeys (options: JwtOptions): readonly KeyMaterial[] {
  const { secret, publicKey, keys } = options
  if (keys === undefined) return [{ kid: undefined, key: secret ?? trimPem(publicKey!), algorithms: algorithmsOf(options) }]
  return keys.map(key => {
    if (key.jwk !== undefined) return { ...readJwk(jwkOf(key.jwk), algorithmsOfKey(key)) as KeyMaterial, kid: kidOf(key) }
    return { kid: kidOf(key), key: key.secret ?? trimPem(key.publicKey!), algorithms: algorithmsOfKey(key) }
  })
}

/** The algorithms that one of `keys` is restricted to. For a JWK these are the permitted ones; its `alg` selects among them. */
export function algorithmsOfKey ({ algorithms, publicKey, jwk }: WrittenKey): readonly SignatureAlgorithm[] {
  if (algorithms !== undefined) return algorithms
  if (jwk !== undefined) return publicAlgorithms
  if (publicKey === undefined) return ['HS256']
  const kind = publicKeyKind(publicKey)
  return 'fits' in kind ? kind.fits : []
}

/** A JWK may contain its name. */
export function kidOf ({ kid, jwk }: WrittenKey): string | undefined {
  if (kid !== undefined) return kid
  const own: unknown = Object.entries(jwkOf(jwk) ?? {}).find(([name]) => name === 'kid')?.[1]
  return typeof own === 'string' && own !== '' ? own : undefined
}

/** The JWK, given as a mapping or as JSON text, for instance from a file; undefined when it is neither. */
export function jwkOf (written: WrittenKey['jwk']): object | undefined {
  if (typeof written !== 'string') return written
  try {
    const value: unknown = JSON.parse(written)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
