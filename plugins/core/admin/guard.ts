/** Access control of the admin listener: rejects cross-site requests of browsers, and requires the token except on loopback. */

import { timingSafeEqual, createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Config, ReasonCode } from '../../../src/index.ts'
import { readHost } from '../../../src/http/index.ts'

interface AdminRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Whether the route needs no token. */
  readonly withoutToken?: boolean | undefined
}

/** Returns why a request is rejected, or undefined. */
export type Guard = (request: AdminRequest) => ReasonCode | undefined

/** Used by load balancers and orchestrators, which have no token. With `?verbose` the response contains lines of the configuration. */
const open: ReadonlySet<string> = new Set(['/livez', '/readyz'])

const loopback = ['localhost', '127.0.0.1', '[::1]']

/** Compiles the rules of `admin`. */
export function compileGuard (admin: Config['admin']): Guard {
  const named = new Set(admin.allowedHosts.map(host => host.toLowerCase()))
  const bound = isLoopback(admin.host)
  const hosts = new Set([...loopback, ...named, ...bound ? [admin.host] : []])
  return ({ path, headers, withoutToken }) => {
    if (isCrossSite(headers)) return 'forbidden'
    const host = readHost(headers.host) ?? ''
    // A web page can make a browser send requests, but cannot remove Origin, and with DNS rebinding Host contains the page's own name.
    if (headers.origin !== undefined && !(hosts.has(host) && isOwnOrigin(headers.origin, headers.host!, named.has(host)))) {
      return 'forbidden'
    }
    if (bound && !hosts.has(host)) return 'forbidden'
    if (withoutToken === true || open.has(path) || tokenOf(admin) === undefined) return undefined
    const [scheme, token] = (headers.authorization ?? '').split(' ')
    if (scheme?.toLowerCase() !== 'bearer' || token === undefined) return 'missing-token'
    return same(token, admin.token!) ? undefined : 'invalid-token'
  }
}

/** The token that is asked for; an empty one is none. */
export function tokenOf ({ token }: Config['admin']): string | undefined {
  return token === '' ? undefined : token
}

/** Whether only this machine can reach the address. */
export function isLoopback (host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

/** A browser says so itself (Fetch Metadata §2.4), also for an image, which has no Origin. `none` is a person who typed the address. */
function isCrossSite ({ 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}

/**
 * Whether an origin is that of the listener as it was asked: scheme, host and port. A host of `allowedHosts`
 * may have TLS put in front of it.
 */
function isOwnOrigin (origin: string, host: string, named: boolean): boolean {
  return [`http://${host}`, ...named ? [`https://${host}`] : []].some(own => URL.parse(own)?.origin === origin)
}

/** Digests have equal lengths, so the timing reveals neither length nor content. */
function same (a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
