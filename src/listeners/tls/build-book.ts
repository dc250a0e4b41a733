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

/** Certificates that are ready, made with the same options. Making one takes longer than all else. */
export type ReadyCertificates = Map<string, ServerCertificate>

/**
 * Makes a book with the certificates in this order.
 * @param ready those of the last book with the same options; afterwards those of this one
 * @throws when OpenSSL refuses one of them
 */
export function buildBook (entries: readonly BookEntry[], options: BookOptions, ready: ReadyCertificates = new Map()): CertificateBook {
  const used: ReadyCertificates = new Map()
  for (const entry of entries) {
    const { pair, clientAuth } = entry
    const id = `${pair.cert} ${clientAuth?.mode} ${clientAuth?.rules}`
    used.set(id, used.get(id) ?? ready.get(id) ?? certificateOf(entry, options))
  }
  ready.clear()
  for (const [id, certificate] of used) ready.set(id, certificate)
  return new CertificateBook([...used.values()])
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
