/** The bearer token of a request: exactly one `Authorization: Bearer …` field (RFC 6750 §2.1). Query and form are ignored. */

import { readAuthorization } from './authorization.ts'

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
 * @param rawHeaders names and values as they came, because Node shows only the first of several Authorization fields
 */
export function readBearer (rawHeaders: readonly string[]): Bearer {
  const value = readAuthorization(rawHeaders)
  if (value === null) return repeated
  if (value === undefined || !/^bearer(?:\s|$)/i.test(value)) return missing
  const token = value.slice(7)
  if (token === '') return missing
  // b64token of RFC 6750 §2.1.
  return value[6] === ' ' && /^[\w.~+/-]+=*$/.test(token) ? { kind: 'token', token } : unreadable
}

/** Takes the credential out of a request, so that the upstream does not get it. */
export function dropBearer (request: { readonly rawHeaders: string[], readonly headers: { authorization?: string | undefined } }): void {
  const { rawHeaders } = request
  for (let i = rawHeaders.length - 2; i >= 0; i -= 2) {
    if (rawHeaders[i]!.toLowerCase() === 'authorization') rawHeaders.splice(i, 2)
  }
  delete request.headers.authorization
}
