/** How many points a ring has. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HashRing } from '../../plugins/core/load-balancing/hash-ring.ts'

test('weights count by their ratio, and no ring is larger than 65 536 points', () => {
  const sizeOf = (...weights: number[]): number => new HashRing(weights.map((
    weight,
    index
  ) => ({ name: `http://${index}.test`, weight }))).size
  assert.deepEqual([sizeOf(1, 1), sizeOf(5, 5), sizeOf(100, 200)], [320, 320, 480])
  assert.ok(sizeOf(1, 10_000) <= 65_536)
})

test('the smallest of very unequal members has a place, and the order of the file decides nothing', () => {
  const members = [{ name: 'http://small.test', weight: 1 }, { name: 'http://large.test', weight: 1_000_000 }]
  const [ring, turned] = [new HashRing(members), new HashRing(members.toReversed())]
  const owners = Array.from({ length: ring.size }, (_, position) => ring.memberAt(position))
  assert.deepEqual(new Set(owners), new Set([0, 1]))
  assert.deepEqual(
    owners.map(member => members[member]!.name),
    Array.from({ length: turned.size }, (_, position) => members.toReversed()[turned.memberAt(position)]!.name)
  )
})
