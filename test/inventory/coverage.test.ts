/**
 * Every feature of the gateways that this one is measured against has a test that carries its id, or stands
 * here with the reason why not.
 */

import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const root = new URL('../../', import.meta.url)

/** What has no test: what is not built, in words of the product, and what is no behaviour. */
const untested: Readonly<Record<string, readonly string[]>> = {
  'a search in the user interface of Jaeger': ['S1-69'],
  'one answer made of those of several services': ['S0-56'],
  'a comparison with other gateways, which is a page and no behaviour': ['S1-78']
}

/** What there must be a test for. */
const required = [
  ...range('S0-', 1, 56, 2),
  ...range('S1-', 1, 83, 2),
  ...range('S2-', 1, 41, 3), 'S2-009b',
  ...range('S2-', 42, 100, 3), 'S2-048b', 'S2-048c', 'S2-075b',
  ...range('S2-', 102, 164, 3)
]

function range (lead: string, from: number, to: number, digits: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => lead + String(from + index).padStart(digits, '0'))
}

/** Ids in the names of tests. */
function tested (): Set<string> {
  const ids = new Set<string>()
  for (const file of globSync('test/**/*.test.ts', { cwd: root })) {
    for (const [, , name] of readFileSync(new URL(file, root), 'utf8').matchAll(/\btest\((['"`])([^]*?)\1,/g)) {
      for (const [id] of name!.matchAll(/\bS[012]-\d{2,3}[bc]?\b/g)) ids.add(id)
    }
  }
  return ids
}

test('every feature has a test that names it', () => {
  const ids = tested()
  const excused = new Set(Object.values(untested).flat())
  assert.deepEqual(required.filter(id => !ids.has(id) && !excused.has(id)), [])
})

test('nothing that has a test stands in the list of what has none', () => {
  const ids = tested()
  assert.deepEqual(Object.values(untested).flat().filter(id => ids.has(id)), [])
})
