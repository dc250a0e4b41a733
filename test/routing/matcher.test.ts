/** Which route a request gets: every rule as a table, and the compiled matcher against a plain list. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compareConditions, compileConditions } from '../../plugins/core/routing/conditions.ts'
import { fits } from '../../plugins/core/routing/decision-tree.ts'
import { Matcher } from '../../plugins/core/routing/matcher.ts'
import { parsePattern } from '../../plugins/core/routing/pattern.ts'
import { RequestFacts } from '../../plugins/core/routing/request-facts.ts'
import type { Conditions } from '../../plugins/core/routing/conditions.ts'
import type { Match, RequestView, RouteDefinition } from '../../plugins/core/routing/matcher.ts'

type Row = readonly [path: string, conditions?: Conditions]

function routesOf (rows: readonly Row[]): RouteDefinition<string>[] {
  return rows.map(([text, conditions = {}], order) => {
    const path = parsePattern(text)
    assert.ok(!('error' in path), text)
    return { path, conditions, order, value: `${order} ${text}` }
  })
}

function view (path: string, rest: Partial<RequestView> = {}): RequestView {
  return { method: 'GET', path, query: '', host: undefined, headers: {}, ...rest }
}

function matcherOf (rows: readonly Row[], trailingSlash: 'strict' | 'ignore' = 'strict') {
  return new Matcher(routesOf(rows), { trailingSlash })
}

function outcome (match: Match<string>): string {
  if (match.kind === 'route') return match.value
  return match.kind === 'not-found' ? '404' : `405 ${match.allow.join(', ')}`
}

function table (
  name: string,
  rows: readonly Row[],
  cases: readonly (readonly [path: string, expected: string, view?: Partial<RequestView>])[],
  trailingSlash: 'strict' | 'ignore' = 'strict'
) {
  test(name, () => {
    const matcher = matcherOf(rows, trailingSlash)
    for (const [path, expected, rest] of cases) {
      assert.equal(outcome(matcher.match(view(path, rest))), expected, JSON.stringify([path, rest]))
    }
  })
}

table('S0-12, S1-06, S2-106, S2-108: a wildcard matches its own root and everything below, never a longer word', [['/users/*']], [
  ['/users', '0 /users/*'], ['/users/', '0 /users/*'], ['/users/1', '0 /users/*'], [
    '/users/1/2/3',
    '0 /users/*'
  ], ['/users//x', '0 /users/*'], ['/usersx', '404'], ['/user', '404'], ['/', '404']
])
table(
  'S0-13, S1-04: an exact path matches only itself',
  [['/users']],
  [['/users', '0 /users'], ['/users/', '404'], ['/users/1', '404'], ['/users/123', '404']]
)
table('S1-05: a parameter is one segment that is not empty', [['/users/:id'], ['/:a/:b/x'], ['/u-:id'], ['/f/:name.json']], [
  ['/users/42', '0 /users/:id'], ['/users/42/x', '1 /:a/:b/x'], ['/users/42/y', '404'], ['/users/', '404'],
  ['//b/x', '404'], ['/a//x', '404'], ['/u-', '404'], ['/u-1', '2 /u-:id'], ['/f/.json', '404'],
  ['/f/a.json', '3 /f/:name.json']
])
table('S0-15, S1-07, S2-105: the most specific path wins whatever the order in the file', [
  ['/*'], ['/users/*'], ['/users/:id'], ['/users/:id(\\d+)'], ['/users/me']
], [
  ['/users/me', '4 /users/me'], [
    '/users/7',
    '3 /users/:id(\\d+)'
  ], ['/users/bob', '2 /users/:id'], ['/users/7/x', '1 /users/*'], ['/users', '1 /users/*'], ['/else', '0 /*'], ['/', '0 /*']
])
table('an exact path beats the wildcard that stands on it, and gives way to it when its conditions fail', [
  ['/users/*', { headers: { a: '1', b: '2' } }],
  ['/users/*'],
  ['/users', { headers: { c: '3' } }]
], [
  [
    '/users',
    '2 /users',
    { headers: { a: '1', b: '2', c: '3' } }
  ], ['/users', '0 /users/*', { headers: { a: '1', b: '2' } }], ['/users', '1 /users/*']
])
table('regexes of equal rank are tried in file order', [
  ['/u/:word(\\w+)'],
  ['/u/:number(\\d+)'],
  ['/v/:number(\\d+)/:x'],
  ['/v/:word(\\w+)/y']
], [
  ['/u/1', '0 /u/:word(\\w+)'], ['/v/1/y', '2 /v/:number(\\d+)/:x'], ['/v/a/y', '3 /v/:word(\\w+)/y']
])
table('a regex comes before a free parameter also behind the same literal start', [['/u-:id'], ['/u-:id(\\d+)'], ['/u-:id.json']], [
  ['/u-1', '1 /u-:id(\\d+)'], ['/u-a', '0 /u-:id'], ['/u-1.json', '2 /u-:id.json']
])
table(
  'S1-03, S2-116: a path that no route has is not found',
  [['/a']],
  [['/b', '404'], ['', '404'], ['*', '404'], ['http://host/a', '404'], ['/%', '404'], ['/%ff', '404']]
)
table('S2-109: a wildcard at the root is the default route', [['/*'], ['/a']], [['/', '0 /*'], ['/b/c', '0 /*'], ['/a', '1 /a']])
table('S2-107: paths distinguish case', [['/api']], [['/API', '404'], ['/api', '0 /api']])
table('S0-17: encoded unreserved characters are plain ones, an encoded slash separates nothing', [
  ['/admin'], ['/a/b'], ['/a/:x'], ['/:x'], ['/caf%c3%a9'], ['/100%25'], ['/s::t']
], [
  ['/%61dmin', '0 /admin'], ['/a%2Fb', '3 /:x'], ['/a%2fb', '3 /:x'], ['/a/b%2Fc', '2 /a/:x'], [
    '/caf%C3%A9',
    '4 /caf%c3%a9'
  ], ['/100%25', '5 /100%25'], ['/s:t', '6 /s::t'], ['/%2561dmin', '3 /:x']
])
table('S1-09: a wrong method is refused with the methods that are served', [
  ['/a', { methods: ['POST'] }],
  ['/a', { methods: ['GET'] }],
  ['/b', { methods: ['PUT'], headers: { x: '1' } }],
  ['/c/d', { methods: ['GET'] }],
  ['/c/:x', { methods: ['DELETE'] }]
], [
  ['/a', '405 GET, HEAD, POST', { method: 'PUT' }], ['/b', '404'], ['/b', '405 PUT', { headers: { x: '1' } }], [
    '/c/d',
    '405 DELETE, GET, HEAD',
    { method: 'POST' }
  ], ['/c/d', '4 /c/:x', { method: 'DELETE' }]
])
table('S1-10: one path has a route for each method', [
  ['/a', { methods: ['GET'] }],
  ['/a', { methods: ['POST', 'PUT'] }],
  ['/a', { methods: ['PURGE'] }]
], [
  ['/a', '0 /a'], ['/a', '1 /a', { method: 'PUT' }], ['/a', '2 /a', { method: 'PURGE' }]
])
table('HEAD goes to the GET route unless a route lists HEAD', [
  ['/a', { methods: ['GET'] }], ['/b', { methods: ['GET'] }], ['/b', { methods: ['HEAD'] }],
  ['/c', { methods: ['GET'] }], ['/c']
], [
  ['/a', '0 /a', { method: 'HEAD' }], ['/b', '2 /b', { method: 'HEAD' }], ['/c', '3 /c', { method: 'HEAD' }]
])
table(
  'no methods means any method, also one that nobody has heard of',
  [['/a']],
  [['/a', '0 /a', { method: 'PROPFIND' }], ['/a', '0 /a', { method: 'X-CUSTOM' }]]
)
table('S2-110, S2-114: more conditions first, then file order', [
  ['/a'],
  ['/a', { headers: { v: '2' } }],
  ['/a', { headers: { v: '2' }, query: { q: '1' } }],
  ['/a', { headers: { v: { regex: '\\d' } } }],
  ['/a', { headers: { v: { present: true } } }],
  ['/a', { headers: { w: '1' } }],
  ['/a', { headers: { v: '2', x: '*' } }]
], [
  ['/a', '0 /a'], ['/a', '1 /a', { headers: { v: '2', w: '1' } }],
  ['/a', '2 /a', { headers: { v: '2', x: '1' }, query: '?q=1' }], ['/a', '6 /a', { headers: { v: '2', x: '1' } }],
  ['/a', '3 /a', { headers: { v: '3' } }], ['/a', '4 /a', { headers: { v: 'x' } }],
  ['/a', '5 /a', { headers: { v: 'x', w: '1' } }]
])
table(
  'S2-111: presence matches any value that is not empty',
  [['/a', { headers: { 'X-Canary': '*' } }], ['/a']],
  [['/a', '0 /a', { headers: { 'x-canary': 'yes' } }], ['/a', '1 /a', { headers: { 'x-canary': '' } }], ['/a', '1 /a']]
)
table('S2-112, S2-117: hosts select routes, exact before wildcard', [
  ['/*', { host: ['*.example.com'] }],
  ['/*', { host: ['shop.example.com', 'store.example'] }],
  ['/*', { host: ['*.eu.example.com'] }]
], [
  ['/x', '1 /*', { host: 'shop.example.com' }], ['/x', '1 /*', { host: 'store.example' }],
  ['/x', '0 /*', { host: 'blog.example.com' }], ['/x', '2 /*', { host: 'a.eu.example.com' }],
  ['/x', '404', { host: 'example.com' }], ['/x', '404']
])
table('S2-113, S2-115: the path decides before conditions, and a failed condition falls through', [
  ['/api/users'],
  ['/api/*', { headers: { v: '2' } }],
  ['/only', { headers: { v: '2' } }],
  ['/:page']
], [
  [
    '/api/users',
    '0 /api/users',
    { headers: { v: '2' } }
  ], ['/api/x', '1 /api/*', { headers: { v: '2' } }], ['/api/x', '404'], ['/only', '3 /:page']
])
table('query conditions read decoded values, also of repeated parameters', [
  ['/a', { query: { 'a b': 'ü&' } }],
  ['/a', { query: { debug: { present: true } } }]
], [
  [
    '/a',
    '0 /a',
    { query: '?x=1&a+b=1&a%20b=%C3%BC%26' }
  ], ['/a', '1 /a', { query: '?debug' }], ['/a', '404', { query: '?Debug' }], ['/a', '404', { query: '?%' }]
])
table('S0-14: the trailing slash can be ignored', [['/a'], ['/b/'], ['/c/*'], ['/d/:id'], ['/']], [
  ['/a/', '0 /a'], ['/a', '0 /a'], ['/b', '1 /b/'], ['/b/', '1 /b/'], ['/c/', '2 /c/*'], [
    '/d/1/',
    '3 /d/:id'
  ], ['/d/', '404'], ['/', '4 /'], ['/a//', '404']
], 'ignore')
table(
  'S0-14: the trailing slash counts unless it is ignored',
  [['/a'], ['/b/'], ['/c/'], ['/c/*']],
  [['/a/', '404'], ['/b', '404'], ['/b/', '1 /b/'], ['/c/', '2 /c/'], ['/c', '3 /c/*']]
)

test('S1-11: parameters come decoded, and raw as the client sent them, under the names of the chosen route', () => {
  const matcher = matcherOf([['/u/:a', { methods: ['GET'] }], ['/u/:b'], ['/f/:dir/*'], ['/pre%20-:name.:ext', {}], ['/u/:c/:d/:e/:f/:g']])
  const both = (path: string, method = 'GET') => {
    const match = matcher.match(view(path, { method }))
    assert.ok(match.kind === 'route')
    return [{ ...match.params }, { ...match.rawParams() }]
  }
  assert.deepEqual(both('/u/%C3%BC%2F%2525'), [{ a: 'ü/%25' }, { a: '%C3%BC%2F%2525' }])
  assert.deepEqual(both('/u/x', 'POST'), [{ b: 'x' }, { b: 'x' }])
  assert.deepEqual(both('/f/%64/a%2Fb//c/'), [{ dir: 'd', '*': 'a/b//c/' }, { dir: '%64', '*': 'a%2Fb//c/' }])
  assert.deepEqual(both('/f/d'), [{ dir: 'd', '*': '' }, { dir: 'd', '*': '' }])
  assert.deepEqual(
    both('/%70re%20-%F0%9F%98%80%e2%82%ac.a.%7Ax'),
    [{ name: '😀€.a', ext: 'zx' }, { name: '%F0%9F%98%80%e2%82%ac.a', ext: '%7Ax' }]
  )
  assert.deepEqual(both('/u/1/2/3/4/5')[0], { c: '1', d: '2', e: '3', f: '4', g: '5' })
  assert.deepEqual(both(`/u/${'x'.repeat(8000)}`)[0], { a: 'x'.repeat(8000) })
})

test('a wildcard keeps the trailing slash that routing ignores', () => {
  const match = matcherOf([['/f/*']], 'ignore').match(view('/f/a/'))
  assert.ok(match.kind === 'route')
  assert.deepEqual([match.params['*'], match.rawParams()['*']], ['a/', 'a/'])
})

test('two matches do not share their parameters', () => {
  const matcher = matcherOf([['/u/:id']])
  const [one, other] = [matcher.match(view('/u/1')), matcher.match(view('/u/2'))]
  assert.ok(one.kind === 'route' && other.kind === 'route')
  assert.deepEqual([one.params['id'], other.params['id'], one.rawParams()['id']], ['1', '2', '1'])
})

test('S1-08: a thousand routes on one path node are no limit', () => {
  const matcher = matcherOf(Array.from({ length: 1000 }, (_, index): Row => ['/a/:x', { headers: { v: `${index}` } }]))
  assert.equal(outcome(matcher.match(view('/a/1', { headers: { v: '999' } }))), '999 /a/:x')
})

test('explain lists every route whose path fits, in order, with a reason', () => {
  const rows: Row[] = [
    ['/*'],
    ['/u/:id', { methods: ['GET'] }],
    ['/u/:id', { methods: ['GET'] }],
    ['/u/:id', { headers: { 'x-version': 'v2' } }],
    ['/u/me', { host: ['a.com'], query: { q: '*' } }],
    ['/u/me', { methods: ['POST'] }],
    ['/v']
  ]
  const explained = matcherOf(rows).explain(view('/u/me', { host: 'b.com', headers: { 'x-version': 'v1' } }))
  assert.deepEqual(explained.map(({ route, verdict, why }) => [route.value, verdict, why]), [
    ['4 /u/me', 'lost', 'host is "b.com", not a.com; query parameter q is missing'],
    ['5 /u/me', 'lost', 'method GET is not POST'],
    ['3 /u/:id', 'lost', 'header x-version is "v1", not "v2"'],
    ['1 /u/:id', 'chosen', 'path, method and conditions fit, and no more specific route does'],
    ['2 /u/:id', 'lost', 'later in the file'],
    ['0 /*', 'lost', 'less specific than /u/:id']
  ])
  assert.deepEqual(matcherOf(rows).explain(view('/nowhere/x')).map(({ route }) => route.value), ['0 /*'])
})

// The plain list: for each segment of the little language below, what it fits and how it ranks, written down by hand.
const language: Record<string, { readonly fits: RegExp, readonly rank: readonly number[] }> = {
  a: { fits: /^a$/, rank: [-1, 0, 0] },
  ab: { fits: /^ab$/, rank: [-2, 0, 0] },
  'a:p': { fits: /^a.+$/, rank: [-1, 3, 0] },
  ':p.x': { fits: /^.+\.x$/, rank: [0, 1, -2] },
  ':p-:q': { fits: /^.+-[^-]+$/, rank: [0, 2, 0] },
  ':p(\\d+)': { fits: /^\d+$/, rank: [0, 2, 0] },
  ':p([ab1]+)': { fits: /^[ab1]+$/, rank: [0, 2, 0] },
  ':p': { fits: /^.+$/, rank: [0, 4, 0] }
}
const END = [0, 4.5, 0]
const REST = [0, 5, 0]

interface Planned { readonly segments: readonly string[], readonly wild: boolean, readonly conditions: Conditions, readonly order: number }

const conditions = fc.record({
  methods: fc.subarray(['GET', 'HEAD', 'POST'], { minLength: 1 }),
  host: fc.subarray(['a.x', '*.x', '*.b.x'], { minLength: 1 }),
  headers: fc.dictionary(
    fc.constantFrom('p', 'q'),
    fc.constantFrom<string | { regex: string } | { present: boolean }>('1', '2', '*', { regex: '[12]' }, { present: false })
  )
}, { requiredKeys: [] }) as fc.Arbitrary<Conditions>
const plan = fc.array(
  fc.record({
    segments: fc.array(fc.constantFrom(...Object.keys(language)), { minLength: 1, maxLength: 2 }),
    wild: fc.boolean(),
    conditions
  }),
  { maxLength: 14 }
)
  .map((list) => list.map((route, order): Planned => ({ ...route, order })))
const request = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT'),
  path: fc.array(fc.constantFrom(
    'a',
    'ab',
    'a1',
    '1',
    'b',
    '1.x',
    'a-b',
    'c',
    '%61',
    'a%2Fb',
    ''
  ), { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`),
  query: fc.constant(''),
  host: fc.constantFrom(undefined, 'a.x', 'c.b.x', 'b.y'),
  headers: fc.dictionary(fc.constantFrom('p', 'q'), fc.constantFrom('1', '2', '3', ''))
})

function pathFits (route: Planned, parts: readonly string[]): boolean {
  if (route.wild ? parts.length < route.segments.length : parts.length !== route.segments.length) return false
  return route.segments.every((segment, index) => language[segment]?.fits.test(decodeURIComponent(parts[index] ?? '')))
}

function standsBare (route: Planned, parts: readonly string[]): boolean {
  return route.wild && parts.length === route.segments.length
}

function comparePlans (a: Planned, b: Planned, all: readonly Planned[]): number {
  for (let index = 0; index < 3; index++) {
    const [one, other] = [a, b].map(({ segments, wild }) =>
      language[segments[index] ?? '']?.rank ?? (wild && index === segments.length ? REST : END)
    ) as [readonly number[], readonly number[]]
    const order = one.map((number, place) => number - (other[place] ?? 0)).find((difference) => difference !== 0)
    if (order !== undefined) return order
    if (a.segments[index] === b.segments[index]) continue
    const start = ({ segments }: { readonly segments: readonly string[] }): string => segments.slice(0, index + 1).join('/')
    const [first, second] = [a, b].map(route => all.findIndex(other => start(other) === start(route))) as [number, number]
    return first - second
  }
  return compareConditions(compileConditions(a.conditions), compileConditions(b.conditions)) || a.order - b.order
}

function expectedOf (all: readonly Planned[], asked: RequestView): string {
  const parts = asked.path.slice(1).split('/')
  const facts = new RequestFacts(asked)
  const fitting = all.filter((route) => pathFits(route, parts) && fits(
    { rank: 0, conditions: compileConditions(route.conditions) },
    facts
  )).toSorted((a, b) => comparePlans(a, b, all))
  const takes = ({ conditions: { methods } }: Planned) => methods?.includes(asked.method) ?? true
  const first = fitting.find((route) => takes(route) || (asked.method === 'HEAD' && route.conditions.methods?.includes('GET') === true))
  const allow = new Set(fitting.flatMap(({ conditions: { methods = [] } }) => methods.includes('GET') ? [...methods, 'HEAD'] : methods))
  if (first === undefined) return allow.size === 0 ? '404' : `405 ${[...allow].toSorted().join(', ')}`
  const samePath = (route: Planned) => route.segments.join('/') === first.segments.join('/') && (route.wild === first.wild || (standsBare(
    route,
    parts
  ) || standsBare(first, parts)))
  const own = takes(first) ? first : fitting.filter(samePath).find(takes)
  const chosen = own?.conditions.methods === undefined ? first : own
  return `${chosen.order} ${textOf(chosen)}`
}

function textOf ({ segments, wild }: Planned): string {
  return `/${segments.map((segment, index) => segment.replace('p', `p${index}`).replace('q', `q${index}`)).join('/')}${wild ? '/*' : ''}`
}

test('the matcher answers like a plain list that is sorted and tried from the top', () => {
  fc.assert(fc.property(plan, fc.array(request, { minLength: 5, maxLength: 15 }), (routes, requests) => {
    const matcher = matcherOf(routes.map((route) => [textOf(route), route.conditions] as const))
    for (const asked of requests) {
      assert.equal(outcome(matcher.match(asked)), expectedOf(routes, asked), JSON.stringify(asked))
      const chosen = matcher.explain(asked).filter(({ verdict }) => verdict === 'chosen').map(({ route }) => route.value)
      assert.deepEqual(chosen, /^40[45]/.test(expectedOf(routes, asked)) ? [] : [expectedOf(routes, asked)])
    }
  }), { numRuns: 400 })
})
