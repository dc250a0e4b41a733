/** Conditions of a route: which values fit, which conditions are refused, and how they rank. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareConditions, compileConditions, conditionProblems, holds } from '../../plugins/core/routing/conditions.ts'
import { compileRegex, refuseRegex, sampleOf } from '../../src/config/schema/safe-regex.ts'
import type { Conditions, ValueCondition } from '../../plugins/core/routing/conditions.ts'

for (const [condition, fitting, misfitting] of [
  ['v2', ['v2'], ['V2', 'v22', '', undefined]],
  ['*', ['x', ' '], ['', undefined]],
  [{ regex: 'v[12]' }, ['v1', 'v2'], ['v3', 'xv1', 'v12', '', undefined]],
  [{ regex: 'a|b' }, ['a', 'b'], ['ax', 'xb', undefined]],
  [{ regex: '.*beta.*' }, ['beta', 'x beta y'], ['x'.repeat(2000) + 'beta', 'alpha']],
  [{ present: true }, ['x', ''], [undefined]],
  [{ present: false }, [undefined], ['x', '']]
] as const satisfies readonly (readonly [ValueCondition, readonly unknown[], readonly unknown[]])[]) {
  test(`S2-110, S2-111: the header condition ${JSON.stringify(condition)} fits what it says and nothing else`, () => {
    const [compiled] = compileConditions({ headers: { 'X-Test': condition } }).tests
    assert.ok(compiled)
    for (const value of fitting) assert.equal(holds(compiled, value), true, String(value))
    for (const value of misfitting) assert.equal(holds(compiled, value), false, String(value))
  })
}

test('S2-112: a host wildcard covers every host below the domain and not the domain itself', () => {
  const [compiled] = compileConditions({ host: ['*.Example.com', 'example.org'] }).tests
  assert.ok(compiled)
  const fit = [
    'a.example.com', 'a.b.example.com', 'example.org', 'example.com', 'badexample.com', '.example.com', 'a.example.org'
  ].filter((host) => holds(compiled, host))
  assert.deepEqual(fit, ['a.example.com', 'a.b.example.com', 'example.org'])
})

for (const [conditions, place, error] of [
  [{ methods: ['get'] }, ['methods', 0], /capitals/],
  [{ methods: ['GE T'] }, ['methods', 0], /not a method/],
  [{ methods: [] }, ['methods'], /fits no request/],
  [{ host: ['example.com:8080'] }, ['host', 0], /without its port/],
  [{ host: ['api.*.com'] }, ['host', 0], /whole labels at the start/],
  [{ host: ['bücher.example'] }, ['host', 0], /not a host name/],
  [{ host: [] }, ['host'], /fits no request/],
  [{ headers: { 'x y': '1' } }, ['headers', 'x y'], /not a header name/],
  [{ headers: { Host: 'a.com' } }, ['headers', 'Host'], /the key "host"/],
  [{ headers: { 'X-A': '1', 'x-a': '2' } }, ['headers', 'x-a'], /twice/],
  [{ headers: { a: { regex: '(' } } }, ['headers', 'a'], /does not compile/],
  [{ query: { a: { regex: '(a*)*' } } }, ['query', 'a'], /repeats a group|too long/]
] as const satisfies readonly (readonly [Conditions, readonly (string | number)[], RegExp])[]) {
  test(`the conditions ${JSON.stringify(conditions)} are refused at their place`, () => {
    const [wrong] = conditionProblems(conditions)
    assert.deepEqual(wrong?.path, place)
    assert.match(wrong?.error ?? '', error)
    assert.throws(() => compileConditions(conditions), error)
  })
}

test('IP addresses, single labels and international names in ASCII form are hosts', () => {
  assert.deepEqual(conditionProblems({ host: ['127.0.0.1', '[::1]', 'localhost', 'xn--bcher-kva.example', 'my_service'] }), [])
})

test('more conditions rank first, then exact hosts, longer host wildcards, exact values, regexes', () => {
  const ordered: Conditions[] = [
    { headers: { a: '*' }, query: { b: '*', c: '*' } },
    { host: ['a.com'], headers: { a: '*' } },
    { host: ['*.b.a.com'], headers: { a: '1' } },
    { host: ['*.a.com'], headers: { a: '1' } },
    { host: ['*.a.com'], headers: { a: { regex: '1' } } },
    { headers: { a: '1', b: '2' } },
    { headers: { a: '1', b: { regex: '2' } } },
    { headers: { a: '1' }, query: { b: '*' } },
    { headers: { a: { regex: '1' } } },
    { headers: { a: { present: true } } },
    { methods: ['GET'] }
  ]
  const sorted = ordered.toReversed().toSorted((a, b) => compareConditions(compileConditions(a), compileConditions(b)))
  assert.deepEqual(sorted, ordered)
})

for (const source of [
  '(a+)+', '(a|a)*', '(a|aa)+', 'a*a*', '\\w+\\d+', '.*.*=', '(x+x+)+y', '(a)\\1', '(?=a)a', '[^-]+[^.]+', '(?:ab)+',
  'α+α+'
]) {
  test(`the regex ${source} is refused where cost must be linear`, () => assert.ok(refuseRegex(source, 1)))
}

for (const source of [
  '\\d+', '[a-z]+-\\d+', 'v(1|2)', '[0-9a-f]{8}-[0-9a-f]{4}', '(?:en|de)(?:-[A-Z]{2})?', 'x.*', '\\x41{2}',
  '[\\]\\[a-z]+'
]) {
  test(`the regex ${source} is accepted and has a sample`, () => {
    assert.equal(refuseRegex(source, 1), undefined)
    const sample = sampleOf(source)
    assert.ok(sample !== undefined && compileRegex(source).test(sample), sample)
  })
}

test('one pair of competing repetitions is allowed for short values, three are not', () => {
  assert.equal(refuseRegex('.*beta.*', 2), undefined)
  assert.ok(refuseRegex('.*a.*b.*', 2))
})

for (const [source, why] of [
  ['[0-9]?'.repeat(24) + 'x', 'atoms that may be left out'],
  ['([0-9]?)'.repeat(24) + 'x', 'the same in groups'],
  ['(?:[0-9])?'.repeat(24) + 'x', 'groups that may be left out'],
  ['(a|a)'.repeat(24) + 'x', 'alternatives that are alike'],
  ['(a|ab?)'.repeat(24) + 'x', 'alternatives that begin alike'],
  ['(a|)'.repeat(24) + 'x', 'an alternative of nothing'],
  ['((a|b)|(a|c))'.repeat(12) + 'x', 'groups in groups']
] as const) {
  test(`the regex ${source.slice(0, 20)}… is refused, whatever the degree: ${why} multiply`, () => assert.ok(refuseRegex(source, 2)))
}

for (const source of [
  'v?[0-9](?:\\.[0-9])?(?:\\.[0-9])?(?:-[a-z])?',
  '(?:GET|POST|PUT|DELETE)-(?:eu|us|ap)-(?:prod|staging|test)',
  '[a-z]?-[0-9]?-[A-Z]?',
  'https?',
  'en(?:-(?:GB|US))?|de(?:-(?:AT|DE))?'
]) {
  test(`the regex ${source} has few ways to be tried`, () => assert.equal(refuseRegex(source, 2), undefined))
}

test('an expression that is let in takes no time for a value that does not fit', () => {
  const value = '1'.repeat(4096)
  for (const source of ['[0-9]?'.repeat(8) + 'x', '(?:[0-9])?'.repeat(9) + 'x', '(?:1|1)'.repeat(9) + 'x']) {
    assert.equal(refuseRegex(source, 2), undefined)
    const regex = compileRegex(source)
    const before = process.cpuUsage().user
    for (let round = 0; round < 10; round++) assert.ok(!regex.test(value))
    // Twenty-four of them took a fifth of a second each.
    assert.ok(process.cpuUsage().user - before < 500_000, source)
  }
})
