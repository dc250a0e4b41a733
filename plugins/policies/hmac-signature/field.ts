/** Reads the header fields with the signature and the timestamp. */

/** The value of a header field; undefined when it is absent or repeated, because two readers could see different values. */
export function onlyField (rawHeaders: readonly string[], lower: string): string | undefined {
  let value: string | undefined
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]!.length !== lower.length || rawHeaders[i]!.toLowerCase() !== lower) continue
    if (value !== undefined) return undefined
    value = rawHeaders[i + 1]!
  }
  return value
}

/** The values of a parameter in a list such as `t=1,v1=a,v1=b`. */
export function parameters (field: string, name: string): string[] {
  const lead = `${name}=`
  return field.split(',').map(part => part.trim()).filter(part => part.startsWith(lead)).map(part => part.slice(lead.length))
}
