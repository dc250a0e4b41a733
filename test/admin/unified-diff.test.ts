/** Differences between two configurations: as lines, and as places. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { changedPlaces } from '../../plugins/core/admin/changed-places.ts'
import { diffLines } from '../../plugins/core/admin/line-diff.ts'
import { unifiedDiff } from '../../plugins/core/admin/unified-diff.ts'

const names = { before: 'a', after: 'b' }

test('a difference has both texts in it, and is no longer than the shortest', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 })
  fc.assert(fc.property(lines, lines, (old, now) => {
    const diff = diffLines(old, now)
    assert.deepEqual(diff.filter(({ sign }) => sign !== '+').map(({ text }) => text), old)
    assert.deepEqual(diff.filter(({ sign }) => sign !== '-').map(({ text }) => text), now)
    assert.equal(diff.filter(({ sign }) => sign === ' ').length, longestCommon(old, now))
  }), { numRuns: 300 })
})

test('texts with thousands of differences are compared at once: all between the first and the last counts as replaced', () => {
  const old = Array.from({ length: 3000 }, (_, index) => `old ${index}`)
  const now = Array.from({ length: 3000 }, (_, index) => `new ${index}`)
  const diff = diffLines(['same', ...old], ['same', ...now])
  assert.deepEqual([diff.length, diff[0]!.sign], [6001, ' '])
})

test('a unified diff has hunks with three lines around each change and their numbers, and is empty for equal texts', () => {
  const old = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`)
  const now = old.with(1, 'other\n').toSpliced(15, 1)
  assert.equal(unifiedDiff(old.join(''), now.join(''), names), `--- a
+++ b
@@ -1,5 +1,5 @@
 line 1
-line 2
+other
 line 3
 line 4
 line 5
@@ -13,7 +13,6 @@
 line 13
 line 14
 line 15
-line 16
 line 17
 line 18
 line 19
`)
  assert.equal(unifiedDiff('a\n', 'a\n', names), '')
})

test('changed places tell routes apart by name and path, so that a route that is added in front changes no other', () => {
  const before = { routes: [{ path: '/a', upstream: 'x' }, { path: '/b', upstream: 'x' }], dns: { servers: [1] } }
  const routes = [{ path: '/c' }, { path: '/a', upstream: 'x' }, { path: '/b', upstream: 'y' }]
  const after = { routes, dns: { servers: [1, 2] }, new: {} }
  assert.deepEqual(changedPlaces(before, after), [
    { place: 'routes[/b].upstream', change: 'changed' },
    { place: 'routes[/c]', change: 'added' },
    { place: 'dns.servers[1]', change: 'added' },
    { place: 'new', change: 'added' }
  ])
  assert.deepEqual(changedPlaces({ a: [] }, { a: {} }), [{ place: 'a', change: 'changed' }])
  assert.deepEqual(changedPlaces(before, before), [])
})

function longestCommon (a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, () => 0)
  for (const one of a) {
    const next = [0]
    for (const [index, other] of b.entries()) next.push(one === other ? row[index]! + 1 : Math.max(row[index + 1]!, next[index]!))
    row = next
  }
  return row.at(-1)!
}
