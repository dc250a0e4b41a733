/** User and password of a request: exactly one `Authorization: Basic …` field (RFC 7617 §2). */

import type { RequestFields } from '../../../src/index.ts'

export type BasicCredential =
  | { readonly kind: 'credential', readonly user: string, readonly password: string, /** As it came. */ readonly field: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'malformed', readonly why: string }

const missing: BasicCredential = { kind: 'missing' }
const malformed = (why: string): BasicCredential => ({ kind: 'malformed', why })
const repeated = malformed('more than one Authorization field')
const unreadable = malformed('not of the form Basic, one space, base64')
const tooLong = malformed('longer than anybody types')
const notText = malformed('not UTF-8, or with control characters')
const noColon = malformed('no colon between user and password')

/** Bounds the time to hash a password, which grows with its length. */
const longest = 2048

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function readBasic (fields: RequestFields): BasicCredential {
  const value = fields.only('authorization')
  if (value === null) return repeated
  if (value === undefined || !/^basic(?:\s|$)/i.test(value)) return missing
  if (value.length > longest) return tooLong
  const field = value.slice(6)
  const bytes = value[5] === ' ' && /^[A-Za-z0-9+/]+={0,2}$/.test(field) ? Buffer.from(field, 'base64') : undefined
  // Accepts only the canonical encoding, so that a credential has one cache entry.
  if (bytes?.toString('base64') !== field) return unreadable
  return split(bytes, field)
}

function split (bytes: Buffer, field: string): BasicCredential {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    return notText
  }
  if (/\p{Cc}/u.test(text)) return notText
  const colon = text.indexOf(':')
  return colon === -1 ? noColon : { kind: 'credential', user: text.slice(0, colon), password: text.slice(colon + 1), field }
}
