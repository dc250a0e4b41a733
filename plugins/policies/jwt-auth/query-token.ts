/** A token in the query (RFC 6750 §2.3), for clients that can set no header, such as links and EventSource. */

import type { Credential } from './credential.ts'
import { judged } from './token-text.ts'

/**
 * The token is taken out of the query as soon as it is read, good or bad, because queries get into logs and histories.
 * It is read from the request target as it came, so that of several policies that look for it each finds it.
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
  // An earlier policy has taken it out.
  if (query === '') return query
  const kept = query.slice(1).split('&').filter(pair => !isToken(pair))
  return kept.length === 0 ? '' : `?${kept.join('&')}`
}

/** As services read it: a name may be written with percent signs. */
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
