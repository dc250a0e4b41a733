/** What the name of a request field means, read once per spelling. */

import { isOriginHeader } from './forwarding-headers.ts'
import { hopByHopHeaders } from './hop-by-hop.ts'

/** What becomes of a field by its name, whatever the configuration says. */
export type Role = 'pass' | 'drop' | 'origin' | 'once' | 'underscore'

/** A field name as it is written. */
export interface FieldName {
  readonly lower: string
  readonly role: Role
}

/** Fields that end at the gateway beside the hop-by-hop ones. `Proxy` becomes HTTP_PROXY in CGI services (CVE-2016-5385). */
const ended: ReadonlySet<string> = new Set([
  'expect', 'host', 'via', 'proxy', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port'
])

/** Most spellings of a generation: those in use are few, and a client can make up as many as it likes. */
const most = 500
const longest = 64

/**
 * Spellings seen lately, for all routes together. When the young ones are many they become the old ones, and the old
 * ones are forgotten; what is still in use comes back with its next request. So one client that makes names up neither
 * fills this for good nor takes it from the others.
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
