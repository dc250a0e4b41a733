/** TLS-ALPN-01: the directory reads a certificate from a handshake with a protocol of its own, on port 443 (RFC 8737). */

import { generateKeyPairSync } from 'node:crypto'
import { authorizationDigest, type Challenge } from './challenge.ts'
import { octetString } from './der.ts'
import { selfSigned } from './self-signed.ts'
import { extension, oids } from './x509.ts'

/** The certificate that responds to a challenge and its key, each as PEM text. `now` is milliseconds since 1970. */
export function challengeCertificate (
  { host, keyAuthorization }: Pick<Challenge, 'host' | 'keyAuthorization'>,
  now: number
): { readonly cert: string, readonly key: string } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const digest = extension(oids.acmeIdentifier, octetString(authorizationDigest(keyAuthorization)), true)
  return {
    cert: selfSigned(host, privateKey, now, digest),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  }
}
