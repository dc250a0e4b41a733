/** A token in the query (RFC 6750 §2.3), for clients that cannot set a header field, such as links and EventSource. */

import type { Credential } from './credential.ts'
import { judged } from './token-text.ts'

/**
 * The token is removed from the query as soon as it is read, valid or not, because queries appear in logs and browser
 * histories. It is read from the original request target, so that several policies can each find it.
 */
export function inQuery (name: string): Credential {
  const isToken = (pair: string): boolean => nameOf(pair) === name
  return {
    read (request) {
      const { raw, exchange, query } = request
      const url = raw.url!
      const start = url.indexOf('?')
      if (start === -1) return judged([])
      const found = url.slice(start + 1).split('&').filter(isToken)
      if (found.length > 0) {
        exchange.query = without(exchange.query, isToken)
        delete (query as Record<string, unknown>)[name]
      }
      return judged(found.map(pair => pair.slice(pair.indexOf('=') + 1 || pair.length)))
    },
    drop () {}
  }
}

function without (query: string, isToken: (pair: string) => boolean): string {
  // An earlier policy has removed it.
  if (query === '') return query
  const kept = query.slice(1).split('&').filter(pair => !isToken(pair))
  return kept.length === 0 ? '' : `?${kept.join('&')}`
}

/** The decoded name, as services read it: it may be percent-encoded. */
function nameOf (pair: string): string {
  const equals = pair.indexOf('=')
  const written = equals === -1 ? pair : pair.slice(0, equals)
  if (!/[%+]/.test(written)) return written
  try {
    return decodeURIComponent(written.replaceAll('+', ' '))
  } catch {
    return written
  }
}
