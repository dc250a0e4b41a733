/** Reads the authorities whose client certificates are trusted, and what they have revoked. */

import { X509Certificate } from 'node:crypto'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import type { Report } from '../../contract/plugin.ts'
import { child } from '../pointer.ts'
import type { Print } from '../read/text-file.ts'
import type { ClientAuthConfig } from '../schema/listener-tls-schema.ts'
import { lifeProblem } from './life.ts'
import { pemBlocks, readPem } from './pem.ts'

/** Whose client certificates are trusted, as PEM. */
export interface ClientAuthorities {
  readonly ca: string
  readonly crl: string | undefined
  readonly mode: ClientAuthConfig['mode']
  /** The same text for the same keys in the configuration, whatever is in the files. */
  readonly rules: string
}

/** Reads `clientAuth`; undefined where a problem is reported that is no warning. */
export function readAuthorities (
  { ca, crl, mode }: ClientAuthConfig,
  { folder, files, pointer, report, now }: {
    readonly folder: string, readonly files: Map<string, Print>, readonly pointer: string, readonly report: Report, readonly now: number
  }
): ClientAuthorities | undefined {
  const read = (key: 'ca' | 'crl', value: string, label: string, noun: string): string | undefined => {
    const text = readPem(value, folder, files)
    const message = text.failure !== undefined ? `${text.file}: ${text.failure}`
      : pemBlocks(text.text, label).length === 0 ? `${text.file ?? 'it'} has no ${noun} in PEM form` : undefined
    if (message !== undefined) report({ pointer: child(pointer, key), message })
    return text.failure === undefined && message === undefined ? text.text : undefined
  }
  const authorities = read('ca', ca, 'CERTIFICATE', 'certificate')
  const revoked = crl === undefined ? undefined : read('crl', crl, 'X509 CRL', 'revocation list')
  if (authorities === undefined || (crl !== undefined && revoked === undefined)) return undefined
  const unreadable = (key: 'ca' | 'crl', options: SecureContextOptions): boolean => {
    try {
      createSecureContext(options)
      return false
    } catch {
      report({ pointer: child(pointer, key), message: 'it cannot be read' })
      return true
    }
  }
  if (unreadable('ca', { ca: authorities })) return undefined
  if (revoked !== undefined && unreadable('crl', { crl: revoked, ca: [] })) return undefined
  for (const block of pemBlocks(authorities, 'CERTIFICATE')) {
    const certificate = certificateOf(block)
    if (certificate === undefined) {
      report({ pointer: child(pointer, 'ca'), message: 'it has a certificate that cannot be read' })
      return undefined
    }
    const life = { from: Date.parse(certificate.validFrom), to: Date.parse(certificate.validTo) }
    const problem = lifeProblem(life, now)
    if (problem !== undefined) {
      const message = `${certificate.subject.replaceAll('\n', ', ')} ${problem}`
      report({ pointer: child(pointer, 'ca'), message, severity: 'warning' })
    }
  }
  return { ca: authorities, crl: revoked, mode, rules: JSON.stringify([ca, crl, mode]) }
}

function certificateOf (block: string): X509Certificate | undefined {
  try {
    return new X509Certificate(block)
  } catch {
    return undefined
  }
}
