/** How memory that threads share is handed out and used again. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Holdings } from '../../src/state/holdings.ts'
import { SharedMemory } from '../../src/state/shared/shared-memory.ts'

const bytes = 2 ** 26

interface Aged {
  readonly memory: SharedMemory
  /** Lets seconds pass. */
  readonly wait: (seconds: number) => void
}

function aged (): Aged {
  let now = 1
  return { memory: SharedMemory.create(2, { bytes, seconds: () => now }), wait: seconds => { now += seconds } }
}

const idOf = (key: number | string): string => JSON.stringify(['test', String(key), null])

test('what is let go of is not used for other state within a minute, then it is', () => {
  const { memory, wait } = aged()
  for (const size of [1, 100, 5000]) {
    const old = memory.cells(idOf('old'), Array.from({ length: size }, () => 7))
    memory.release(idOf('old'))
    wait(59)
    const next = memory.cells(idOf('next'), Array.from({ length: size }, () => 0))
    assert.notEqual(next.byteOffset, old.byteOffset)
    wait(1)
    const last = memory.cells(idOf('last'), Array.from({ length: size }, () => 0))
    assert.equal(last.byteOffset, old.byteOffset)
    assert.ok(last.every(value => value === 0))
    memory.release(idOf('next'))
    memory.release(idOf('last'))
  }
})

test('state that comes and goes for ever needs no more memory, whatever its size', () => {
  const { memory, wait } = aged()
  // Ten times as much as there is, of sizes that do not fit where others have been.
  let taken = 0
  for (let key = 0; taken < 10 * bytes; key++) {
    const size = 1 + key * 7919 % 60_000
    const cells = memory.cells(idOf(key), [])
    memory.counts(idOf(`counts ${key}`), { kind: 'counts', key: '', keys: size })
    taken += size * 80
    wait(1)
    memory.release(idOf(key))
    memory.release(idOf(`counts ${key}`))
    assert.equal(cells.length, 0)
  }
  assert.equal(memory.size, 0)
})

test('where nothing else is left, what was let go of is used at once', () => {
  const { memory } = aged()
  const large = { kind: 'limits', key: 'few', table: { rows: 200_000, cells: [-Infinity, 0] } }
  for (let time = 0; time < 5; time++) {
    const table = memory.table(idOf('large'), large)
    table.acquire('a')
    assert.equal(table.find('a'), undefined)
    table.add('a')
    table.release()
    memory.release(idOf('large'))
  }
})

test('a table that is too large is an error that says what to lower, and changes nothing', async () => {
  const { memory } = aged()
  const id = JSON.stringify(['rate-limiting', 'few', null])
  const definition = { kind: 'rate-limiting', key: 'few', table: { rows: 2_000_000, cells: [-Infinity, 0] } }
  assert.throws(() => memory.table(id, definition), {
    name: 'RangeError',
    message: 'rate-limiting "few" needs 261 MiB for 2000000 keys, but the threads of the gateway share 64 MiB, and have no room for it: ' +
      'lower the number of keys'
  })
  assert.equal(memory.size, 0)
  const holder = new Holdings(memory).hold()
  assert.throws(() => holder.table(definition), RangeError)
  holder.table({ ...definition, table: { ...definition.table, rows: 1000 } })
  await holder.release()
  assert.equal(memory.size, 0)
})

test('thousands of pieces of state keep apart and are found again', () => {
  const { memory } = aged()
  const keys = Array.from({ length: 5000 }, (_, key) => key)
  const all = keys.map(key => memory.cells(idOf(key), Array.from({ length: 1 + key % 300 }, () => key)))
  const other = SharedMemory.attach(memory.buffer, 1)
  for (const key of keys) {
    assert.ok(all[key]!.every(value => value === key))
    assert.equal(other.cells(idOf(key), Array.from({ length: 1 + key % 300 }, () => -1))[0], key)
  }
  for (const key of keys) memory.release(idOf(key))
  assert.equal(memory.size, 5000)
  memory.died(1)
  assert.equal(memory.size, 0)
})
