/** Fetches the issuer's key set (RFC 7517 §5), from its URL or from the one that OpenID Connect Discovery names (§4). */

import { type Question, type ServiceAnswer, ServiceUnavailable, type SignatureAlgorithm } from '../../../src/index.ts'
import { readJwk, type KeyMaterial } from './key.ts'
import type { PublishedKeys } from './key-fetching.ts'

export interface PublishedKeysOptions {
  /** Exactly one of the two. */
  readonly url?: string | undefined
  readonly discovery?: string | undefined
  readonly algorithms: readonly SignatureAlgorithm[]
  /** The most milliseconds for which a response is fresh, and the default where it does not say. */
  readonly refresh: number
  /** The least milliseconds for which a response is fresh. */
  readonly minimumRefresh: number
  readonly ask: (question: Question) => Promise<ServiceAnswer>
  /** Called for keys that cannot be used. */
  readonly ignored: (kid: unknown, why: string) => void
  /** Called with a name that several keys have. */
  readonly repeated: (kid: string) => void
}

/** The most keys in a set: more than any issuer has at one time. */
const mostKeys = 100

const headers = { accept: 'application/json' }

/** Creates the function that fetches the keys. A discovered URL is kept until it fails. */
export function keyFetcher (options: PublishedKeysOptions): () => Promise<PublishedKeys> {
  const { url, discovery, ask } = options
  let found = url
  return async () => {
    try {
      found ??= readDiscovery(discovery!, await ask({ url: discoveryUrl(discovery!), headers }))
      return readKeySet(await ask({ url: found, headers }), options)
    } catch (error) {
      found = url
      throw error
    }
  }
}

/** Avoids a double slash where the issuer ends with one (OpenID Connect Discovery §4.1). */
function discoveryUrl (issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}

function readDiscovery (issuer: string, answer: ServiceAnswer): string {
  const { issuer: name, jwks_uri: url } = readJson(answer, 'the discovery document')
  // Prevents one issuer from impersonating another (OpenID Connect Discovery §4.3).
  if (name !== issuer) throw new ServiceUnavailable('the discovery document is that of another issuer')
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new ServiceUnavailable('the discovery document names no jwks_uri')
  }
  if (issuer.startsWith('https:') && !url.startsWith('https:')) {
    throw new ServiceUnavailable('the jwks_uri of an https: issuer is not https:')
  }
  return url
}

function readKeySet (
  answer: ServiceAnswer,
  { algorithms, refresh, minimumRefresh, ignored, repeated }: PublishedKeysOptions
): PublishedKeys {
  const { keys: published } = readJson(answer, 'the key set')
  if (!Array.isArray(published) || published.length > mostKeys) {
    throw new ServiceUnavailable(`the key set has no list of at most ${mostKeys} keys`)
  }
  const keys: KeyMaterial[] = []
  const kids = new Set<string>()
  for (const jwk of published) {
    const read = readJwk(jwk, algorithms)
    if ('problem' in read) ignored((jwk as { kid?: unknown } | null)?.kid, read.problem)
    else {
      // Both are tried, so a token of one may be verified with the other.
      if (read.kid !== undefined && kids.has(read.kid)) repeated(read.kid)
      kids.add(read.kid ?? '')
      keys.push(read)
    }
  }
  // A set without usable keys must not lock out all clients. The previous keys stay.
  if (keys.length === 0) throw new ServiceUnavailable('the key set has no key that could be used')
  return { keys, freshFor: Math.min(refresh, Math.max(minimumRefresh, maxAge(answer) ?? refresh)) }
}

function readJson ({ status, body }: ServiceAnswer, what: string): Readonly<Record<string, unknown>> {
  if (status !== 200) throw new ServiceUnavailable(`${what} of the issuer responded with ${status}`)
  let value: unknown
  try {
    value = JSON.parse(body.toString())
  } catch {
    throw new ServiceUnavailable(`${what} of the issuer is not JSON`)
  }
  if (typeof value !== 'object' || value === null) throw new ServiceUnavailable(`${what} of the issuer is not an object`)
  return value as Readonly<Record<string, unknown>>
}

/** Milliseconds for which the response is fresh, by its Cache-Control field (RFC 9111 §5.2.2). */
function maxAge ({ headers }: ServiceAnswer): number | undefined {
  const control = [headers['cache-control'] ?? []].flat().join(',').toLowerCase()
  if (/\bno-(?:store|cache)\b/.test(control)) return 0
  const seconds = /(?:^|[\s,])max-age\s*=\s*"?(\d{1,9})/.exec(control)?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1000
}
