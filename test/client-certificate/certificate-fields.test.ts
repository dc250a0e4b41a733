/** `Client-Cert` and `Client-Cert-Chain` (RFC 9440). */

import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { certificateFields, readCertificateField } from '../../plugins/policies/client-certificate/certificate-fields.ts'
import { issueCertificate } from '../helpers/certificates.ts'

const { cert } = issueCertificate({ subject: 'a' })
const certificate = new X509Certificate(cert)
const base64 = certificate.raw.toString('base64')

/** A certificate with this issuer, as the TLS connection of a client has it. */
function issuedBy (leaf: X509Certificate, issuer: X509Certificate | undefined): X509Certificate {
  return Object.defineProperty(new X509Certificate(leaf.raw), 'issuerCertificate', { value: issuer })
}

test('a certificate becomes one byte sequence, and is read back', () => {
  assert.deepEqual(certificateFields(certificate), ['client-cert', `:${base64}:`])
  assert.equal(readCertificateField(`:${base64}:`)!.fingerprint256, certificate.fingerprint256)
})

test('the chain is a list without the certificate itself, up to the root', () => {
  const root = new X509Certificate(issueCertificate({ subject: 'root', ca: true }).cert)
  Object.defineProperty(root, 'issuerCertificate', { value: root })
  const middle = issuedBy(certificate, root)
  assert.deepEqual(certificateFields(issuedBy(certificate, middle)), [
    'client-cert', `:${base64}:`, 'client-cert-chain', `:${base64}:, :${root.raw.toString('base64')}:`
  ])
})

test('certificates that are too long for header fields become none', () => {
  const san = Array.from({ length: 900 }, (_, at) => `dns:a${at}.example`)
  const long = new X509Certificate(issueCertificate({ subject: 'a', san }).cert)
  assert.equal(certificateFields(long), undefined)
  assert.equal(readCertificateField(`:${long.raw.toString('base64')}:`), undefined)
})

test('only one certificate in DER is one', () => {
  const twice = Buffer.concat([certificate.raw, certificate.raw]).toString('base64')
  for (const value of [
    '', ':', '::', base64, `:${base64}`, `:${base64}:;a=1`, `:${base64}:, :${base64}:`, `" ${base64}"`, ` :${base64}:`,
    `:${Buffer.from(cert).toString('base64')}:`, `:${twice}:`, `:${base64.slice(0, -8)}:`, ':MAA=:', ':AAAA:', encodeURIComponent(cert)
  ]) assert.equal(readCertificateField(value), undefined, value.slice(0, 40))
})
