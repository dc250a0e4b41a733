/** Levels of shedding over a series of delays. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Shedding, sheddingCells } from '../../plugins/core/overload/shedding.ts'

/** Levels after each delay, one every 500 ms. */
function levels (shedding: Shedding, delays: readonly number[], from = 0): number[] {
  return delays.map((delay, index) => shedding.observe(delay, from + index * 500))
}

const fresh = (): Float64Array => Float64Array.from(sheddingCells)
const create = (cells = fresh()): Shedding => new Shedding({ eventLoopDelay: 100, calmFor: 1000 }, cells)

test('a single slow window sheds nothing', () => {
  assert.deepEqual(levels(create(), [0, 900, 0, 900, 0]), [0, 0, 0, 0, 0])
})

test('the slower, the more is shed, the least important first; critical never', () => {
  assert.deepEqual(levels(create(), [100, 100, 200, 200, 400, 9000, 9000]), [0, 1, 1, 2, 2, 3, 3])
})

test('two slow windows count as much as the faster of them', () => {
  assert.deepEqual(levels(create(), [150, 5000]), [0, 1])
})

test('it takes some calm for each level to be let in again', () => {
  const shedding = create()
  levels(shedding, [500, 500])
  assert.deepEqual(levels(shedding, [0, 0, 0, 0, 0, 0, 0], 1000), [3, 3, 2, 2, 1, 1, 0])
})

test('a delay around the threshold does not switch to and fro', () => {
  const shedding = create()
  levels(shedding, [110, 110])
  assert.deepEqual(levels(shedding, [90, 60, 110, 55, 95, 70, 51, 99], 1000), [1, 1, 1, 1, 1, 1, 1, 1])
  assert.deepEqual(levels(shedding, [40, 40, 60, 40, 40, 40], 5000), [1, 1, 1, 1, 1, 0])
})

test('exactly half of the threshold is not calm yet', () => {
  const shedding = create()
  levels(shedding, [110, 110])
  assert.deepEqual(levels(shedding, [50, 50, 50, 50], 1000), [1, 1, 1, 1])
  assert.deepEqual(levels(shedding, [49, 49, 49], 5000), [1, 1, 0])
})

test('a copy knows what the last window was, and goes on from there', () => {
  const cells = fresh()
  levels(create(cells), [110])
  assert.deepEqual(levels(create(cells.slice()), [110], 500), [1])
})

test('a copy goes its own way', () => {
  const cells = fresh()
  const shedding = create(cells)
  levels(create(cells.slice()), [900, 900])
  assert.equal(shedding.level, 0)
})
