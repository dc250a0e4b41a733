/** Reads parameters in the header field with the signature. */

/** The values of a parameter in a list such as `t=1,v1=a,v1=b`. */
export function parameters (field: string, name: string): string[] {
  const lead = `${name}=`
  return field.split(',').map(part => part.trim()).filter(part => part.startsWith(lead)).map(part => part.slice(lead.length))
}
