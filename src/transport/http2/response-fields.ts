/** The header fields of a response as node:http2 has read them. */

import type { ResponseFields } from '../../contract/transport.ts'

/** What a field counts beside its name and value (RFC 9113 §6.5.2). */
const fieldCost = 32

/**
 * Turns `[name, value, …]` into a map without the pseudo-header fields. Values of a repeated field become a list. Returns undefined where
 * the fields are larger than `limit`: node:http2 tells it to the target and does not enforce it.
 */
export function responseFields (list: readonly string[], limit: number): ResponseFields | undefined {
  const fields = Object.create(null) as Record<string, string | string[]>
  let size = 0
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i]!
    size += name.length + list[i + 1]!.length + fieldCost
    if (size > limit) return undefined
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
