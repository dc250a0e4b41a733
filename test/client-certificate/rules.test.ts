/** Which certificates the rules of `allow` admit. */

import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import type { AllowRule } from '../../plugins/policies/client-certificate/options.ts'
import { compilePattern } from '../../plugins/policies/client-certificate/pattern.ts'
import { compileRules } from '../../plugins/policies/client-certificate/rules.ts'
import { readSubject } from '../../plugins/policies/client-certificate/subject.ts'
import { issueCertificate } from '../helpers/certificates.ts'

const authority = issueCertificate({ subject: [['O', 'Acme'], ['CN', 'Acme Devices CA']], ca: true })
const { cert } = issueCertificate({
  subject: [['O', 'Acme, Inc'], ['OU', 'pay'], ['OU', 'eu'], ['CN', 'worker-7']],
  san: ['dns:w7.pay.example', 'uri:spiffe://acme.example/ns/pay/sa/worker', 'email:Ops@Acme.example', 'ip:10.1.2.3'],
  issuer: authority
})
const worker = readSubject(new X509Certificate(cert))

const admitted: readonly (readonly [rule: AllowRule, fits: boolean])[] = [
  [{ subject: { CN: 'worker-7' } }, true],
  [{ subject: { CN: 'worker-*' } }, true],
  [{ subject: { CN: 'WORKER-7' } }, false],
  [{ subject: { CN: 'worker' } }, false],
  [{ subject: { CN: ['a', 'worker-7'] } }, true],
  [{ subject: { OU: 'eu' } }, true],
  [{ subject: { OU: 'pay', CN: 'worker-*' } }, true],
  [{ subject: { OU: 'pay', CN: 'other' } }, false],
  [{ subject: { O: 'Acme, Inc' } }, true],
  [{ subject: { O: 'Acme' } }, false],
  [{ subject: { L: '*' } }, false],
  [{ issuer: { CN: 'Acme Devices CA', O: 'Acme' } }, true],
  [{ issuer: { CN: 'worker-7' } }, false],
  [{ san: { dns: '*.pay.example' } }, true],
  [{ san: { dns: '*.PAY.example' } }, true],
  [{ san: { dns: '*.example' } }, false],
  [{ san: { dns: '**.example' } }, true],
  [{ san: { dns: 'pay.example' } }, false],
  [{ san: { uri: 'spiffe://acme.example/ns/*/sa/worker' } }, true],
  [{ san: { uri: 'spiffe://acme.example/*' } }, false],
  [{ san: { uri: 'spiffe://acme.example/**' } }, true],
  [{ san: { uri: 'SPIFFE://acme.example/**' } }, false],
  [{ san: { email: '*@ACME.example' } }, true],
  [{ san: { email: 'ops@acme.example' } }, false],
  [{ san: { ip: '10.0.0.0/8' } }, true],
  [{ san: { ip: ['192.168.0.0/16', '::1'] } }, false],
  [{ san: { dns: 'w7.pay.example', ip: 'private' } }, true],
  [{ san: { dns: 'w7.pay.example', ip: 'loopback' } }, false],
  [{ fingerprint: worker.fingerprint }, true],
  [{ fingerprint: worker.fingerprint.toUpperCase().match(/../g)!.join(':') }, true],
  [{ fingerprint: '0'.repeat(64) }, false],
  [{ fingerprint: worker.fingerprint, subject: { CN: 'other' } }, false]
]

test('a rule fits where all its keys do, and a key where one of its values does', () => {
  for (const [rule, fits] of admitted) assert.equal(compileRules([rule])(worker), fits, JSON.stringify(rule))
})

test('one of several rules is enough, and without rules every certificate fits', () => {
  assert.equal(compileRules([{ subject: { CN: 'other' } }, { san: { ip: '10.1.2.3' } }])(worker), true)
  assert.equal(compileRules([{ subject: { CN: 'other' } }, { subject: { CN: 'another' } }])(worker), false)
  assert.equal(compileRules(undefined)(worker), true)
})

test('names of inherited properties are no attributes', () => {
  assert.equal(compileRules([{ subject: { constructor: '*' } }])(worker), false)
})

test('a subject that has the text of another attribute in a value does not have that attribute (CVE-2021-44533)', () => {
  const { cert: slyText } = issueCertificate({ subject: [['O', 'x + CN=admin'], ['OU', 'y\nCN=admin'], ['CN', 'x']] })
  const sly = readSubject(new X509Certificate(slyText))
  assert.equal(compileRules([{ subject: { CN: 'admin' } }])(sly), false)
  assert.deepEqual(sly.claims['subject'], { O: 'x + CN=admin', OU: 'y\nCN=admin', CN: 'x' })
})

test('the claims have the subject, the names, and what distinguishes the certificate', () => {
  const { fingerprint, serial, notAfter, ...rest } = worker.claims
  assert.deepEqual(rest, {
    sub: 'worker-7',
    subject: { O: 'Acme, Inc', OU: ['pay', 'eu'], CN: 'worker-7' },
    issuer: { O: 'Acme', CN: 'Acme Devices CA' },
    san: { dns: ['w7.pay.example'], uri: ['spiffe://acme.example/ns/pay/sa/worker'], email: ['Ops@acme.example'], ip: ['10.1.2.3'] }
  })
  assert.match(String(fingerprint), /^[0-9a-f]{64}$/)
  assert.match(String(serial), /^4a[0-9a-f]{14}$/)
  assert.equal(notAfter, Math.floor(new X509Certificate(cert).validToDate.getTime() / 1000))
})

test('a certificate without a common name is known by its first name', () => {
  const sub = (san: string[]) => readSubject(new X509Certificate(issueCertificate({ subject: [['O', 'Acme']], san }).cert)).claims['sub']
  assert.equal(sub(['dns:a.example', 'uri:spiffe://a/b']), 'spiffe://a/b')
  assert.equal(sub(['ip:10.0.0.1', 'dns:a.example']), 'a.example')
  assert.match(String(sub([])), /^[0-9a-f]{64}$/)
})

test('patterns agree with regular expressions', () => {
  const letters = fc.array(fc.constantFrom('a', 'b', '.', '*', '**', '+'), { maxLength: 8 }).map(parts => parts.join(''))
  const values = fc.array(fc.constantFrom('a', 'b', '.', '+'), { maxLength: 8 }).map(parts => parts.join(''))
  fc.assert(fc.property(letters, values, fc.constantFrom('.', undefined), (pattern, value, separator) => {
    const source = pattern.split(/(\*+)/).map(part => {
      if (!part.startsWith('*')) return part.replace(/[.+]/g, '\\$&')
      return separator === undefined || part.length > 1 ? '.*' : '[^.]*'
    }).join('')
    assert.equal(compilePattern(pattern, separator)(value), new RegExp(`^${source}$`, 's').test(value), `${pattern} ${value}`)
  }), { numRuns: 2000 })
})
