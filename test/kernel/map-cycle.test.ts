import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MapCycle } from '../../src/collections/map-cycle.ts'

test('every entry comes in turn, also those that are added meanwhile, and none that is deleted', () => {
  const map = new Map([['a', 1], ['b', 2], ['c', 3]])
  const cycle = new MapCycle(map)
  const keys = (count: number): (string | undefined)[] => Array.from({ length: count }, () => cycle.next()?.[0])
  assert.deepEqual(keys(4), ['a', 'b', 'c', 'a'])
  map.delete('b')
  map.set('d', 4)
  assert.deepEqual(keys(4), ['c', 'd', 'a', 'c'])
  map.clear()
  assert.deepEqual(keys(2), [undefined, undefined])
  map.set('e', 5)
  assert.deepEqual(keys(2), ['e', 'e'])
})
