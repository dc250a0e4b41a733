/** Makes a certificate ready for handshakes. */

import { hash, X509Certificate } from 'node:crypto'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { hostsOf } from '../../config/certificates/hosts.ts'
import type { ClientAuthMode, ServerCertificate } from './certificate-book.ts'

/**
 * Makes a certificate ready.
 * @param options cert and key as PEM, and all else that its handshakes need
 * @param clientRules the same text for what is asked of clients in the same way; by default it follows from the options
 * @throws where OpenSSL refuses them
 */
export function serverCertificate (
  options: SecureContextOptions & { readonly cert: string },
  clientAuth: ClientAuthMode = 'none',
  clientRules = clientAuth === 'none' ? '' : hash('sha256', JSON.stringify([clientAuth, options.ca, options.crl]), 'base64')
): ServerCertificate {
  const hosts = hostsOf(new X509Certificate(options.cert))
  return { hosts, options, context: createSecureContext(options), clientAuth, clientRules }
}
