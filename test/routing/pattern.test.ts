/** Route paths: what is read, what is refused with a hint, and which of two is more specific. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import createRouter from 'find-my-way'
import { comparePatterns, parsePattern, treePath } from '../../plugins/core/routing/pattern.ts'
import type { Pattern } from '../../plugins/core/routing/pattern.ts'

function pattern (text: string): Pattern {
  const parsed = parsePattern(text)
  assert.ok(!('error' in parsed), `${text}: ${'error' in parsed ? parsed.error : ''}`)
  return parsed
}

for (const [text, kind, parameters] of [
  ['/', 'exact', []],
  ['/users', 'exact', []],
  ['/users/', 'exact', []],
  ['/caf%C3%A9', 'exact', []],
  ['/a::b', 'exact', []],
  ['/users/:id', 'parameter', ['id']],
  ['/users/:id(\\d+)', 'parameter', ['id']],
  ['/users/:id(^\\d+$)/x', 'parameter', ['id']],
  ['/files/:name.json', 'parameter', ['name']],
  ['/releases/v:major.:minor', 'parameter', ['major', 'minor']],
  ['/:a/:b/*', 'wildcard', ['a', 'b', '*']],
  ['/*', 'wildcard', ['*']]
] as const) {
  test(`the path ${text} is read as ${kind}`, () => {
    const { kind: got, parameters: names } = pattern(text)
    assert.deepEqual([got, names], [kind, parameters])
  })
}

for (const [text, error, hint] of [
  ['users', /starts with \//, '/users'],
  ['*', /starts with \//, '/*'],
  ['/users*', /whole segments/, '/users/*'],
  ['/*/users', /last segment/, 'name the part, like :name/users'],
  ['/a*b', /last segment/, undefined],
  ['/a//b', /empty segment/, '/a/b'],
  ['/a/../b', /dot segment/, undefined],
  ['/a/%2e%2E/b', /dot segment/, undefined],
  ['/users/:', /no name/, undefined],
  ['/users/:1', /no name/, undefined],
  ['/:id/:id', /twice/, undefined],
  ['/:a:b', /touch/, 'put text between them, like :a-:b'],
  ['/users/:id?', /optional/, undefined],
  ['/users?x=1', /"\?"/, 'match the query with the key "query"'],
  ['/users#top', /"#"/, undefined],
  ['/café', /cannot carry/, 'percent-encode it: caf%C3%A9'],
  ['/a b', /cannot carry/, 'percent-encode it: a%20b'],
  ['/users/{id}', /brace/, 'parameters are written with a colon: :id'],
  ['/a%2Fb', /%2F/, 'match that part with a parameter'],
  ['/a%3ab', /%3a/, 'a literal colon is written ::'],
  ['/a%zz', /percent sign/, undefined],
  ['/a%ff', /percent sign/, undefined],
  ['/a%00', /control/, undefined],
  ['/a\\b', /backslash/, undefined],
  ['/a(b)', /parenthesis/, undefined],
  ['/:id(\\d+', /not closed/, 'add a )'],
  ['/:id()', /empty/, undefined],
  ['/:id(a/b)', /slash/, undefined],
  ['/:id(\\d*)', /empty value/, undefined],
  ['/:id((a+)+)', /repeats a group|too long/, undefined],
  ['/:id((?=a)b)', /lookaround/, undefined],
  ['/:id(\\w+\\w+)', /too long/, undefined],
  ['/:a(\\w+)x:b(\\w+)', /too long/, undefined],
  [`/${'a'.repeat(2048)}`, /longer than/, undefined]
] as const) {
  test(`the path ${text.slice(0, 30)} is refused with a reason`, () => {
    const parsed = parsePattern(text)
    assert.ok('error' in parsed, 'it is accepted')
    assert.match(parsed.error, error)
    if (hint !== undefined) assert.equal(parsed.hint, hint)
  })
}

test('parameter names do not make two paths different, their regexes do', () => {
  assert.equal(pattern('/users/:id').canonical, pattern('/users/:user').canonical)
  assert.equal(pattern('/%75sers').canonical, pattern('/users').canonical)
  assert.equal(pattern('/:a((x|y))').canonical, pattern('/:b((?:x|y))').canonical)
  assert.notEqual(pattern('/users/:id(\\d+)').canonical, pattern('/users/:id').canonical)
  assert.notEqual(pattern('/a::b').canonical, pattern('/a:b').canonical)
})

test('S1-07: plain text comes before a regex, a regex before a parameter, a parameter before a wildcard', () => {
  const ordered = [
    '/users/me/x', '/users/me', '/users/u-:id', '/users/:name.tar.gz', '/users/:name.gz', '/users/:id(\\d+)',
    '/users/:id/x', '/users/:id', '/users/:id/*', '/users', '/users/*', '/:a/me', '/*'
  ]
  const shuffled = ordered.toReversed().map(pattern).toSorted((a, b) => comparePatterns(a, b))
  assert.deepEqual(shuffled.map(({ text }) => text), ordered)
})

const parts: Record<string, readonly string[]> = {
  a: ['a', ':p'],
  ab: ['ab', 'a:p', ':p'],
  1: [':p(\\d+)', ':p'],
  ab1: ['ab1', 'ab:p(\\d+)', 'a:p', ':p'],
  'z.y.x': ['z.y.x', 'z:p', ':p.y.x', ':p.x', ':p']
}
const pathParts = fc.array(fc.constantFrom(...Object.keys(parts)), { minLength: 1, maxLength: 4 })

/** A pattern that fits the path: each part is replaced by something that fits it, perhaps with a wildcard for the last ones. */
function patternFor (path: readonly string[]): fc.Arbitrary<Pattern> {
  return fc.tuple(fc.integer({ min: 0, max: path.length }), ...path.map((part) => fc.constantFrom(...parts[part] ?? [])))
    .map(([kept, ...segments]) => kept === path.length ? segments : [...segments.slice(0, kept), '*'])
    .map((segments) => pattern(`/${segments.map((one, index) => one.replace('p', `p${index}`)).join('/')}`))
}

test('comparePatterns ranks any two paths as the router tries them, in whatever order it learns them', () => {
  fc.assert(fc.property(pathParts.chain((path) => fc.tuple(
    fc.constant(`/${path.join('/')}`),
    patternFor(path),
    patternFor(path)
  )), ([path, a, b]) => {
    fc.pre(a.canonical !== b.canonical)
    const first = comparePatterns(a, b) < 0 ? a : b
    assert.notEqual(comparePatterns(a, b), 0)
    assert.equal(comparePatterns(a, b) < 0, comparePatterns(b, a) > 0)
    assert.equal(routed([a, b], path), first.text)
    assert.equal(routed([b, a], path), first.text)
  }), { numRuns: 500 })
})

test('comparePatterns is a total order', () => {
  const any = pathParts.chain(patternFor)
  fc.assert(fc.property(any, any, any, (...three) => {
    const [a, b, c] = three.toSorted((x, y) => comparePatterns(x, y)) as [Pattern, Pattern, Pattern]
    assert.ok(comparePatterns(a, b) <= 0 && comparePatterns(b, c) <= 0 && comparePatterns(a, c) <= 0)
  }))
})

function routed (patterns: readonly Pattern[], path: string): string | undefined {
  const router = createRouter()
  for (const { text, ...rest } of patterns) router.on('GET', treePath({ text, ...rest }), () => {}, text)
  return router.find('GET', path)?.store as string | undefined
}
