/** Routes that can never be reached are found, with the routes that hide them and a request that shows it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Matcher } from '../../plugins/core/routing/matcher.ts'
import { parsePattern } from '../../plugins/core/routing/pattern.ts'
import { findShadowed } from '../../plugins/core/routing/shadow.ts'
import { viewOf } from '../../plugins/core/routing/example-request.ts'
import type { Conditions } from '../../plugins/core/routing/conditions.ts'
import type { RouteDefinition } from '../../plugins/core/routing/matcher.ts'

type Row = readonly [path: string, conditions?: Conditions]

function routesOf (rows: readonly Row[]): RouteDefinition<number>[] {
  return rows.map(([text, conditions = {}], order) => {
    const path = parsePattern(text)
    assert.ok(!('error' in path))
    return { path, conditions, order, value: order }
  })
}

/** `[shadowed, by, duplicate]` in file positions; every witness is sent through the matcher. */
function shadows (rows: readonly Row[], trailingSlash: 'strict' | 'ignore' = 'strict') {
  const routes = routesOf(rows)
  const matcher = new Matcher(routes, { trailingSlash })
  return findShadowed(routes, { trailingSlash }).map(({ route, by, duplicate, witness }) => {
    assert.ok(witness, 'there is a witness')
    const alone = new Matcher([route], { trailingSlash }).match(viewOf(witness))
    assert.equal(alone.kind, 'route', 'the route asks for its witness')
    const match = matcher.match(viewOf(witness))
    assert.ok(match.kind === 'route' && by.some(({ value }) => value === match.value), 'a shadower gets the witness')
    return [route.value, by.map(({ value }) => value), duplicate]
  })
}

for (const [name, rows, expected] of [
  ['S1-07: the same path twice is a duplicate, whatever the parameters are called', [['/users/:id'], ['/users/:name']], [[1, [0], true]]],
  ['a method behind any method is hidden', [['/a'], ['/a', { methods: ['POST'] }]], [[1, [0], false]]],
  ['any method behind one method is reachable', [['/a', { methods: ['POST'] }], ['/a']], []],
  [
    'two routes together hide a third',
    [['/a', { methods: ['GET'] }], ['/a', { methods: ['PUT', 'POST'] }], ['/a', { methods: ['GET', 'POST'] }]],
    [[2, [0, 1], false]]
  ],
  ['a listed HEAD is not hidden by a GET', [['/a', { methods: ['GET'] }], ['/a', { methods: ['HEAD'] }]], []],
  ['a route with conditions does not hide one without', [['/a', { headers: { x: '1' } }], ['/a']], []],
  [
    'the same header condition is a duplicate, another value is not',
    [['/a', { headers: { x: '1' } }], ['/a', { headers: { x: '2' } }], ['/a', { headers: { X: '1' } }]],
    [[2, [0], true]]
  ],
  [
    'presence hides what must not be empty',
    [['/a', { headers: { x: { present: true } } }], ['/a', { headers: { x: '*' } }]],
    [[1, [0], false]]
  ],
  [
    'what must not be empty leaves an empty value to presence',
    [['/a', { headers: { x: '*' } }], ['/a', { headers: { x: { present: true } } }]],
    []
  ],
  [
    'hosts of two routes together hide a third',
    [['/a', { host: ['a.com'] }], ['/a', { host: ['b.com'] }], ['/a', { host: ['b.com', 'a.com'] }]],
    [[2, [1, 0], false]]
  ],
  [
    'the same wildcard host and regex is a duplicate',
    [['/a', { host: ['*.a.com'], query: { q: { regex: '\\d+' } } }], ['/a', { host: ['*.a.com'], query: { q: { regex: '\\d+' } } }]],
    [[1, [0], true]]
  ],
  [
    'the witness of a parameter path avoids more specific routes',
    [['/u/x'], ['/u/:id(\\d+)'], ['/u/:id', { methods: ['GET'] }], ['/u/:id', { methods: ['GET'] }]],
    [[3, [2], true]]
  ],
  ['an exact path does not hide the wildcard that also stands on it', [['/users'], ['/users/*']], []]
] as const satisfies readonly (readonly [string, readonly Row[], unknown])[]) {
  test(name, () => assert.deepEqual(shadows(rows), expected))
}

test('two spellings of one path are duplicates where the trailing slash is ignored', () => {
  assert.deepEqual(shadows([['/a'], ['/a/']]), [])
  assert.deepEqual(shadows([['/a'], ['/a/']], 'ignore'), [[1, [0], true]])
})

test('ten thousand routes on one path are searched without comparing all pairs', () => {
  const rows = Array.from({ length: 10_000 }, (_, index): Row => ['/*', { host: [`h${index % 9_999}.example.com`] }])
  assert.deepEqual(findShadowed(routesOf(rows)).map(({ route }) => route.value), [9_999])
})

test('a route that is called unreachable gets no request of any kind', () => {
  const value = fc.constantFrom<string | { regex: string } | { present: boolean }>(
    '1',
    '2',
    '*',
    { regex: '[12]' },
    { present: true },
    { present: false }
  )
  const conditions = fc.record({
    methods: fc.subarray(['GET', 'HEAD', 'POST'], { minLength: 1 }),
    host: fc.subarray(['a.x', 'b.x', '*.x', '*.b.x'], { minLength: 1 }),
    headers: fc.dictionary(fc.constantFrom('p'), value)
  }, { requiredKeys: [] }) as fc.Arbitrary<Conditions>
  fc.assert(fc.property(fc.array(conditions, { maxLength: 12 }), (list) => {
    const routes = routesOf(list.map((one) => ['/a', one] as const))
    const hidden = new Set(findShadowed(routes).map(({ route }) => route.value))
    const matcher = new Matcher(routes, { trailingSlash: 'strict' })
    for (const method of ['GET', 'HEAD', 'POST', 'PUT']) {
      for (const host of [undefined, 'a.x', 'b.x', 'c.b.x', 'z']) {
        for (const headers of [{}, { p: '' }, { p: '1' }, { p: '2' }, { p: '3' }]) {
          const match = matcher.match({ method, host, path: '/a', query: '', headers })
          assert.ok(match.kind !== 'route' || !hidden.has(match.value))
        }
      }
    }
  }), { numRuns: 200 })
})
