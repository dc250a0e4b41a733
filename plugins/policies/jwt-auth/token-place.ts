/** Reads and removes the token of a request: from Authorization, another header field, a cookie, or the query. */

import { readBearer } from '../../../src/index.ts'
import type { Credential } from './credential.ts'
import { inQuery } from './query-token.ts'
import { bounded, judged } from './token-text.ts'

export type TokenPlace =
  | { readonly from: 'bearer' }
  | { readonly from: 'header' | 'cookie' | 'query', readonly name: string }

export function credentialAt (place: TokenPlace): Credential {
  if (place.from === 'bearer') {
    return {
      read: ({ exchange }) => bounded(readBearer(exchange.fields)),
      drop: ({ exchange }) => exchange.fields.drop('authorization')
    }
  }
  const name = place.name
  if (place.from === 'query') return inQuery(name)
  return place.from === 'header' ? inHeader(name.toLowerCase()) : inCookie(name)
}

function inHeader (name: string): Credential {
  return {
    read: ({ exchange: { fields } }) => judged(fields.values(name)),
    drop: ({ exchange: { fields } }) => fields.drop(name)
  }
}

function inCookie (name: string): Credential {
  const lead = `${name}=`
  return {
    read: ({ exchange: { fields } }) => judged(
      fields.values('cookie').flatMap(pairs).filter(pair => pair.startsWith(lead)).map(pair => pair.slice(lead.length))
    ),
    drop: ({ exchange: { fields } }) => fields.edit('cookie', value => {
      const kept = pairs(value).filter(pair => !pair.startsWith(lead))
      return kept.length === 0 ? undefined : kept.join('; ')
    })
  }
}

function pairs (value: string): string[] {
  return value.split(';').map(pair => pair.trim())
}
