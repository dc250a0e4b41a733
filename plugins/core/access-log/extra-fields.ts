/** Optional fields of the access log, which the configuration selects. */

import { compileValue, type Exchange, keyProblem, redactedText, redactQuery, type Redaction } from '../../../src/index.ts'
import type { Field } from './fields.ts'

/** The most characters of a client's text in a field. */
const longest = 1024

/** Names of fields that need no further word. */
export const extraNames = ['host', 'userAgent', 'referer', 'query', 'protocol', 'peer', 'spanId'] as const

/** The problem of a configured field name; undefined when it is valid. */
export function extraProblem (name: string): string | undefined {
  if ((extraNames as readonly string[]).includes(name)) return undefined
  if (/^(header|claim|param):/.test(name)) {
    return keyProblem(name) === undefined ? undefined : `"${name}" has no name that a header, claim or parameter can have`
  }
  return `unknown field "${name}"`
}

/** The field of a name. */
export function extraField (name: string, redaction: Redaction): Field {
  return { kind: 'text', read: reader(name, redaction) }
}

function reader (name: string, redaction: Redaction): (exchange: Exchange) => string | undefined {
  switch (name) {
    case 'host': return exchange => cut(exchange.host)
    case 'userAgent': return exchange => cut(exchange.headers['user-agent'])
    case 'referer': return refererOf
    // Without its `?`.
    case 'query': return exchange => exchange.query.length < 2 ? undefined : cut(redactQuery(exchange.query.slice(1), redaction.parameters))
    case 'protocol': return exchange => `HTTP/${exchange.httpVersion}`
    case 'peer': return exchange => exchange.client.address
    case 'spanId': return exchange => exchange.trace?.spanId
    default: return named(name, redaction)
  }
}

function named (name: string, { headers }: Redaction): (exchange: Exchange) => string | undefined {
  const read = compileValue(name)
  const secret = name.startsWith('header:') && headers.has(name.slice('header:'.length).toLowerCase())
  return exchange => {
    const value = read(exchange)
    return value !== undefined && secret ? redactedText : cut(value)
  }
}

/** Where the client came from, without query and fragment: they are as private as those of our own paths. */
export function refererOf ({ headers }: Exchange): string | undefined {
  return cut(headers.referer?.replace(/[?#][^]*$/, ''))
}

/** Bounds what a client may write into a line. */
export function cut (text: string | undefined): string | undefined {
  return text === undefined || text.length <= longest ? text : `${text.slice(0, longest)}…`
}
