/** Which web pages may use the admin listener: those that came from it. */

import type { IncomingHttpHeaders } from 'node:http'
import type { Config } from '../../../src/index.ts'
import { isJson, readHost } from '../../../src/http/index.ts'

/**
 * Whether a request may come in, by what its browser says of the page behind it.
 * @param linked whether a link on any page may lead here
 */
export type OriginCheck = (headers: IncomingHttpHeaders, linked?: boolean) => boolean

const loopback = ['localhost', '127.0.0.1', '[::1]']

/** Compiles the rules of `admin`. */
export function compileOriginCheck ({ host: address, allowedHosts }: Config['admin']): OriginCheck {
  const named = new Set(allowedHosts.map(host => host.toLowerCase()))
  const bound = isLoopback(address)
  const hosts = new Set([...loopback, ...named, ...bound ? [address] : []])
  return (headers, linked = false) => {
    if (isCrossSite(headers) && !(linked && isNavigation(headers))) return false
    const host = readHost(headers.host) ?? ''
    // A web page can make a browser send requests, but cannot remove Origin, and with DNS rebinding Host contains the page's own name.
    if (headers.origin !== undefined && !(hosts.has(host) && isOwnOrigin(headers.origin, headers.host!, named.has(host)))) return false
    return !bound || hosts.has(host)
  }
}

/** Whether only this machine can reach the address. */
export function isLoopback (host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

/**
 * Whether a request that has passed the check was sent by a script of the listener's own page: it has an Origin, and something that a form
 * cannot send, a body of JSON or the field X-Requested-With.
 */
export function isFromOwnScript (headers: IncomingHttpHeaders): boolean {
  return headers.origin !== undefined && (isJson(headers['content-type']) || headers['x-requested-with'] !== undefined)
}

/** Whether the page behind a request that has passed the check was loaded over TLS, which something in front of the listener ends. */
export function isOverTls ({ origin }: IncomingHttpHeaders): boolean {
  return origin?.startsWith('https:') === true
}

/** Whether the browser shows the response as a page of its own, so that the page with the link learns nothing of it. */
function isNavigation ({ 'sec-fetch-mode': mode, 'sec-fetch-dest': destination }: IncomingHttpHeaders): boolean {
  return mode === 'navigate' && destination === 'document'
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
