/** Reads a certificate with its key, and says what is wrong with them. */

import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { hostsOf } from './hosts.ts'
import type { Life } from './life.ts'
import { pemBlocks, type PemText } from './pem.ts'

/** A certificate that fits its key. */
export interface CertificatePair extends Life {
  /** PEM: the certificate and those of its issuers. */
  readonly cert: string
  /** PEM. */
  readonly key: string
  readonly hosts: readonly string[]
}

/** A problem, and which of the two it is about. */
export interface PairProblem {
  readonly of: 'cert' | 'key'
  readonly message: string
  readonly hint?: string
  readonly severity?: 'warning'
}

/**
 * Reads a pair. Without a pair there is at least one problem that is no warning.
 * @param side whose certificate it is: that of a client needs no host name
 */
export function readPair (cert: PemText, key: PemText, side: 'server' | 'client' = 'server'): {
  readonly pair?: CertificatePair,
  readonly problems: readonly PairProblem[]
} {
  const problems: PairProblem[] = []
  const chain = readChain(cert, problems)
  const privateKey = readKey(key, problems)
  if (chain === undefined || privateKey === undefined) return { problems }
  const [leaf] = chain
  if (!leaf.checkPrivateKey(privateKey)) {
    const first = chain.some(one => one.checkPrivateKey(privateKey))
    return { problems: [first
      ? { of: 'cert', message: 'the certificate of the key is not the first one', hint: 'put the certificate first, then its issuer' }
      : { of: 'key', message: 'the key does not belong to the certificate' }] }
  }
  if (chain.some((one, index) => index > 0 && !chain[index - 1]!.checkIssued(one))) {
    const message = `some certificate is not followed by its issuer, so ${side === 'server' ? 'clients' : 'targets'} may not trust it`
    problems.push({ of: 'cert', message, severity: 'warning' })
  }
  const { text } = cert as { readonly text: string }
  const { text: keyText } = key as { readonly text: string }
  try {
    createSecureContext({ cert: text, key: keyText, ca: [] })
  } catch (error) {
    const why = (error as { readonly reason?: string }).reason ?? 'no reason given'
    return { problems: [{ of: 'cert', message: `OpenSSL does not take the certificate: ${why}` }] }
  }
  const hosts = hostsOf(leaf)
  if (hosts.length === 0 && side === 'server') {
    problems.push({ of: 'cert', message: 'the certificate has no host name', severity: 'warning' })
  }
  return {
    pair: {
      cert: text,
      key: keyText,
      hosts,
      from: Date.parse(leaf.validFrom),
      to: Date.parse(leaf.validTo)
    },
    problems
  }
}

function readChain (cert: PemText, problems: PairProblem[]): [X509Certificate, ...X509Certificate[]] | undefined {
  const refuse = (message: string): undefined => { problems.push({ of: 'cert', message }) }
  if (cert.failure !== undefined) return refuse(`${cert.file}: ${cert.failure}`)
  const blocks = pemBlocks(cert.text, 'CERTIFICATE')
  const label = cert.file === undefined ? 'it' : cert.file
  if (blocks.length === 0) return refuse(`${label} has no certificate in PEM form`)
  try {
    return blocks.map(block => new X509Certificate(block)) as [X509Certificate, ...X509Certificate[]]
  } catch {
    return refuse(`${label} has a certificate that cannot be read`)
  }
}

function readKey (key: PemText, problems: PairProblem[]): KeyObject | undefined {
  const refuse = (message: string, hint?: string): undefined => {
    problems.push({ of: 'key', message, ...hint === undefined ? {} : { hint } })
  }
  if (key.failure !== undefined) return refuse(`${key.file}: ${key.failure}`)
  const label = key.file === undefined ? 'it' : key.file
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key.text)) return refuse(`${label} has no private key in PEM form`)
  if (/ENCRYPTED/.test(key.text)) return refuse(`${label} is encrypted`, '`openssl pkey` removes the passphrase')
  try {
    return createPrivateKey(key.text)
  } catch {
    // The error of OpenSSL may show part of the key.
    return refuse(`${label} has a private key that cannot be read`)
  }
}
