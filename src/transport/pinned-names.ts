/** Verifies the certificate of a target by the names that the configuration gives, in place of the host of its URL. */

import { isIP } from 'node:net'
import type { PeerCertificate } from 'node:tls'
import { readAlternativeNames, type AlternativeNames } from '../http/alternative-names.ts'

/** As the option `checkServerIdentity` of TLS: returns an error where the certificate is not that of the target. */
export type CheckIdentity = (host: string, certificate: PeerCertificate) => Error | undefined

/**
 * Accepts certificates with one of these subject alternative names. A name is a URI, an email address, an IP address or a host name, by its
 * form, and is compared as it is written in the certificate: `*.shop.internal` is a name like any other.
 */
export function pinnedTo (names: readonly string[]): CheckIdentity {
  const wanted = names.map(name => [kindOf(name), name] as const)
  return (_host, { subjectaltname }) => {
    const has = readAlternativeNames(subjectaltname)
    if (wanted.some(([kind, name]) => has[kind].includes(kind === 'uri' || kind === 'email' ? name : name.toLowerCase()))) return undefined
    return new UnexpectedName(subjectaltname)
  }
}

function kindOf (name: string): keyof AlternativeNames {
  if (name.includes('://') || name.startsWith('urn:')) return 'uri'
  if (name.includes('@')) return 'email'
  return isIP(name) === 0 ? 'dns' : 'ip'
}

/** The certificate of a target has none of the names that were expected. */
class UnexpectedName extends Error {
  override readonly name = 'UnexpectedName'
  readonly code = 'ERR_TLS_CERT_ALTNAME_INVALID'

  constructor (names: string | undefined) {
    super(`the certificate has none of the names in tls.subjectAltNames; it has ${names ?? 'none'}`)
  }
}
