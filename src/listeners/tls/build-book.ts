/** Makes the certificate book of a listener from what was read. */

import { constants } from 'node:crypto'
import type { SecureContextOptions } from 'node:tls'
import type { ClientAuthorities } from '../../config/certificates/client-authorities.ts'
import type { CertificatePair } from '../../config/certificates/pair.ts'
import { CertificateBook, type ServerCertificate } from './certificate-book.ts'
import { serverCertificate } from './server-certificate.ts'

/** A certificate, and what its clients are asked for. */
export interface BookEntry {
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
 * Makes a book with the certificates in this order. Those for the same hosts and with keys of different algorithms are one: a client gets
 * the one that it supports.
 * @throws when OpenSSL refuses one of them, such as for a key that is too short
 */
export function buildBook (entries: readonly BookEntry[], options: BookOptions): CertificateBook {
  return new CertificateBook(grouped(entries).map(group => certificateOf(group, options)))
}

type Group = [BookEntry, ...BookEntry[]]

function grouped (entries: readonly BookEntry[]): Group[] {
  const groups = new Map<string, Group>()
  for (const entry of entries) {
    const { hosts, algorithm } = entry.pair
    const key = JSON.stringify([hosts.toSorted(), entry.clientAuth?.rules])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [entry])
    else if (group.every(({ pair }) => pair.algorithm !== algorithm)) group.push(entry)
  }
  return [...groups.values()]
}

function certificateOf (group: Group, { handshake, ticketKeys, sessionIdContext }: BookOptions): ServerCertificate {
  const [{ clientAuth }] = group
  return serverCertificate({
    ...handshake,
    cert: group.map(({ pair }) => pair.cert),
    key: group.map(({ pair }) => pair.key),
    // Without it the public authorities would be loaded for every certificate.
    ca: clientAuth === undefined ? [] : clientAuth.ca,
    ...clientAuth?.crl === undefined ? {} : { crl: clientAuth.crl },
    ticketKeys,
    sessionIdContext,
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION
  }, clientAuth?.mode ?? 'none', clientAuth?.rules ?? '')
}
