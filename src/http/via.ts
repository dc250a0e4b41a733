/** The Via header field (RFC 9110 §7.6.3). */

/**
 * How often a pseudonym is the `received-by` of a Via member: how often the message has already passed through this gateway.
 * Comments get no special treatment: one that a client leaves open must not hide the members that follow it.
 */
export function hasVia (header: string | readonly string[] | undefined, pseudonym: string): number {
  if (header === undefined) return 0
  const text = typeof header === 'string' ? header : header.join(',')
  const wanted = pseudonym.toLowerCase()
  const lower = text.toLowerCase()
  if (!lower.includes(wanted)) return 0
  return lower.split(',').filter(member => member.trim().split(/[ \t]+/, 2)[1] === wanted).length
}

/** The received protocol as Via spells it: `1.0`, `1.1`, but `2` and `3` for the versions without a minor number. */
export function viaProtocol (httpVersion: string): string {
  return httpVersion.endsWith('.0') && httpVersion !== '1.0' ? httpVersion.slice(0, -2) : httpVersion
}
