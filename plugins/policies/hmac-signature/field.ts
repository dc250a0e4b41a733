/** The fields that carry signature and timestamp. */

/** The value of a header; undefined when it is not there, and when it is there twice, because two readers could see different ones. */
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
