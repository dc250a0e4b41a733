/** Reads the key of a request, and removes it from the forwarded request. */

import type { Exchange } from '../../../src/index.ts'
import { parameterValues, withoutParameter } from './query-parameter.ts'

/** The result of reading: a key, none, or one that cannot be read. */
export type Found =
  | { readonly kind: 'key', readonly key: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'malformed', readonly why: string }

export interface Credential {
  /** A readable description, such as `header x-api-key`. */
  readonly place: string
  read (exchange: Exchange): Found
  /** Removes it from the forwarded request. */
  drop (exchange: Exchange): void
}

/** The most characters of a key: few enough to hash quickly. */
const longest = 4096

const missing: Found = { kind: 'missing' }
const malformed = (why: string): Found => ({ kind: 'malformed', why })
const repeated = malformed('more than one key')
const unreadable = malformed('not of visible ASCII characters')
const tooLong = malformed(`longer than ${longest} characters`)

/** Reads the key from a header field. Two fields of the name are rejected, because two readers could see different ones. */
export function inHeader (name: string): Credential {
  const lower = name.toLowerCase()
  return {
    place: `header ${lower}`,
    read ({ fields }) {
      const value = fields.only(lower)
      return value === null ? repeated : judged(value)
    },
    drop ({ fields }) {
      fields.drop(lower)
    }
  }
}

/** Reads the key from the query. */
export function inQuery (name: string): Credential {
  return {
    place: `parameter ${name}`,
    read ({ query }) {
      const values = parameterValues(query, name)
      if (values.length > 1) return repeated
      return values.length === 1 && values[0] === undefined ? unreadable : judged(values[0])
    },
    drop (exchange) {
      exchange.query = withoutParameter(exchange.query, name)
      exchange.raw.url = exchange.path + exchange.query
      // Templates read the parsed query.
      const parsed = exchange.request?.query
      if (typeof parsed === 'object' && parsed !== null) delete (parsed as Record<string, unknown>)[name]
    }
  }
}

function judged (value: string | undefined): Found {
  if (value === undefined || value === '') return missing
  if (value.length > longest) return tooLong
  return /^[\x21-\x7e]+$/.test(value) ? { kind: 'key', key: value } : unreadable
}
