/** What a certificate says about its owner. */

import type { X509Certificate } from 'node:crypto'
import { type Claims, freezeClaims } from '../../../src/index.ts'
import { type AlternativeNames, readAlternativeNames } from '../../../src/http/index.ts'

/** Attributes of a distinguished name, such as CN and O, each with all its values. */
export type Attributes = Readonly<Record<string, readonly string[]>>

export interface CertificateSubject {
  readonly subject: Attributes
  readonly issuer: Attributes
  readonly san: AlternativeNames
  /** SHA-256 of the certificate, 64 hex digits in lower case. */
  readonly fingerprint: string
  /** Milliseconds since 1970. */
  readonly notBefore: number
  readonly notAfter: number
  readonly claims: Claims
}

/** What has been read, for all policies: all requests of a connection have the same object. */
const known = new WeakMap<X509Certificate, CertificateSubject>()

/** Reads a certificate, which costs a tenth of a millisecond, once. */
export function readSubject (certificate: X509Certificate): CertificateSubject {
  let subject = known.get(certificate)
  if (subject === undefined) known.set(certificate, subject = read(certificate))
  return subject
}

function read (certificate: X509Certificate): CertificateSubject {
  // The text forms of the names escape characters, and several values of one attribute; the legacy object has the values themselves.
  const legacy = certificate.toLegacyObject() as { readonly subject?: object, readonly issuer?: object }
  const subject = attributesOf(legacy.subject)
  const issuer = attributesOf(legacy.issuer)
  const san = readAlternativeNames(certificate.subjectAltName)
  const fingerprint = certificate.fingerprint256.replaceAll(':', '').toLowerCase()
  const notAfter = certificate.validToDate.getTime()
  return {
    subject,
    issuer,
    san,
    fingerprint,
    notBefore: certificate.validFromDate.getTime(),
    notAfter,
    claims: freezeClaims({
      sub: subject['CN']?.[0] ?? san.uri[0] ?? san.dns[0] ?? san.email[0] ?? san.ip[0] ?? fingerprint,
      subject: claimsOf(subject),
      issuer: claimsOf(issuer),
      san: { ...san },
      fingerprint,
      serial: certificate.serialNumber.toLowerCase(),
      notAfter: Math.floor(notAfter / 1000)
    })
  }
}

function attributesOf (name: object | undefined): Attributes {
  const attributes = Object.create(null) as Record<string, readonly string[]>
  for (const [key, value] of Object.entries(name ?? {})) attributes[key] = [value].flat() as string[]
  return attributes
}

/** A text where an attribute has one value, and a list where it has several. */
function claimsOf (attributes: Attributes): Claims {
  return Object.fromEntries(Object.entries(attributes).map(([key, values]) => [key, values.length === 1 ? values[0] : [...values]]))
}
