/** The bearer token of a request: exactly one `Authorization: Bearer …` field (RFC 6750 §2.1). Query and form are ignored. */

import type { RequestFields } from './request-fields.ts'

/** A token, no credential of this kind at all, or one that cannot be read. */
export type Bearer =
  | { readonly kind: 'token', readonly token: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'malformed', readonly why: string }

const missing: Bearer = { kind: 'missing' }
const repeated: Bearer = { kind: 'malformed', why: 'more than one Authorization field' }
const unreadable: Bearer = { kind: 'malformed', why: 'not of the form Bearer, one space, token' }

/**
 * Reads the token. The scheme may be in any case; between it and the token is exactly one space, so that no two readers
 * can see different tokens.
 */
export function readBearer (fields: RequestFields): Bearer {
  const value = fields.only('authorization')
  if (value === null) return repeated
  if (value === undefined || !/^bearer(?:\s|$)/i.test(value)) return missing
  const token = value.slice(7)
  if (token === '') return missing
  // b64token of RFC 6750 §2.1.
  return value[6] === ' ' && /^[\w.~+/-]+=*$/.test(token) ? { kind: 'token', token } : unreadable
}
