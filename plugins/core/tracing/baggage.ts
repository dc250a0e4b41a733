/** W3C Baggage: key=value pairs that a trace carries along; passed on within the limits of its §3.3.2. */

const mostMembers = 64
const mostBytes = 8192
const token = /[!#$%&'*+.^_`|~\w-]+/.source
const octets = /[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*/.source
/** A token, `=`, baggage-octets, and properties (§3.3.1). */
const member = new RegExp(`^${token}[ \\t]*=[ \\t]*${octets}(?:[ \\t]*;[ \\t]*${token}[ \\t]*(?:=[ \\t]*${octets})?)*$`)

/** The field to send on: whole members in order, those that are malformed or beyond the limits left out; undefined when none is left. */
export function readBaggage (value: string | string[] | undefined): string | undefined {
  if (value === undefined) return undefined
  const members: string[] = []
  let bytes = 0
  // A member beyond the limit cannot be kept, and a pattern should not run over it.
  for (const part of String(value).split(',', 4 * mostMembers)) {
    const text = part.trim()
    if (text.length > mostBytes || bytes + text.length + 1 > mostBytes || !member.test(text)) continue
    members.push(text)
    bytes += text.length + 1
    if (members.length === mostMembers) break
  }
  return members.length === 0 ? undefined : members.join(',')
}
