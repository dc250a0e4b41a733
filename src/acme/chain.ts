/** Checks a chain of certificates that a directory has issued, before it is used. */

import { X509Certificate, type KeyObject } from 'node:crypto'
import { AcmeError } from './acme-error.ts'

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g
const mostCertificates = 10
/** How far the clock of the authority may be ahead, in milliseconds. */
const skew = 24 * 3_600_000

/** The certificates of a PEM text, in its order. */
export function certificatesIn (text: string): X509Certificate[] {
  return (text.match(block) ?? []).map(one => new X509Certificate(one))
}

/**
 * Returns the certificates of a PEM text, and nothing else of it, when the first is for all hosts, has the key and is valid now, and each
 * of the others has issued the one before it.
 * @param now milliseconds since 1970
 * @throws AcmeError
 */
export function checkChain (text: string, key: KeyObject, hosts: readonly string[], now: number): string {
  const chain = readChain(text)
  const [leaf] = chain
  if (leaf === undefined || chain.length > mostCertificates) throw new AcmeError(`the directory gives ${chain.length} certificates`)
  if (!leaf.checkPrivateKey(key)) throw new AcmeError('the certificate has another key than the one that was sent')
  const missing = hosts.filter(host => leaf.checkHost(host, { subject: 'never' }) === undefined)
  if (missing.length > 0) throw new AcmeError(`the certificate is not for ${missing.join(', ')}`)
  if (Date.parse(leaf.validTo) <= now || Date.parse(leaf.validFrom) > now + skew) {
    throw new AcmeError(`the certificate is not valid now: it is valid from ${leaf.validFrom} to ${leaf.validTo}`)
  }
  for (const [index, issuer] of chain.slice(1).entries()) {
    const issued = chain[index]!
    if (!issued.checkIssued(issuer) || !issued.verify(issuer.publicKey)) {
      throw new AcmeError(`the chain is broken: certificate ${index + 2} has not issued certificate ${index + 1}`)
    }
  }
  return chain.map(certificate => certificate.toString()).join('')
}

function readChain (text: string): X509Certificate[] {
  try {
    return certificatesIn(text)
  } catch (error) {
    throw new AcmeError('the certificate is not readable', { cause: error })
  }
}
