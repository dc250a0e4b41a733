/** The header fields of a response as node:http2 has read them. */

import type { ResponseFields } from '../../contract/transport.ts'

/** Turns `[name, value, …]` into a map without the pseudo-header fields. Values of a repeated field become a list. */
export function responseFields (list: readonly string[]): ResponseFields {
  const fields = Object.create(null) as Record<string, string | string[]>
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i]!
    // 0x3a is a colon.
    if (name.charCodeAt(0) === 0x3a) continue
    const earlier = fields[name]
    const value = list[i + 1]!
    if (earlier === undefined) fields[name] = value
    else if (typeof earlier === 'string') fields[name] = [earlier, value]
    else earlier.push(value)
  }
  return fields
}
