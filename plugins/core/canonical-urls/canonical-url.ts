/** Where a request is redirected to, so that each page has one URL. */

import { isIP } from 'node:net'

/** A request as the client sent it. */
export interface Asked {
  /** Undefined where it is not known. */
  readonly scheme: string | undefined
  /** Host and port; checked when the request came. */
  readonly authority: string | undefined
  readonly path: string
  /** `''` or `?…`. */
  readonly query: string
}

/** What is wanted of a URL. */
export interface Wanted {
  /** The port of https to which requests of http are redirected; undefined where they are served. */
  readonly httpsPort: number | undefined
  readonly www: 'add' | 'remove' | undefined
}

/** Certificate authorities ask for these paths by http (RFC 8555 §8.3). */
const challenges = '/.well-known/acme-challenge/'

/** The URL to redirect to; undefined for a request that is where it should be. */
export function canonicalUrl ({ scheme, authority, path, query }: Asked, { httpsPort, www }: Wanted): string | undefined {
  if (authority === undefined || !path.startsWith('/')) return undefined
  const [, host = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(:\d*)?$/.exec(authority.toLowerCase()) ?? []
  const toHttps = httpsPort !== undefined && scheme === 'http' && !path.startsWith(challenges)
  const canonical = withWww(host, www)
  if (host === '' || (!toHttps && canonical === host)) return undefined
  // The port of http is not that of https.
  if (toHttps) return `https://${canonical}${httpsPort === 443 ? '' : `:${httpsPort}`}${path}${query}`
  return `${scheme === 'https' ? 'https' : 'http'}://${canonical}${port}${path}${query}`
}

function withWww (host: string, www: Wanted['www']): string {
  if (www === 'remove') return host.startsWith('www.') && host.indexOf('.', 4) !== -1 ? host.slice(4) : host
  if (www !== 'add' || host.startsWith('www.') || host.startsWith('[') || isIP(host) !== 0 || !host.includes('.')) return host
  return `www.${host}`
}
