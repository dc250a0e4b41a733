/** Hop-by-hop header fields, which are never forwarded (RFC 9110 §7.6.1). */

/** Never forwarded, in either direction; lower case. */
export const hopByHopHeaders: ReadonlySet<string> = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization', 'proxy-authentication-info',
  'te', 'trailer', 'transfer-encoding', 'upgrade', 'http2-settings'
])

/** A peer must not remove these by naming them in Connection: framing and routing depend on them. */
const unremovable: ReadonlySet<string> = new Set(['content-length', 'host'])

/** Connection options that name no field. */
const options: ReadonlySet<string> = new Set(['close', 'keep-alive', 'upgrade'])

const none: ReadonlySet<string> = new Set()

/**
 * Lower-case names of the fields that a Connection header nominates for removal, beyond {@link hopByHopHeaders}. Content-Length and Host
 * are never among them. A peer can nominate what it sent itself, never what the gateway sets afterwards (CVE-2024-45410).
 */
export function connectionTokens (value: string | undefined): ReadonlySet<string> {
  if (value === undefined || value === 'keep-alive' || value === 'close') return none
  let tokens: Set<string> | undefined
  for (const part of value.split(',')) {
    const token = part.trim().toLowerCase()
    if (token === '' || options.has(token) || hopByHopHeaders.has(token) || unremovable.has(token)) continue
    tokens ??= new Set()
    tokens.add(token)
  }
  return tokens ?? none
}

/** Whether a comma-separated list has a member, whatever its case and parameters. */
export function listHas (value: string | readonly string[] | undefined, member: string): boolean {
  if (value === undefined) return false
  return (typeof value === 'string' ? value : value.join(',')).split(',').some(part => part.split(
    ';',
    1
  )[0]!.trim().toLowerCase() === member)
}
