/** The host names of a certificate. */

import type { X509Certificate } from 'node:crypto'

/** In lower case; without DNS names among the alternative names, the common name. */
export function hostsOf (certificate: X509Certificate): string[] {
  // Names with special characters are in quotes, and are no host names.
  const names = [...(certificate.subjectAltName ?? '').matchAll(/(?:^|, )DNS:([^,"]+)(?=,|$)/g)].map(([, name]) => name!)
  if (names.length > 0) return names.map(name => name.toLowerCase())
  const common = /^CN=([^\s]+)$/m.exec(certificate.subject)?.[1]
  return common === undefined ? [] : [common.toLowerCase()]
}
