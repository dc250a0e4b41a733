/** The rules of `allow`, compiled to a test on certificates. */

import { compileTrust } from '../../../src/index.ts'
import type { AllowRule } from './options.ts'
import { compilePattern } from './pattern.ts'
import type { Attributes, CertificateSubject } from './subject.ts'

type Test = (certificate: CertificateSubject) => boolean

/** Compiles the rules to a test of whether one of them fits. Without rules, every certificate fits. */
export function compileRules (rules: readonly AllowRule[] | undefined): Test {
  if (rules === undefined) return () => true
  const tests = rules.map(compileRule)
  return certificate => tests.some(fits => fits(certificate))
}

function compileRule ({ subject, issuer, san = {}, fingerprint }: AllowRule): Test {
  const tests: Test[] = []
  for (const [name, values] of Object.entries(subject ?? {})) tests.push(compileAttribute(({ subject: own }) => own, name, values))
  for (const [name, values] of Object.entries(issuer ?? {})) tests.push(compileAttribute(({ issuer: own }) => own, name, values))
  const { dns, uri, email, ip } = san
  if (dns !== undefined) tests.push(anyOf(({ san: own }) => own.dns, compilePatterns(lower(dns), '.')))
  if (uri !== undefined) tests.push(anyOf(({ san: own }) => own.uri, compilePatterns(uri, '/')))
  if (email !== undefined) tests.push(anyOf(({ san: own }) => own.email, compilePatterns(lowerDomain(email), '@')))
  if (ip !== undefined) tests.push(anyOf(({ san: own }) => own.ip, compileTrust([ip].flat())))
  if (fingerprint !== undefined) {
    const known = new Set([fingerprint].flat().map(text => text.replaceAll(':', '').toLowerCase()))
    tests.push(certificate => known.has(certificate.fingerprint))
  }
  return certificate => tests.every(fits => fits(certificate))
}

function compileAttribute (of: (certificate: CertificateSubject) => Attributes, name: string, values: string | readonly string[]): Test {
  return anyOf(certificate => of(certificate)[name] ?? [], compilePatterns(values, undefined))
}

function anyOf (values: (certificate: CertificateSubject) => readonly string[], fits: (value: string) => boolean): Test {
  return certificate => values(certificate).some(fits)
}

/** @param separator what `*` does not stand for; undefined where it stands for any character */
function compilePatterns (patterns: string | readonly string[], separator: string | undefined): (value: string) => boolean {
  const exact = new Set<string>()
  const others: ((value: string) => boolean)[] = []
  for (const pattern of [patterns].flat()) {
    if (pattern.includes('*')) others.push(compilePattern(pattern, separator))
    else exact.add(pattern)
  }
  return value => exact.has(value) || others.some(fits => fits(value))
}

function lower (values: string | readonly string[]): string[] {
  return [values].flat().map(value => value.toLowerCase())
}

function lowerDomain (values: string | readonly string[]): string[] {
  return [values].flat().map(value => {
    const at = value.lastIndexOf('@') + 1
    return value.slice(0, at) + value.slice(at).toLowerCase()
  })
}
