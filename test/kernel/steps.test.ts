/** Long work is done in steps, so that a reload of many routes holds up no request. */

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import Type from '#typebox'
import { checkRoutes } from '../../plugins/core/routing/check.ts'
import { sharedRoutesOf } from '../../plugins/core/routing/shared-routes.ts'
import { definitions } from '../../plugins/core/routing/definitions.ts'
import { Matcher } from '../../plugins/core/routing/matcher.ts'
import { rootPlugins } from '../../src/gateway/app.ts'
import { readInSteps } from '../../src/config/read/document.ts'
import { loadConfig } from '../../src/config/load.ts'
import { Duration } from '../../src/config/schema/units.ts'
import { validate, validateFile } from '../../src/config/check/validate.ts'
import { readRoutes } from '../../src/contract/route.ts'
import { atOnce, errand, inPieces, sorted, type Steps } from '../../src/scheduling/steps.ts'
import { folder } from '../config/folder.ts'

const many = 1000
const yaml = 'upstreams: { a: { targets: ["http://127.0.0.1:1"] } ' +
  `}\nroutes:\n${Array.from({ length: many }, (_, index) => `  - { path: /r${index}/:id, upstream: a, methods: [GET] }\n`).join('')}`

function count (steps: Steps<unknown>): number {
  let all = 0
  for (let step = steps.next(); step.done !== true; step = steps.next(step.value?.here())) all++
  return all
}

test('no pass over the routes of a file is one step', async t => {
  const file = join(folder(t, { 'gateway.yaml': yaml }), 'gateway.yaml')
  // To make nodes, to put variables in, to gather secrets, to make values.
  assert.ok(count(readInSteps(file, { env: {} })) >= 4 * many)
  const { config, schema, document } = await loadConfig(file, { env: {}, rootPlugins })
  assert.ok(count(validateFile(schema.file, document.value as Record<string, unknown>, new Set())) >= many - 100)
  assert.ok(count(checkRoutes(config, () => {})) >= many)
  const routes = readRoutes(config)
  assert.ok(count(definitions(routes)) >= many)
  assert.ok(count(sharedRoutesOf(routes)) >= many)
  // Conditions, nodes, order, tree.
  assert.ok(count(Matcher.compile(atOnce(definitions(routes)), { trailingSlash: 'strict' })) >= 4 * many)
})

test('others get a turn before the work is done', async () => {
  let turns = 0
  const others = (async () => { while (turns < 3) { await setImmediate(); turns++ } })()
  const turnsAtEnd = await inPieces((function * () {
    const until = performance.now() + 10_000
    while (turns < 3 && performance.now() < until) yield
    return turns
  })())
  assert.equal(turnsAtEnd, 3)
  await others
})

test('an errand is done here or beside, as the caller of its steps wants, and its result comes back to the step', async () => {
  const both = function * (): Steps<string[]> {
    const results: string[] = []
    for (let times = 0; times < 2; times++) {
      yield
      results.push(yield * errand({ here: () => 'here', beside: async () => 'beside' }))
    }
    return results
  }
  assert.deepEqual(atOnce(both()), ['here', 'here'])
  assert.deepEqual(await inPieces(both()), ['here', 'here'])
  assert.deepEqual(await inPieces(both(), 'beside'), ['beside', 'beside'])
})

test('others get a turn every few milliseconds of work, and not at every step', async t => {
  let now = 0
  t.mock.method(performance, 'now', () => now)
  let [turns, over] = [0, false]
  const others = (async () => { while (!over) { await setImmediate(); turns++ } })()
  await inPieces((function * (): Steps<void> { for (; now < 800; now++) yield })())
  over = true
  assert.ok(turns >= 100 && turns <= 250, String(turns))
  await others
})

test('what a step throws is thrown', async () => {
  // eslint-disable-next-line require-yield
  await assert.rejects(inPieces((function * (): Steps<void> { throw new Error('no') })()), /no/)
})

test('no step of a sort is long, however many there are to sort', () => {
  let compared = 0
  let longest = 0
  const steps = sorted(Array.from({ length: 50_000 }, (_, index) => (index * 7919) % 50_000), (a, b) => { compared++; return a - b })
  while (steps.next().done !== true) {
    longest = Math.max(longest, compared)
    compared = 0
  }
  assert.ok(longest < 10_000, String(longest))
})

test('sorting in steps is sorting', () => {
  assert.deepEqual(atOnce(sorted<number>([], () => 0)), [])
  const items = fc.array(fc.record({ key: fc.integer({ min: 0, max: 20 }), id: fc.nat() }), { maxLength: 3000, size: 'max' })
  fc.assert(fc.property(items, list => {
    const compare = (a: { key: number }, b: { key: number }): number => a.key - b.key
    assert.deepEqual(atOnce(sorted(list, compare)), list.toSorted(compare))
  }), { numRuns: 50 })
})

test('a file is checked in steps as it is in one: the same value, the same problems', () => {
  const schema = Type.Object({
    name: Type.Optional(Type.String()),
    items: Type.Array(
      Type.Object({ wait: Duration({ default: '1s' }), kind: Type.Optional(Type.String()) }, { additionalProperties: false }),
      { minItems: 1 }
    )
  }, { additionalProperties: false })
  const item = fc.oneof(
    { weight: 20, arbitrary: fc.record({ wait: fc.constantFrom('1s', '5m') }) },
    fc.constant({}),
    fc.constantFrom({ wait: 'soon' }, { kind: 1 }, { other: true }, null, 'text', [])
  )
  fc.assert(fc.property(fc.array(item, { maxLength: 300, size: 'max' }), fc.constantFrom('name', 5), (items, name) => {
    // As in a document, nothing in it is shared.
    const file = JSON.parse(JSON.stringify({ name, items })) as { name: unknown, items: unknown[] }
    const whole = validate(schema, file, '', new Set())
    const steps = atOnce(validateFile(schema, file, new Set()))
    const inOrder = (problems: readonly {
      readonly pointer: string,
      readonly message: string
    }[]): string[] => problems.map(({ pointer, message }) => `${pointer} ${message}`).sort()
    assert.deepEqual(inOrder(steps.problems), inOrder(whole.problems))
    if (whole.problems.length === 0) assert.deepEqual(steps.value, whole.value)
  }), { numRuns: 100 })
})
