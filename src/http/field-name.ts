/** The role of a request header field by its name. Each spelling is read once. */

import { isOriginHeader } from './forwarding-headers.ts'
import { hopByHopHeaders } from './hop-by-hop.ts'

/** What the gateway does with a field by its name, independent of the configuration. */
export type Role = 'pass' | 'drop' | 'origin' | 'once' | 'underscore'

/** A field name as it is written. */
export interface FieldName {
  readonly lower: string
  readonly role: Role
}

/**
 * Fields that end at the gateway beside the hop-by-hop ones. `Proxy` becomes HTTP_PROXY in CGI services (CVE-2016-5385). `Client-Cert` is
 * what only a `client-certificate` policy says (RFC 9440 §2).
 */
const ended: ReadonlySet<string> = new Set([
  'expect', 'host', 'via', 'proxy', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'client-cert',
  'client-cert-chain'
])

/** The most spellings in one of the two maps. Few are in use, but a client can send any number of names. */
const most = 500
const longest = 64

/**
 * Recently seen spellings, for all routes. When the young map is full it becomes the old one, and the old one is
 * dropped. A spelling that is still in use returns with its next request, so a client that sends made-up names cannot
 * fill the maps for good.
 */
let young = new Map<string, FieldName>()
let old = young

/** Reads a name. */
export function readFieldName (name: string): FieldName {
  return young.get(name) ?? remember(name)
}

/** How many spellings are remembered. */
export function rememberedNames (): number {
  return young.size + old.size
}

function remember (name: string): FieldName {
  const known = old.get(name) ?? read(name)
  if (name.length > longest) return known
  if (young.size >= most) {
    old = young
    young = new Map()
  }
  young.set(name, known)
  return known
}

function read (name: string): FieldName {
  const lower = name.toLowerCase()
  return { lower, role: roleOf(lower) }
}

function roleOf (name: string): Role {
  // An HTTP/2 pseudo-header is none here.
  if (name.charCodeAt(0) === 0x3a || hopByHopHeaders.has(name) || ended.has(name)) return 'drop'
  if (name === 'content-length') return 'once'
  if (name.includes('_')) return 'underscore'
  return isOriginHeader(name) ? 'origin' : 'pass'
}
