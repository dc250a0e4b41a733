/** The fields of a request as they go to the upstream. */
import type { IncomingHttpHeaders } from 'node:http'
import { plainAddress } from './client-address.ts'
import { forwardedValue, isOriginHeader } from './forwarding-headers.ts'
import { connectionTokens, hopByHopHeaders, listHas } from './hop-by-hop.ts'
import { viaProtocol } from './via.ts'

/** What is decided at boot. */
export interface ForwardingOptions {
  /** Our pseudonym in Via (RFC 9110 §7.6.3): a token. */
  readonly via: string
  /** Whether the peer at this address is believed when it says where a request came from. */
  trusted (ip: string): boolean
  /** Send the Host that the client asked for instead of the target's. */
  readonly preserveHost: boolean
  /** Send Forwarded (RFC 7239) beside X-Forwarded-*. */
  readonly forwarded?: boolean
  /** Fields that a client may never send, in any case: names under which policies tell the upstream who the user is. */
  readonly remove?: readonly string[]
}

/** What is read from one request. */
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
  /**
   * Fields the gateway sets (request id, traceparent, claims), `[name, value, …]` with names in lower case. The client's fields of the
   * same name are left out.
   */
  readonly set?: readonly string[] | undefined
}

/** What is known of a field by its name as it is written. */
interface Known {
  readonly lower: string
  readonly role: number
}

/** Most spellings that are remembered: those in use are few, and a client can make up as many as it likes. */
const mostSpellings = 1000
const longestSpelling = 64

/** What becomes of a field by its name. */
const PASS = 0
const DROP = 1
const ORIGIN = 2
const ONCE = 3

/** Fields that end at the gateway beside the hop-by-hop ones. `Proxy` becomes HTTP_PROXY in CGI services (CVE-2016-5385). */
const ended = ['expect', 'host', 'via', 'proxy', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port']

/**
 * Compiles the options to a function that gives the flat list `[name, value, …]` for the upstream. Order, repeats and case of what passes
 * are kept. Left out: hop-by-hop fields and those that Connection nominates, Expect, Host, names with `_` (CGI-like services read `X_User` as
 * `X-User`), and from a peer that is not trusted everything that says where the request came from. Added: Via, X-Forwarded-For, -Proto, -Host, -Port,
 * Forwarded when asked for, `te: trailers` when the client said it, and the gateway's own fields, which nobody can nominate away.
 */
export function compileRequestHeaders (options: ForwardingOptions): (input: ForwardingInput) => string[] {
  const roles = new Map<string, number>()
  for (const name of hopByHopHeaders) roles.set(name, DROP)
  for (const name of ended) roles.set(name, DROP)
  for (const name of options.remove ?? []) roles.set(name.toLowerCase(), DROP)
  if (options.forwarded === true) roles.set('forwarded', DROP)
  roles.set('content-length', ONCE)
  const spellings = new Map<string, Known>()
  const know = (name: string): Known => {
    const lower = name.toLowerCase()
    const known = { lower, role: roles.get(lower) ?? (isAlias(name) ? DROP : isOriginHeader(lower) ? ORIGIN : PASS) }
    if (spellings.size < mostSpellings && name.length <= longestSpelling) spellings.set(name, known)
    return known
  }

  return input => {
    const peer = plainAddress(input.remoteAddress) || 'unknown'
    const trusted = options.trusted(peer)
    const nominated = connectionTokens(input.headers.connection)
    const own = input.set ?? []
    const list: string[] = []
    // Node has refused two framings; should one arrive all the same, the client library's is the only one sent.
    let sized = input.headers['transfer-encoding'] !== undefined

    const { rawHeaders } = input
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const name = rawHeaders[i]!
      const { lower, role } = spellings.get(name) ?? know(name)
      if (role === DROP || (role === ORIGIN && !trusted)) continue
      if (role === ONCE) {
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

/** Adds what says how the request came here. */
function pushHop (list: string[], options: ForwardingOptions, input: ForwardingInput, peer: string, trusted: boolean, nominated: ReadonlySet<string>): void {
  const { headers } = input
  /** What earlier hops said, unless the peer asked us to take it out. */
  const earlier = (name: string): string | undefined => {
    const value = nominated.has(name) ? undefined : headers[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const told = (name: string): string | undefined => trusted ? earlier(name) : undefined

  const host = input.authority ?? headers.host
  const scheme = input.encrypted ? 'https' : 'http'
  if (options.preserveHost && host !== undefined) list.push('host', host)
  if (listHas(headers.te, 'trailers')) list.push('te', 'trailers')
  list.push('via', append(earlier('via'), `${viaProtocol(input.httpVersion)} ${options.via}`))
  list.push('x-forwarded-for', append(told('x-forwarded-for'), peer))
  list.push('x-forwarded-proto', told('x-forwarded-proto') ?? scheme)
  const forwardedHost = told('x-forwarded-host') ?? host
  if (forwardedHost !== undefined) list.push('x-forwarded-host', forwardedHost)
  list.push('x-forwarded-port', told('x-forwarded-port') ?? String(input.localPort))
  if (options.forwarded !== true) return
  const by = host === undefined ? '' : `;host=${forwardedValue(host)}`
  list.push('forwarded', append(told('forwarded'), `for=${forwardedValue(peer)}${by};proto=${scheme}`))
}

function append (list: string | undefined, member: string): string {
  return list === undefined ? member : `${list}, ${member}`
}

/** A name that a service may take for another one, or an HTTP/2 pseudo-header. */
function isAlias (name: string): boolean {
  return name.includes('_') || name.charCodeAt(0) === 0x3a
}

function isOwn (own: readonly string[], name: string): boolean {
  for (let i = 0; i < own.length; i += 2) {
    if (own[i] === name) return true
  }
  return false
}
