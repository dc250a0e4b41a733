/** Reads the Host header field and the authority of an absolute-form target (RFC 9110 §7.2, RFC 3986 §3.2). */
import { isIPv6 } from 'node:net'

/** Longest host name in text form (RFC 1035 §2.3.4), plus the dot that may end it. */
const MAX_HOST = 254

/** Classes of characters in a host name. */
const BAD = 0
const PLAIN = 1
const UPPER = 2

const classes = classify()

/**
 * The host of a Host header or authority, in its one spelling: lower case, without port, without the dot that may end a name; an IPv6
 * literal keeps its brackets and is canonical (`[::1]`). `undefined` when it is absent or not `host[:port]`: user information, a path, a
 * list, white space, a percent sign, an empty label, a port beyond 65535.
 */
export function readHost (value: string | undefined): string | undefined {
  if (value === undefined || value.length === 0) return undefined
  if (value.charCodeAt(0) === 0x5b) return readLiteral(value)

  let end = value.length
  let upper = false
  let label = 0
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if (code === 0x3a) {
      end = i
      break
    }
    if (code === 0x2e) {
      if (label === 0) return undefined
      label = 0
      continue
    }
    const kind = code < 128 ? classes[code] : BAD
    if (kind === BAD) return undefined
    if (kind === UPPER) upper = true
    label++
  }
  if (end === 0 || end > MAX_HOST || !isPortSuffix(value, end)) return undefined

  // `admin.example.` and `admin.example` are one name. As two names they would bypass a route with a host condition.
  const nameEnd = label === 0 ? end - 1 : end
  const host = nameEnd === value.length ? value : value.slice(0, nameEnd)
  return upper ? host.toLowerCase() : host
}

function readLiteral (value: string): string | undefined {
  const close = value.indexOf(']')
  if (close === -1 || !isPortSuffix(value, close + 1)) return undefined
  const address = value.slice(1, close)
  // `isIPv6` takes a zone; a zone means something on one machine only (RFC 6874 §1), never to a gateway.
  if (address.includes('%') || !isIPv6(address)) return undefined
  return new URL(`http://[${address}]`).hostname
}

/** Nothing, or a colon and a port. An empty port is legal (RFC 3986 §3.2.3). */
function isPortSuffix (value: string, from: number): boolean {
  if (from === value.length) return true
  if (value.charCodeAt(from) !== 0x3a || value.length - from > 6) return false
  let port = 0
  for (let i = from + 1; i < value.length; i++) {
    const digit = value.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9) return false
    port = port * 10 + digit
  }
  return port <= 65535
}

/** Letters, digits, `-` and `_`: what names in use are made of. The rest of RFC 3986's `reg-name` never names a service. */
function classify (): Uint8Array {
  const table = new Uint8Array(128)
  for (const c of 'abcdefghijklmnopqrstuvwxyz0123456789-_') table[c.charCodeAt(0)] = PLAIN
  for (const c of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') table[c.charCodeAt(0)] = UPPER
  return table
}
