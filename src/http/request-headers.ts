/** Builds the header fields that the upstream receives. */
import type { IncomingHttpHeaders } from 'node:http'
import { plainAddress } from './client-address.ts'
import { readFieldName } from './field-name.ts'
import { forwardedValue } from './forwarding-headers.ts'
import { connectionTokens, listHas } from './hop-by-hop.ts'
import { viaProtocol } from './via.ts'

/** Decided at boot. */
export interface ForwardingOptions {
  /** Our pseudonym in Via (RFC 9110 §7.6.3): a token. */
  readonly via: string
  /** Whether the peer at this address is believed when it says where a request came from. */
  trusted (ip: string): boolean
  /** Which Host is sent: that of the `target`, the one that the `client` asked for, or this name. */
  readonly host: string
  /** Send Forwarded (RFC 7239) beside X-Forwarded-*. */
  readonly forwarded?: boolean
  /** Fields that a client may never send, in any case: names under which policies tell the upstream who the user is. */
  readonly remove?: readonly string[]
  /** Fields beside the known ones that are believed only of a trusted peer. */
  readonly origin?: readonly string[]
  /** Whether names with `_` are passed on. Those that are another spelling of a field that is not passed on never are. */
  readonly underscores?: boolean
}

/** Read from one request. */
export interface ForwardingInput {
  readonly rawHeaders: readonly string[]
  readonly headers: IncomingHttpHeaders
  readonly httpVersion: string
  /** The peer, as its socket says; `''` for a Unix socket. */
  readonly remoteAddress: string
  readonly encrypted: boolean
  readonly localPort: number
  /** Of an absolute-form target; overrides Host. */
  readonly authority: string | undefined
  /** The prefix that was stripped from the path, for X-Forwarded-Prefix. */
  readonly prefix?: string | undefined
  /**
   * Fields the gateway sets (request id, traceparent, claims), `[name, value, …]` with names in lower case. The client's fields of the
   * same name are left out.
   */
  readonly set?: readonly string[] | undefined
}

/**
 * Compiles the options to a function that gives the flat list `[name, value, …]` for the upstream. Order, repeats and case of what passes
 * are kept. Left out: hop-by-hop fields and those that Connection nominates, Expect, Host, names with `_` unless they
 * are wanted (CGI-like services read `X_User` as `X-User`), and from a peer that is not trusted everything that says
 * where the request came from. Added: Via, X-Forwarded-For, -Proto, -Host, -Port, Forwarded when asked for, `te:
 * trailers` when the client said it, and the gateway's own fields, which a client cannot remove by naming them in Connection.
 */
export function compileRequestHeaders (options: ForwardingOptions): (input: ForwardingInput) => string[] {
  const dropped = new Set((options.remove ?? []).map(name => name.toLowerCase()))
  if (options.forwarded === true) dropped.add('forwarded')
  const origin = new Set((options.origin ?? []).map(name => name.toLowerCase()))
  const underscores = options.underscores === true
  /** Whether a name with `_` may pass: never in place of a field that the client cannot send. */
  const passes = (lower: string): boolean => {
    const plain = lower.replaceAll('_', '-')
    return underscores && readFieldName(plain).role === 'pass' && !dropped.has(plain) && !origin.has(plain)
  }

  return input => {
    const peer = plainAddress(input.remoteAddress) || 'unknown'
    const trusted = options.trusted(peer)
    const nominated = connectionTokens(input.headers.connection)
    const own = input.set ?? []
    const list: string[] = []
    // Node rejects requests with two framings. Where Transfer-Encoding is set, Content-Length is not forwarded.
    let sized = input.headers['transfer-encoding'] !== undefined

    const { rawHeaders } = input
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const name = rawHeaders[i]!
      const { lower, role } = readFieldName(name)
      if (role === 'drop' || dropped.has(lower)) continue
      if (!trusted && (role === 'origin' || (origin.size > 0 && origin.has(lower)))) continue
      if (role === 'underscore' && !passes(lower)) continue
      if (role === 'once') {
        if (sized) continue
        sized = true
      } else if (nominated.has(lower) || isOwn(own, lower)) continue
      list.push(name, rawHeaders[i + 1]!)
    }

    pushHop(list, options, input, peer, trusted, nominated)
    for (let i = 0; i < own.length; i++) list.push(own[i]!)
    return list
  }
}

/**
 * What Max-Forwards (RFC 9110 §7.6.2) asks of an OPTIONS or TRACE: `'answer'` it here and do not forward, or forward it with this number;
 * `undefined` when the method has no such field or it is no number.
 */
export function maxForwards (method: string, headers: IncomingHttpHeaders): 'answer' | number | undefined {
  if (method !== 'OPTIONS' && method !== 'TRACE') return undefined
  const value = headers['max-forwards']
  if (typeof value !== 'string' || !/^\d+$/.test(value)) return undefined
  const hops = Number(value)
  return hops === 0 ? 'answer' : Math.min(hops - 1, 0x7fffffff)
}

/** Adds Host, TE, Via and the forwarding header fields. */
function pushHop (
  list: string[],
  options: ForwardingOptions,
  input: ForwardingInput,
  peer: string,
  trusted: boolean,
  nominated: ReadonlySet<string>
): void {
  const { headers } = input
  /** The value of earlier hops, unless the peer nominated it for removal. */
  const earlier = (name: string): string | undefined => {
    const value = nominated.has(name) ? undefined : headers[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const told = (name: string): string | undefined => trusted ? earlier(name) : undefined

  const host = input.authority ?? headers.host
  const scheme = input.encrypted ? 'https' : 'http'
  const sent = options.host === 'target' ? undefined : options.host === 'client' ? host : options.host
  if (sent !== undefined) list.push('host', sent)
  if (listHas(headers.te, 'trailers')) list.push('te', 'trailers')
  list.push('via', append(earlier('via'), `${viaProtocol(input.httpVersion)} ${options.via}`))
  list.push('x-forwarded-for', append(told('x-forwarded-for'), peer))
  const toldScheme = told('x-forwarded-proto')
  list.push('x-forwarded-proto', toldScheme ?? scheme)
  const forwardedHost = told('x-forwarded-host') ?? host
  if (forwardedHost !== undefined) list.push('x-forwarded-host', forwardedHost)
  list.push(
    'x-forwarded-port',
    told('x-forwarded-port') ?? (toldScheme === undefined ? String(input.localPort) : outsidePort(forwardedHost, toldScheme))
  )
  if (input.prefix !== undefined) list.push('x-forwarded-prefix', joinPrefixes(told('x-forwarded-prefix'), input.prefix))
  if (options.forwarded !== true) return
  const by = host === undefined ? '' : `;host=${forwardedValue(host)}`
  list.push('forwarded', append(told('forwarded'), `for=${forwardedValue(peer)}${by};proto=${scheme}`))
}

/**
 * The port that the client used, where a proxy in front sends the scheme but not the port. The gateway's own
 * port is unknown to the client.
 */
function outsidePort (host: string | undefined, schemes: string): string {
  const port = /:(\d+)$/.exec(host ?? '')
  return port !== null ? port[1]! : schemes.split(',', 1)[0]!.trim().toLowerCase() === 'https' ? '443' : '80'
}

/** A proxy in front has stripped its own prefix before: `/shop` and `/api` become `/shop/api`. */
function joinPrefixes (earlier: string | undefined, own: string): string {
  return [...(earlier ?? '').split(','), own].map(part => part.trim().replace(/\/+$/, '')).join('')
}

function append (list: string | undefined, member: string): string {
  return list === undefined ? member : `${list}, ${member}`
}

function isOwn (own: readonly string[], name: string): boolean {
  for (let i = 0; i < own.length; i += 2) {
    if (own[i] === name) return true
  }
  return false
}
