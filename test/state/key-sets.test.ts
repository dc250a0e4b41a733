/** Sets of keys in shared memory, seen from inside: what a thread leaves that dies while it divides one. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { layoutOf, sizeAt, writeLayout } from '../../src/state/shared/key-layout.ts'
import { KeySets } from '../../src/state/shared/key-sets.ts'
import { SharedSpace } from '../../src/state/shared/shared-space.ts'

const at = 2 ** 20

test('rows that were copied to a new set, and not yet removed from the old one, are removed by the next that has it', () => {
  const space = SharedSpace.create(2, 2 ** 26)
  writeLayout(space.words, at, layoutOf(1000, 4))
  const sets = new KeySets(space, at)
  const its = sets.acquireKey('a')
  const row = sets.add(its, 'a')
  sets.show(its, row)
  sets.release(its)

  const dying = SharedSpace.attach(space.buffer, 1)
  const old = sets.setAt(1) === its ? sets.setAt(2) : sets.setAt(1)
  new KeySets(dying, at).acquire(old)
  sets.copyRow(its, row, old)
  space.words[at + sizeAt]!++
  space.locks.died(1)

  sets.acquire(old)
  assert.deepEqual([sets.hasRows(old), sets.size], [false, 1])
  sets.release(old)
  assert.equal(sets.acquireKey('a'), its)
  assert.deepEqual([sets.find(its), sets.keyOf(its, row)], [row, 'a'])
})

test('rows that a thread had added and not counted are counted by the next that has their set', () => {
  const space = SharedSpace.create(2, 2 ** 26)
  writeLayout(space.words, at, layoutOf(1000, 4))
  const sets = new KeySets(space, at)
  const dying = new KeySets(SharedSpace.attach(space.buffer, 1), at)
  const set = dying.acquireKey('a')
  const row = dying.add(set, 'a')
  dying.show(set, row)
  // As if it had died between two stores.
  space.words[set + 1]!--
  space.words[at + sizeAt]!--
  space.locks.died(1)

  assert.equal(sets.acquireKey('a'), set)
  assert.deepEqual([sets.find(set), sets.size], [row, 1])
})
