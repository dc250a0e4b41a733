/** The connection of a request without a network, for which a certificate of its client is given. */

import { X509Certificate } from 'node:crypto'
import type { ClientConnection } from '../contract/client-connection.ts'
import { GatewayError } from '../contract/errors.ts'

/** Reads a certificate in PEM form. @throws GatewayError `bad-request` */
export function readCertificate (pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (cause) {
    throw new GatewayError('bad-request', { cause, detail: 'the certificate of the client is not in PEM form' })
  }
}

/** The same connection as one of TLS, for a host, whose client has this certificate. The certificate counts as trusted. */
export function connectionWith (connection: ClientConnection, certificate: X509Certificate, host: string | undefined): ClientConnection {
  return { ...connection, tls: { protocol: 'TLSv1.3', serverName: host, certificate, certificateProblem: undefined, admits: () => true } }
}
