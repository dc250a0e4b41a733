/** Makes the certificate book of a listener from what was read. */

import { constants } from 'node:crypto'
import type { SecureContextOptions } from 'node:tls'
import type { ClientAuthorities } from '../../config/certificates/client-authorities.ts'
import type { CertificatePair } from '../../config/certificates/pair.ts'
import { CertificateBook, type ServerCertificate } from './certificate-book.ts'
import { serverCertificate } from './server-certificate.ts'

/** A certificate, and what its clients are asked for. */
export interface BookEntry {
  /** Where it comes from: the same for all its versions. */
  readonly source: string
  readonly pair: CertificatePair
  readonly clientAuth: ClientAuthorities | undefined
}

/** What all handshakes of a listener have in common. */
export interface BookOptions {
  /** Versions, ciphers and groups. */
  readonly handshake: SecureContextOptions
  /** 48 secret bytes that tickets are sealed with. */
  readonly ticketKeys: Buffer
  /** Sessions are resumed in the same context only. */
  readonly sessionIdContext: string
}

/**
 * Makes a book with the certificates in this order.
 * @throws when OpenSSL refuses one of them
 */
export function buildBook (entries: readonly BookEntry[], options: BookOptions): CertificateBook {
  return new CertificateBook(entries.map(entry => certificateOf(entry, options)))
}

function certificateOf ({ pair, clientAuth }: BookEntry, { handshake, ticketKeys, sessionIdContext }: BookOptions): ServerCertificate {
  return serverCertificate({
    ...handshake,
    cert: pair.cert,
    key: pair.key,
    // Without it the public authorities would be loaded for every certificate.
    ca: clientAuth === undefined ? [] : clientAuth.ca,
    ...clientAuth?.crl === undefined ? {} : { crl: clientAuth.crl },
    ticketKeys,
    sessionIdContext,
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION
  }, clientAuth?.mode ?? 'none', clientAuth?.rules ?? '')
}
