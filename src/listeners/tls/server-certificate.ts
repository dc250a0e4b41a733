/** Makes certificates ready for handshakes. */

import { hash, X509Certificate } from 'node:crypto'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import type { ClientAuthMode, ServerCertificate } from './certificate-book.ts'

/**
 * Makes a certificate ready.
 * @param options cert and key as PEM, and all else that its handshakes need
 * @throws where the certificate cannot be read, or the key is not its own
 */
export function serverCertificate (
  options: SecureContextOptions & { readonly cert: string },
  clientAuth: ClientAuthMode = 'none'
): ServerCertificate {
  return {
    hosts: hostsOf(new X509Certificate(options.cert)),
    options,
    context: createSecureContext(options),
    clientAuth,
    clientRules: clientAuth === 'none' ? '' : hash('sha256', JSON.stringify([clientAuth, options.ca, options.crl]), 'base64')
  }
}

/** The host names of a certificate, in lower case; without DNS names in it, its common name. */
export function hostsOf (certificate: X509Certificate): string[] {
  const names = [...(certificate.subjectAltName ?? '').matchAll(/(?:^|, )DNS:([^,"]+)(?=,|$)/g)].map(([, name]) => name!)
  if (names.length > 0) return names.map(name => name.toLowerCase())
  const common = /^CN=(.+)$/m.exec(certificate.subject)?.[1]
  return common === undefined ? [] : [common.toLowerCase()]
}
