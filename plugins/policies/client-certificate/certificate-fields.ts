/** The fields `Client-Cert` and `Client-Cert-Chain` (RFC 9440), in both directions. */

import { X509Certificate } from 'node:crypto'

/** The names under which certificates are sent to upstreams. */
export const certificateFieldNames: readonly string[] = ['client-cert', 'client-cert-chain']

/** The most characters of both fields together, so that a client cannot make requests that the upstream rejects. */
const longest = 16 * 1024

/** The most certificates of a chain. */
const mostIssuers = 8

/**
 * Makes the fields for a certificate, `[name, value, …]`; undefined where they would be too long. The chain is what the TLS connection
 * knows: `issuerCertificate` of Node.
 */
export function certificateFields (certificate: X509Certificate): readonly string[] | undefined {
  const leaf = byteSequence(certificate.raw)
  const chain = issuersOf(certificate).map(({ raw }) => byteSequence(raw)).join(', ')
  if (leaf.length + chain.length > longest) return undefined
  return chain === '' ? ['client-cert', leaf] : ['client-cert', leaf, 'client-cert-chain', chain]
}

function issuersOf (certificate: X509Certificate): X509Certificate[] {
  const issuers: X509Certificate[] = []
  let issuer = certificate.issuerCertificate
  while (issuer !== undefined && issuers.length < mostIssuers) {
    issuers.push(issuer)
    // The root is its own issuer.
    issuer = issuer.issuerCertificate === issuer ? undefined : issuer.issuerCertificate
  }
  return issuers
}

/** A byte sequence of structured fields (RFC 8941 §3.3.5). */
function byteSequence (bytes: Buffer): string {
  return `:${bytes.toString('base64')}:`
}

/** Reads the value of `Client-Cert`; undefined where it is not exactly one certificate in DER. */
export function readCertificateField (value: string): X509Certificate | undefined {
  const base64 = value.length <= longest ? /^:([A-Za-z0-9+/]+={0,2}):$/.exec(value)?.[1] : undefined
  if (base64 === undefined) return undefined
  const bytes = Buffer.from(base64, 'base64')
  // A PEM text would be read too.
  if (bytes[0] !== 0x30) return undefined
  try {
    const certificate = new X509Certificate(bytes)
    return certificate.raw.equals(bytes) ? certificate : undefined
  } catch {
    return undefined
  }
}
