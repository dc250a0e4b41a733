/** The subject alternative names of a certificate (RFC 5280 §4.2.1.6), by kind. */

import { isIP } from 'node:net'

export interface AlternativeNames {
  /** In lower case. */
  readonly dns: readonly string[]
  readonly uri: readonly string[]
  /** With the domain in lower case. */
  readonly email: readonly string[]
  readonly ip: readonly string[]
}

/** One entry of Node's text: a kind, a colon, and the value as it is or as a JSON string. */
const entry = /([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^",]*)(?:, |$)/y

const printable = /^[\x21-\x7e]+$/
const hostName = /^[A-Za-z0-9_*-]+(?:\.[A-Za-z0-9_*-]+)*$/

/**
 * Reads `X509Certificate.subjectAltName`. A value in which a comma could look like the next entry is a JSON string there (CVE-2021-44532).
 * Names of other kinds are left out, as are those with characters that such a name cannot have: a NUL or a space could make two programs
 * see different names.
 */
export function readAlternativeNames (text: string | undefined): AlternativeNames {
  const names = { dns: [] as string[], uri: [] as string[], email: [] as string[], ip: [] as string[] }
  if (text === undefined) return names
  entry.lastIndex = 0
  while (entry.lastIndex < text.length) {
    const match = entry.exec(text)
    // Not the documented form. Nothing that follows can be told apart.
    if (match === null) break
    const [, kind, written] = match
    const value = valueOf(written!)
    if (kind === 'DNS') {
      if (hostName.test(value)) names.dns.push(value.toLowerCase())
    } else if (kind === 'URI') {
      if (printable.test(value)) names.uri.push(value)
    } else if (kind === 'email') {
      if (printable.test(value)) names.email.push(plainEmail(value))
    } else if (kind === 'IP Address' && isIP(value) !== 0) {
      names.ip.push(plainIp(value))
    }
  }
  return names
}

function valueOf (written: string): string {
  if (!written.startsWith('"')) return written
  try {
    return JSON.parse(written) as string
  } catch {
    return ''
  }
}

function plainEmail (value: string): string {
  const at = value.lastIndexOf('@') + 1
  return value.slice(0, at) + value.slice(at).toLowerCase()
}

/** Node writes all groups of an IPv6 address. */
function plainIp (value: string): string {
  return isIP(value) === 6 ? new URL(`http://[${value}]`).hostname.slice(1, -1) : value
}
