/** Many routes on one path: the right one is found, and few are looked at. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileConditions } from '../../plugins/core/routing/conditions.ts'
import { compileDecision, countVisited, findFirst, fits, forEachFitting } from '../../plugins/core/routing/decision-tree.ts'
import { RequestFacts } from '../../plugins/core/routing/request-facts.ts'
import type { Conditions } from '../../plugins/core/routing/conditions.ts'
import type { RequestView } from '../../plugins/core/routing/request-facts.ts'

const any = () => true

function ranked (list: readonly Conditions[]) {
  return list.map((conditions, rank) => ({ rank, conditions: compileConditions(conditions) }))
}

function facts (view: Partial<RequestView>): RequestFacts {
  return new RequestFacts({ method: 'GET', path: '/', query: '', host: undefined, headers: {}, ...view })
}

test('S2-112: of a thousand hosts and a thousand host wildcards on one path a request looks at two', () => {
  const hosts = Array.from(
    { length: 1000 },
    (_, index) => [{ host: [`h${index}.example.com`] }, { host: [`*.h${index}.example.com`] }]
  ).flat()
  const decision = compileDecision(ranked([...hosts, {}]))
  const exact = facts({ host: 'h500.example.com' })
  assert.equal(findFirst(decision, exact, any)?.rank, 1000)
  assert.ok(countVisited(decision, exact) <= 2)
  const below = facts({ host: 'a.b.h500.example.com' })
  assert.equal(findFirst(decision, below, any)?.rank, 1001)
  assert.ok(countVisited(decision, below) <= 2)
  assert.equal(findFirst(decision, facts({ host: 'elsewhere.example' }), any)?.rank, 2000)
})

test('S2-110: a hundred header variants and a hundred query variants on one path cost a look-up each', () => {
  const variants = Array.from(
    { length: 100 },
    (_, index) => [{ headers: { 'x-version': `v${index}` } }, { query: { version: `v${index}` } }]
  ).flat()
  const decision = compileDecision(ranked(variants))
  const request = facts({ headers: { 'x-version': 'v70' }, query: '?version=v20' })
  assert.equal(findFirst(decision, request, any)?.rank, 41)
  assert.ok(countVisited(decision, request) <= 10)
})

test('a header named like a property of every object is absent unless sent', () => {
  const decision = compileDecision(ranked([{ headers: { constructor: { present: true } } }, { query: { __proto__x: { present: true } } }]))
  assert.equal(findFirst(decision, facts({}), any), undefined)
  assert.equal(findFirst(decision, facts({ query: '?__proto__x' }), any)?.rank, 1)
})

const text = fc.constantFrom('1', '2', '3', '4', '5', '6')
const value = fc.oneof(
  { weight: 5, arbitrary: text },
  {
    arbitrary: fc.constantFrom<'*' | { regex: string } | { present: boolean }>(
      '*',
      { regex: '[1-3]' },
      { present: true },
      { present: false }
    ),
    weight: 1
  }
)
const host = fc.constantFrom('a.x', 'b.x', 'c.x', 'a.b.x', '*.x', '*.b.x', '*.a.b.x', 'd.y')
const conditions = fc.record({
  host: fc.array(host, { minLength: 1, maxLength: 3 }),
  headers: fc.dictionary(fc.constantFrom('p', 'q'), value, { maxKeys: 2 }),
  query: fc.dictionary(fc.constantFrom('p', 'q'), value, { maxKeys: 2 })
}, { requiredKeys: [] }) as fc.Arbitrary<Conditions>
const request = fc.record({
  host: fc.constantFrom(undefined, 'a.x', 'b.x', 'a.b.x', 'z.a.b.x', 'q.z'),
  headers: fc.dictionary(fc.constantFrom('p', 'q'), fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 }))),
  query: fc.array(fc.tuple(fc.constantFrom('p', 'q'), text)).map((pairs) => `?${new URLSearchParams(pairs).toString()}`)
})

test('a compiled list answers exactly like scanning it from the top', () => {
  fc.assert(fc.property(fc.array(conditions, { maxLength: 60 }), request, fc.integer({ min: 1, max: 3 }), (list, view, modulus) => {
    const entries = ranked(list)
    const decision = compileDecision(entries)
    const asked = facts(view)
    const accepts = (entry: { readonly rank: number }) => entry.rank % modulus === 0
    const fitting = entries.filter((entry) => fits(entry, asked))
    assert.equal(findFirst(decision, asked, accepts), fitting.find(accepts))
    const seen = new Set<unknown>()
    forEachFitting(decision, asked, (entry) => seen.add(entry))
    assert.deepEqual(seen, new Set(fitting))
  }), { numRuns: 300 })
})
