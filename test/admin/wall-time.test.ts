/** Times of the monotonic clock as milliseconds since 1970. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wallTimeOf } from '../../plugins/core/admin/state.ts'

test('a time is told the same each time, although the clocks are not read at once, until the clock of the machine is set', () => {
  let [wall, now] = [1_800_000_000_000, 5000.7]
  const wallTime = wallTimeOf({ wall: () => wall, now: () => now })
  const told = wallTime(4000)
  for (const late of [0.9, 0.2, 3, 0]) {
    now += 1000 + late
    wall += 1000
    assert.equal(wallTime(4000), told)
  }
  wall += 3_600_000
  assert.equal(Math.round((wallTime(4000) - told) / 1000), 3600)
})
