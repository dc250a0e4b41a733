/** The conditions of a route besides its path: methods, host, headers and query. Checks, compiles and ranks them. */
import { isIP } from 'node:net'
import { compileRegex, type Refusal, refuseRegex } from '../../../src/config/index.ts'

/**
 * The condition on one header or query parameter: exactly this text, `'*'` for any value that is not empty, a
 * regex for the whole value, or its presence.
 */
export type ValueCondition = string | { readonly regex: string } | { readonly present: boolean }

/** All of them must hold. An absent key is no condition. */
export interface Conditions {
  /** Case-sensitive as RFC 9110 §9.1 has it; absent means any method. */
  readonly methods?: readonly string[]
  /** One of these: `shop.example.com`, or `*.example.com` for any host below example.com (not itself). Without port. */
  readonly host?: readonly string[]
  /** Names are case-insensitive, values case-sensitive. A repeated header that Node joins is compared joined. */
  readonly headers?: Readonly<Record<string, ValueCondition>>
  /** Names and decoded values are case-sensitive. Of a repeated parameter one value must match. */
  readonly query?: Readonly<Record<string, ValueCondition>>
}

/** One wrong condition, by its place below the route: `['headers', 'x-version']`. */
export interface ConditionProblem extends Refusal {
  readonly path: readonly (string | number)[]
}

/** Where a request carries the value that is tested. */
export type Subject = { readonly in: 'host' } | { readonly in: 'headers' | 'query', readonly name: string }

/** One condition, ready to run. `exact` and `suffixes` are alternatives and can be looked up; `test` must be run. */
export interface Test {
  readonly subject: Subject
  readonly kind: 'exact' | 'suffix' | 'regex' | 'filled' | 'present' | 'absent'
  readonly exact: readonly string[]
  /** `.example.com` for `*.example.com`. */
  readonly suffixes: readonly string[]
  readonly regex: RegExp | undefined
  /** As written, for explanations. */
  readonly text: string
}

/** Conditions ready to run. The numbers rank two routes on the same path: more is more specific. */
export interface CompiledConditions {
  readonly methods: readonly string[] | undefined
  readonly tests: readonly Test[]
  /** The shortest host wildcard's length; Infinity for exact hosts only, 0 for no host. */
  readonly hostRank: number
  readonly exactCount: number
  readonly regexCount: number
}

/** A regex is run on values up to this many characters; a longer value does not match. Keeps the worst case near a millisecond. */
export const MAX_REGEX_VALUE = 1024

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const HOST = /^(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/

/** All problems of the conditions of one route; empty means that `compileConditions` accepts them. */
export function conditionProblems (conditions: Conditions): ConditionProblem[] {
  return [
    ...(conditions.methods ?? []).flatMap((method, index) => problem(['methods', index], refuseMethod(method))),
    ...(conditions.methods?.length === 0 ? problem(['methods'], {
      error: 'an empty list of methods fits no request',
      hint: 'leave "methods" out for any method'
    }) : []),
    ...(conditions.host ?? []).flatMap((host, index) => problem(['host', index], refuseHost(host))),
    ...(conditions.host?.length === 0 ? problem(['host'], {
      error: 'an empty list of hosts fits no request',
      hint: 'leave "host" out for any host'
    }) : []),
    ...headerProblems(conditions.headers ?? {}),
    ...Object.entries(conditions.query ?? {}).flatMap(([name, value]) => problem(['query', name], refuseValue(value)))
  ]
}

/** Compiles checked conditions. Throws a TypeError with the first problem of unchecked ones. */
export function compileConditions (conditions: Conditions): CompiledConditions {
  const [wrong] = conditionProblems(conditions)
  if (wrong !== undefined) throw new TypeError(`${wrong.path.join('.')}: ${wrong.error}`)
  const tests = [
    ...(conditions.host === undefined ? [] : [hostTest(conditions.host.map((host) => host.toLowerCase()))]),
    ...Object.entries(conditions.headers ?? {}).map(([name, value]) => valueTest({ in: 'headers', name: name.toLowerCase() }, value)),
    ...Object.entries(conditions.query ?? {}).map(([name, value]) => valueTest({ in: 'query', name }, value))
  ]
  return {
    methods: conditions.methods,
    tests,
    hostRank: hostRank(tests),
    exactCount: tests.filter((test) => test.kind === 'exact' && test.subject.in !== 'host').length,
    regexCount: tests.filter((test) => test.kind === 'regex').length
  }
}

/**
 * Which of two routes on one path is tried first; negative: `a`. Compares: more conditions, exact host,
 * longer host wildcard, more exact values, more regexes. 0 leaves it to the order in the file.
 */
export function compareConditions (a: CompiledConditions, b: CompiledConditions): number {
  if (a.tests.length !== b.tests.length) return b.tests.length - a.tests.length
  if (a.hostRank !== b.hostRank) return b.hostRank > a.hostRank ? 1 : -1
  return b.exactCount - a.exactCount || b.regexCount - a.regexCount
}

/** Whether one value matches; `undefined` is a value that the request does not have. */
export function holds (test: Test, value: string | readonly string[] | undefined): boolean {
  if (value === undefined) return test.kind === 'absent'
  if (typeof value === 'string') return fitsOne(test, value)
  return value.some((one) => fitsOne(test, one))
}

function fitsOne (test: Test, value: string): boolean {
  switch (test.kind) {
    case 'exact': return test.exact.includes(value)
    case 'suffix': return test.exact.includes(value) || test.suffixes.some(
      (suffix) => value.length > suffix.length && value.endsWith(suffix)
    )
    case 'regex': return value.length <= MAX_REGEX_VALUE && test.regex?.test(value) === true
    case 'filled': return value !== ''
    case 'present': return true
    case 'absent': return false
  }
}

function hostTest (hosts: readonly string[]): Test {
  const suffixes = hosts.filter((host) => host.startsWith('*.')).map((host) => host.slice(1))
  const exact = hosts.filter((host) => !host.startsWith('*.'))
  return {
    subject: { in: 'host' },
    kind: suffixes.length === 0 ? 'exact' : 'suffix',
    exact,
    suffixes,
    regex: undefined,
    text: hosts.join(' or ')
  }
}

function valueTest (subject: Subject, value: ValueCondition): Test {
  const base = { subject, exact: [], suffixes: [], regex: undefined }
  if (value === '*') return { ...base, kind: 'filled', text: 'anything' }
  if (typeof value === 'string') return { ...base, kind: 'exact', exact: [value], text: `"${value}"` }
  if ('regex' in value) return { ...base, kind: 'regex', regex: compileRegex(value.regex), text: `/${value.regex}/` }
  return { ...base, kind: value.present ? 'present' : 'absent', text: value.present ? 'present' : 'absent' }
}

function hostRank (tests: readonly Test[]): number {
  const host = tests.find((test) => test.subject.in === 'host')
  if (host === undefined) return 0
  return Math.min(Infinity, ...host.suffixes.map((suffix) => suffix.length))
}

function problem (path: readonly (string | number)[], refusal: Refusal | undefined): ConditionProblem[] {
  return refusal === undefined ? [] : [{ path, ...refusal }]
}

function headerProblems (headers: Readonly<Record<string, ValueCondition>>): ConditionProblem[] {
  const names = Object.keys(headers).map((name) => name.toLowerCase())
  return Object.entries(headers).flatMap(([name, value], index) => {
    if (!TOKEN.test(name)) return problem(['headers', name], { error: `"${name}" is not a header name` })
    if (name.toLowerCase() === 'host') {
      return problem(['headers', name], { error: 'the Host header is matched with the key "host"', hint: 'host: [shop.example.com]' })
    }
    if (names.indexOf(name.toLowerCase()) !== index) {
      return problem(['headers', name], { error: `the header ${name} is there twice; names do not distinguish case` })
    }
    return problem(['headers', name], refuseValue(value))
  })
}

function refuseMethod (method: string): Refusal | undefined {
  if (!TOKEN.test(method)) return { error: `"${method}" is not a method` }
  if (method !== method.toUpperCase()) {
    return { error: `the method "${method}" is not in capitals; methods distinguish case`, hint: method.toUpperCase() }
  }
  return undefined
}

function refuseHost (host: string): Refusal | undefined {
  const lower = host.toLowerCase()
  if (HOST.test(lower) || isIP(lower.replace(/^\[(.*)\]$/, '$1')) !== 0) return undefined
  if (/:\d+$/.test(host)) return { error: 'a host is matched without its port', hint: host.replace(/:\d+$/, '') }
  if (host.includes('*')) return { error: `the "*" in host "${host}" stands for whole labels at the start`, hint: '*.example.com' }
  return { error: `"${host}" is not a host name`, hint: 'shop.example.com, or *.example.com; international names in their xn-- form' }
}

function refuseValue (value: ValueCondition): Refusal | undefined {
  if (typeof value === 'string') return undefined
  return 'regex' in value ? refuseRegex(value.regex, 2) : undefined
}
