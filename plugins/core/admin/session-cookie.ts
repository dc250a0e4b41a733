/** The cookie that holds the id of a session (RFC 6265). */

import { sessionAge } from './sessions.ts'

const name = 'onedoor-session'

/** Scripts cannot read it, and no other site makes the browser send it. */
const attributes = 'Path=/; HttpOnly; SameSite=Strict'

/** The id in a Cookie field: that of the first cookie of the name. */
export function readSessionId (header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim()
  }
  return undefined
}

/** Set-Cookie for a session. @param secure whether the browser must send it over TLS only */
export function sessionCookie (id: string, secure: boolean): string {
  return `${name}=${id}; Max-Age=${sessionAge / 1000}; ${attributes}${secure ? '; Secure' : ''}`
}

/** Set-Cookie that makes the browser forget the session. */
export const noSessionCookie = `${name}=; Max-Age=0; ${attributes}`
