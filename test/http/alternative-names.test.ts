/** Reading the subject alternative names of a certificate. */

import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { readAlternativeNames } from '../../src/http/alternative-names.ts'
import { issueCertificate } from '../helpers/certificates.ts'

const namesOf = (...san: string[]) => readAlternativeNames(new X509Certificate(issueCertificate({ subject: 'x', san }).cert).subjectAltName)

test('names are read by kind, in their one spelling', () => {
  assert.deepEqual(
    namesOf('dns:A.Example', 'uri:spiffe://acme.example/ns/a', 'email:Me@ACME.example', 'ip:10.0.0.1', 'ip:2001:db8::1', 'dns:*.b.example'),
    {
      dns: ['a.example', '*.b.example'],
      uri: ['spiffe://acme.example/ns/a'],
      email: ['Me@acme.example'],
      ip: ['10.0.0.1', '2001:db8::1']
    }
  )
})

test('a value that looks like several names is one value (CVE-2021-44532)', () => {
  assert.deepEqual(namesOf('dns:good.example, DNS:evil.example').dns, [])
  assert.deepEqual(
    namesOf('uri:http://a/?x,%20URI:spiffe://evil', 'uri:http://b/,c').uri,
    ['http://a/?x,%20URI:spiffe://evil', 'http://b/,c']
  )
  assert.deepEqual(namesOf('email:"a, DNS:evil.example"@b.example').dns, [])
  assert.deepEqual(namesOf('uri:x", DNS:evil.example'), { dns: [], uri: [], email: [], ip: [] })
})

test('names with characters that such a name cannot have are left out', () => {
  assert.deepEqual(namesOf('dns:evil.example\0.good.example', 'dns:a b', 'dns:', 'uri:spiffe://a/\0b', 'email:a b@c', 'dns:ok.example'), {
    dns: ['ok.example'],
    uri: [],
    email: [],
    ip: []
  })
})

test('names of other kinds, and a certificate without names, give nothing', () => {
  assert.deepEqual(readAlternativeNames('othername:<unsupported>, DirName:"CN=a\\u002c DNS:evil", Registered ID:1.2.3').dns, [])
  assert.deepEqual(readAlternativeNames(undefined).dns, [])
})

test('whatever a certificate authority signs, no name appears that is not one of its entries', () => {
  fc.assert(fc.property(
    fc.array(
      fc.tuple(
        fc.constantFrom('dns', 'uri', 'email'),
        fc.array(fc.constantFrom(...'aA.,:"\\\'/@ \0\n'.split(''), 'DNS:', ', ', 'é'), { maxLength: 12 })
      ),
      { minLength: 1, maxLength: 4 }
    ),
    entries => {
      const given = entries.map(([kind, parts]) => [kind, parts.join('')] as const)
      const names = namesOf(...given.map(([kind, value]) => `${kind}:${value}`))
      for (const kind of ['dns', 'uri', 'email'] as const) {
        const own = given.filter(([name]) => name === kind).map(([, value]) => value.toLowerCase())
        for (const name of names[kind]) assert.ok(own.includes(name.toLowerCase()), `${kind} ${name} of ${JSON.stringify(given)}`)
      }
      assert.deepEqual(names.ip, [])
    }
  ), { numRuns: 200 })
})
