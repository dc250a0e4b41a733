/** Where the token of a request stands: in Authorization, in another header, or in a cookie. */

import type { IncomingMessage } from 'node:http'
import { dropBearer, readBearer, type Bearer } from '../../src/http/bearer.ts'

export type TokenPlace =
  | { readonly from: 'bearer' }
  | { readonly from: 'header' | 'cookie', readonly name: string }

/** Reads the token, and takes it out of what goes on. */
export interface Credential {
  read (request: IncomingMessage): Bearer
  drop (request: IncomingMessage): void
}

/** Longer than any token that a header could carry elsewhere. */
const longest = 16 * 1024

const missing: Bearer = { kind: 'missing' }
const tooLong: Bearer = { kind: 'malformed', why: `longer than ${longest} characters` }
const unreadable: Bearer = { kind: 'malformed', why: 'not of the letters of a token' }
const repeated: Bearer = { kind: 'malformed', why: 'more than one token' }

export function credentialAt (place: TokenPlace): Credential {
  if (place.from === 'bearer') return { read: ({ rawHeaders }) => bounded(readBearer(rawHeaders)), drop: dropBearer }
  const name = place.name
  return place.from === 'header' ? inHeader(name.toLowerCase()) : inCookie(name)
}

function bounded (bearer: Bearer): Bearer {
  return bearer.kind === 'token' && bearer.token.length > longest ? tooLong : bearer
}

function judged (values: readonly string[]): Bearer {
  const [token, second] = values
  if (token === undefined || token === '') return missing
  if (second !== undefined) return repeated
  if (token.length > longest) return tooLong
  return /^[\w.-]+$/.test(token) ? { kind: 'token', token } : unreadable
}

function inHeader (name: string): Credential {
  return {
    read: ({ rawHeaders }) => judged(rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === name)),
    drop: request => replace(request, name, () => undefined)
  }
}

function inCookie (name: string): Credential {
  const lead = `${name}=`
  return {
    read: ({ rawHeaders }) => judged(rawHeaders.flatMap((value, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === 'cookie' ? pairs(value) : [])
      .filter(pair => pair.startsWith(lead)).map(pair => pair.slice(lead.length))),
    drop: request => replace(request, 'cookie', value => {
      const kept = pairs(value).filter(pair => !pair.startsWith(lead))
      return kept.length === 0 ? undefined : kept.join('; ')
    })
  }
}

function pairs (value: string): string[] {
  return value.split(';').map(pair => pair.trim())
}

/** Writes every field of a name anew, or takes it out. */
function replace ({ rawHeaders, headers }: IncomingMessage, name: string, change: (value: string) => string | undefined): void {
  const left: string[] = []
  for (let i = rawHeaders.length - 2; i >= 0; i -= 2) {
    if (rawHeaders[i]!.toLowerCase() !== name) continue
    const value = change(rawHeaders[i + 1]!)
    if (value === undefined) rawHeaders.splice(i, 2)
    else left.unshift(rawHeaders[i + 1] = value)
  }
  if (left.length === 0) delete headers[name]
  else headers[name] = left.join('; ')
}
