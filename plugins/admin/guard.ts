/** Who may use the admin listener: no page in a browser by trickery, and elsewhere than on loopback only who has the token. */

import { timingSafeEqual, createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Config } from '../../src/config/types.ts'
import type { ReasonCode } from '../../src/errors.ts'
import { readHost } from '../../src/http/host.ts'

interface AdminRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
}

/** Says why a request is refused, or nothing. */
export type Guard = (request: AdminRequest) => ReasonCode | undefined

/** Asked by balancers and orchestrators, which have no token. With `?verbose` they would show lines of the file. */
const open: ReadonlySet<string> = new Set(['/livez', '/readyz'])

const loopback = ['localhost', '127.0.0.1', '[::1]']

/** Compiles the rules of `admin`. */
export function compileGuard (admin: Config['admin']): Guard {
  const hosts = new Set([...loopback, ...admin.allowedHosts.map(host => host.toLowerCase())])
  const bound = isLoopback(admin.host)
  return ({ path, headers }) => {
    // A page may make a browser send anything; but it cannot make it leave out Origin, nor, by its own name for our address, change Host.
    if (headers.origin !== undefined && !hosts.has(hostOfOrigin(headers.origin))) return 'forbidden'
    if (bound && !hosts.has(readHost(headers.host) ?? '')) return 'forbidden'
    if (open.has(path) || tokenOf(admin) === undefined) return undefined
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

function hostOfOrigin (origin: string): string {
  return URL.parse(origin)?.hostname ?? ''
}

/** Digests have one length, so the time tells neither length nor content. */
function same (a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
