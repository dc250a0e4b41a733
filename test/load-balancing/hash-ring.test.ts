/** How many points a ring has. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HashRing } from '../../plugins/core/load-balancing/hash-ring.ts'

test('weights count by their ratio, and no ring is larger than 65 536 points', () => {
  const sizeOf = (...weights: number[]): number => new HashRing(weights.map((weight, index) => ({ name: `http://${index}.test`, weight }))).size
  assert.deepEqual([sizeOf(1, 1), sizeOf(5, 5), sizeOf(100, 200)], [320, 320, 480])
  assert.ok(sizeOf(1, 10_000) <= 65_536)
})
