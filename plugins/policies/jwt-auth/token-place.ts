/** Reads and removes the token of a request: from Authorization, another header field, a cookie, or the query. */

import type { IncomingMessage } from 'node:http'
import { dropBearer, readBearer } from '../../../src/index.ts'
import type { Credential } from './credential.ts'
import { inQuery } from './query-token.ts'
import { bounded, judged } from './token-text.ts'

export type TokenPlace =
  | { readonly from: 'bearer' }
  | { readonly from: 'header' | 'cookie' | 'query', readonly name: string }

export function credentialAt (place: TokenPlace): Credential {
  if (place.from === 'bearer') return { read: ({ raw }) => bounded(readBearer(raw.rawHeaders)), drop: ({ raw }) => dropBearer(raw) }
  const name = place.name
  if (place.from === 'query') return inQuery(name)
  return place.from === 'header' ? inHeader(name.toLowerCase()) : inCookie(name)
}

function inHeader (name: string): Credential {
  return {
    read: ({ raw: { rawHeaders } }) => judged(rawHeaders.filter((
      _,
      index
    ) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === name)),
    drop: ({ raw }) => replace(raw, name, () => undefined)
  }
}

function inCookie (name: string): Credential {
  const lead = `${name}=`
  return {
    read: ({ raw: { rawHeaders } }) => judged(rawHeaders.flatMap((
      value,
      index
    ) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === 'cookie' ? pairs(value) : [])
      .filter(pair => pair.startsWith(lead)).map(pair => pair.slice(lead.length))),
    drop: ({ raw }) => replace(raw, 'cookie', value => {
      const kept = pairs(value).filter(pair => !pair.startsWith(lead))
      return kept.length === 0 ? undefined : kept.join('; ')
    })
  }
}

function pairs (value: string): string[] {
  return value.split(';').map(pair => pair.trim())
}

/** Rewrites every header field of a name, or removes it. */
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
