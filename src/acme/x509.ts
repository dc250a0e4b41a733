/** What certificates and the requests for them consist of, in DER (RFC 5280). */

import { createPublicKey, sign, type KeyObject } from 'node:crypto'
import { bitString, element, octetString, oid, sequence } from './der.ts'

/** Object identifiers. */
export const oids = {
  authorityKeyIdentifier: '2.5.29.35',
  subjectAltName: '2.5.29.17',
  extensionRequest: '1.2.840.113549.1.9.14',
  acmeIdentifier: '1.3.6.1.5.5.7.1.31',
  ecdsaWithSha256: '1.2.840.10045.4.3.2'
} as const

/** The name of a certificate without one: its hosts are in an extension. */
export const noName = sequence()

export const signatureAlgorithm = sequence(oid(oids.ecdsaWithSha256))

const critical = element(0x01, Buffer.of(0xff))

/** An extension. `value` is DER. */
export function extension (id: string, value: Buffer, isCritical = false): Buffer {
  return sequence(oid(id), ...isCritical ? [critical] : [], octetString(value))
}

/** The extension that lists the host names. It is critical where the certificate has no other name (RFC 5280 §4.2.1.6). */
export function hostNames (hosts: readonly string[]): Buffer {
  return extension(oids.subjectAltName, sequence(...hosts.map(host => element(0x82, Buffer.from(host, 'ascii')))), true)
}

/** The public half of a key, as certificates have it. */
export function publicKeyInfo (key: KeyObject): Buffer {
  return publicOf(key).export({ type: 'spki', format: 'der' })
}

/** Adds a signature with a P-256 key. */
export function signed (content: Buffer, key: KeyObject): Buffer {
  return sequence(content, signatureAlgorithm, bitString(sign('sha256', content, key)))
}

/** DER as PEM text. */
export function pem (label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

function publicOf (key: KeyObject): KeyObject {
  return key.type === 'private' ? createPublicKey(key) : key
}
