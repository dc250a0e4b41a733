/** Why a TLS handshake failed, as a word of a closed set. */

/** The reasons, in the order of the table in docs/reference/tls.md. */
export const handshakeFailures = [
  'timeout', 'closed', 'too-many', 'plain-http', 'protocol-version', 'no-certificate', 'no-common-cipher', 'no-common-protocol',
  'refused-by-client', 'malformed', 'other'
] as const

export type HandshakeFailure = typeof handshakeFailures[number]

/** Codes of Node and OpenSSL. */
const byCode: Readonly<Record<string, HandshakeFailure>> = {
  ERR_TLS_HANDSHAKE_TIMEOUT: 'timeout',
  ONEDOOR_NO_CERTIFICATE: 'no-certificate',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  ERR_SSL_UNEXPECTED_EOF_WHILE_READING: 'closed',
  ERR_SSL_HTTP_REQUEST: 'plain-http',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'protocol-version',
  ERR_SSL_VERSION_TOO_LOW: 'protocol-version',
  ERR_SSL_INAPPROPRIATE_FALLBACK: 'protocol-version',
  ERR_SSL_NO_SHARED_CIPHER: 'no-common-cipher',
  ERR_SSL_NO_SUITABLE_KEY_SHARE: 'no-common-cipher',
  ERR_SSL_NO_SUITABLE_GROUPS: 'no-common-cipher',
  ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM: 'no-common-cipher',
  ERR_SSL_NO_SHARED_SIGNATURE_ALGORITHMS: 'no-common-cipher',
  ERR_SSL_NO_APPLICATION_PROTOCOL: 'no-common-protocol'
}

/** Alerts of clients that do not trust the certificate. */
const distrust = /ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_(?:UNKNOWN|EXPIRED|REVOKED)|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)$/

/** Parse errors of records and messages. */
const malformed = /WRONG_VERSION_NUMBER|BAD_|LENGTH|DECODE|UNEXPECTED|INVALID|RECORD|PACKET|DECRYPT|SSL_HANDSHAKE_FAILURE/

/** The reason for an error of Node's TLS server. */
export function handshakeFailure ({ code = '' }: { readonly code?: string | undefined }): HandshakeFailure {
  const known = byCode[code]
  if (known !== undefined) return known
  if (distrust.test(code)) return 'refused-by-client'
  return malformed.test(code) ? 'malformed' : 'other'
}
