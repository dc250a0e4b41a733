/** The signed parts of a request. */

import type { Exchange } from '../../../src/index.ts'

/** Returns one part, or undefined where the request does not have it. In header fields each character is one byte. */
type Part = (exchange: Exchange, timestamp: string, body: Buffer) => string | Buffer | undefined

/** Compiles the list of parts to a function that joins them; `missing` names a header field that is absent or repeated. */
export function compileSigned (signed: readonly string[], separator: string): (
  exchange: Exchange,
  timestamp: string,
  body: Buffer
) => (string | Buffer)[] | { readonly missing: string } {
  const parts = signed.map((name): [string, Part] => [name, partOf(name)])
  return (exchange, timestamp, body) => {
    const found: (string | Buffer)[] = []
    for (const [name, part] of parts) {
      const value = part(exchange, timestamp, body)
      if (value === undefined) return { missing: name }
      if (found.length > 0 && separator !== '') found.push(separator)
      found.push(value)
    }
    return found
  }
}

function partOf (name: string): Part {
  if (name === 'method') return ({ method }) => method
  if (name === 'path') return ({ path }) => Buffer.from(path, 'latin1')
  if (name === 'query') return ({ query }) => Buffer.from(query.slice(1), 'latin1')
  if (name === 'timestamp') return (_exchange, timestamp) => Buffer.from(timestamp, 'latin1')
  if (name === 'body') return (_exchange, _timestamp, body) => body
  const [kind, rest] = [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)]
  if (kind === 'text') return () => rest
  const lower = rest.toLowerCase()
  return ({ fields }) => {
    const value = fields.only(lower) ?? undefined
    return value === undefined ? undefined : Buffer.from(value, 'latin1')
  }
}
