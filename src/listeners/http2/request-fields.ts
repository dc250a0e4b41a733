/** Turns the header fields of an HTTP/2 request into those that HTTP/1.1 would have. */

/**
 * Returns the fields without pseudo-header fields, `[name, value, …]`. `:authority` becomes the first `host`, and a Host field that says
 * the same is left out. One that differs stays, so that the request has two and is rejected (RFC 9113 §8.3.1). Cookie fields are
 * joined (§8.2.3).
 */
export function readFields (fields: readonly string[], authority: string | undefined): string[] {
  const list: string[] = authority === undefined ? [] : ['host', authority]
  let cookie = -1
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!
    const value = fields[i + 1]!
    if (name.charCodeAt(0) === 0x3a) continue
    if (name === 'cookie') {
      if (cookie !== -1) {
        list[cookie] += `; ${value}`
        continue
      }
      cookie = list.length + 1
    } else if (name === 'host' && authority !== undefined && value.toLowerCase() === authority.toLowerCase()) {
      continue
    }
    list.push(name, value)
  }
  return list
}

/** The size of header fields as HTTP/2 counts it (RFC 9113 §6.5.2). Characters are bytes, because Node reads fields as latin1. */
export function sizeOf (fields: readonly string[]): number {
  let size = fields.length * 16
  for (const text of fields) size += text.length
  return size
}
