/** What a listener asks of the certificates of its clients. */

import type { TLSSocket } from 'node:tls'
import type { Connection } from '../connection.ts'
import type { ClientAuthMode } from './certificate-book.ts'

/** Notes what the client has sent. The first request is rejected where a certificate is required that is missing or not trusted. */
export function requireCertificate (connection: Connection, socket: TLSSocket, mode: Exclude<ClientAuthMode, 'none'>): void {
  // `authorized` alone is not enough: it is true for some resumed sessions without a certificate.
  connection.certified = socket.getPeerX509Certificate() !== undefined
  if (mode === 'optional' || (connection.certified && socket.authorized)) return
  connection.refusal ??= connection.certified ? 'client-certificate-refused' : 'client-certificate-required'
}
