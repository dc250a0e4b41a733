/** By what a collector tells gateways with the same name apart. */

import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'
import { test } from 'node:test'
import { instanceCells, instanceId } from '../../plugins/core/tracing/instance-id.ts'
import { noLock } from '../../src/state/local-memory.ts'

test('all threads have the one that the first of them has drawn', () => {
  const cells = new Float64Array(instanceCells)
  const first = instanceId(cells, noLock, words => randomFillSync(words))
  assert.match(first, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.equal(instanceId(cells, noLock, () => assert.fail()), first)
  assert.notEqual(instanceId(new Float64Array(instanceCells), noLock, words => randomFillSync(words)), first)
})

test('it has all its digits, whatever is drawn', () => {
  const id = (word: number): string => instanceId(new Float64Array(instanceCells), noLock, words => words.fill(word))
  assert.equal(id(0), '00000000-0000-4000-8000-000000000000')
  assert.equal(id(0xffff_ffff), 'ffffffff-ffff-4fff-bfff-ffffffffffff')
})
