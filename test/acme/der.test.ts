/** DER, and what is made of it, as OpenSSL reads it. */

import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import { challengeCertificate } from '../../src/acme/challenge-tls-alpn.ts'
import { tokenOf } from '../../src/acme/challenge-http.ts'
import { signingRequest } from '../../src/acme/csr.ts'
import { element, integer, oid, readElement, readElements, sequence, time } from '../../src/acme/der.ts'
import { bindAccount, publicJwk, signJws, thumbprint } from '../../src/acme/jws.ts'
import { newKey } from './session.ts'

test('what is written is read again, whatever its length', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 70_000, size: 'max' }), fc.integer({ min: 1, max: 255 }), (bytes, tag) => {
    const written = element(tag, bytes)
    const { content, tag: read, end } = readElement(written)
    assert.ok(content.equals(bytes))
    assert.deepEqual([read, end], [tag, written.length])
  }), { numRuns: 50 })
  assert.deepEqual(readElements(readElement(sequence(integer(Buffer.of(1)), oid('1.2.840'))).content).map(({ tag }) => tag), [2, 6])
})

test('bytes that are no DER are an error, and never read beyond their end', () => {
  for (const bytes of ['', '30', '3005', '300201', '3080', '308500', '30820100', '3084ffffffff00']) {
    assert.throws(() => readElement(Buffer.from(bytes, 'hex')), RangeError, bytes)
  }
})

test('integers, identifiers and times have their one encoding', () => {
  const hex = (bytes: Buffer): string => bytes.toString('hex')
  const integers = [[0], [0, 0, 5], [128], [1, 0]].map(bytes => hex(integer(Buffer.from(bytes))))
  assert.deepEqual(integers, ['020100', '020105', '02020080', '02020100'])
  assert.equal(hex(oid('1.2.840.10045.4.3.2')), '06082a8648ce3d040302')
  assert.equal(time(new Date('2049-12-31T23:59:59Z')).toString('latin1', 2), '491231235959Z')
  assert.equal(time(new Date('2050-01-01T00:00:00Z')).toString('latin1', 2), '20500101000000Z')
})

test('OpenSSL verifies a request for a certificate and finds its hosts', { skip: openssl() }, () => {
  const text = execFileSync('openssl', ['req', '-inform', 'DER', '-verify', '-noout', '-text'], {
    input: signingRequest(['shop.example', 'xn--bcher-kva.example'], newKey()),
    stdio: ['pipe', 'pipe', 'ignore']
  }).toString()
  assert.match(text, /Subject: *\n/)
  assert.match(text, /Subject Alternative Name: critical\s+DNS:shop\.example, DNS:xn--bcher-kva\.example/)
  assert.match(text, /ecdsa-with-SHA256/)
})

test('the certificate of a TLS-ALPN challenge is for one host, with the digest in a critical extension', () => {
  const { cert, key } = challengeCertificate({ host: 'shop.example', keyAuthorization: 'token.thumbprint' }, Date.now())
  const certificate = new X509Certificate(cert)
  assert.equal(certificate.subjectAltName, 'DNS:shop.example')
  assert.ok(certificate.verify(certificate.publicKey))
  assert.match(key, /BEGIN PRIVATE KEY/)
  // 1.3.6.1.5.5.7.1.31, critical, an octet string in an octet string.
  assert.ok(certificate.raw.toString('hex').includes('06082b0601050507011f0101ff04220420'))
})

test('a signature has the fields of RFC 8555, and the payload of a reading POST is empty', () => {
  const key = newKey()
  const decode = (text: string): unknown => JSON.parse(Buffer.from(text, 'base64url').toString())
  const first = signJws(key, { url: 'https://ca.example/a', nonce: 'n' }, { a: 1 })
  assert.deepEqual(decode(first.protected), { alg: 'ES256', nonce: 'n', url: 'https://ca.example/a', jwk: publicJwk(key) })
  assert.deepEqual(decode(first.payload), { a: 1 })
  assert.equal(Buffer.from(first.signature, 'base64url').length, 64)
  const second = signJws(key, { url: 'https://ca.example/b', nonce: 'm', kid: 'https://ca.example/1' }, '')
  assert.deepEqual(decode(second.protected), { alg: 'ES256', nonce: 'm', url: 'https://ca.example/b', kid: 'https://ca.example/1' })
  assert.equal(second.payload, '')
  assert.match(thumbprint(key), /^[\w-]{43}$/)
  const bound = bindAccount(key, { keyId: 'kid-1', hmacKey: 'c2VjcmV0' }, 'https://ca.example/new')
  assert.deepEqual(decode(bound.protected), { alg: 'HS256', kid: 'kid-1', url: 'https://ca.example/new' })
})

test('only a token below the path of challenges is one', () => {
  const lead = '/.well-known/acme-challenge/'
  assert.equal(tokenOf(`${lead}a-_9`), 'a-_9')
  for (const url of [lead, `${lead}../x`, `${lead}a/b`, `${lead}a?b`, `${lead}a%2fb`, '/a', `x${lead}a`, `${lead}${'a'.repeat(201)}`]) {
    assert.equal(tokenOf(url), undefined, url)
  }
})

function openssl (): string | false {
  try {
    execFileSync('openssl', ['version'])
    return false
  } catch {
    return 'needs openssl'
  }
}
