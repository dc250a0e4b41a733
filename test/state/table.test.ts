/** What tables promise, those of one thread, those of several, and those of rehearsals. */

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import type { Row, StateTable } from '../../src/contract/state.ts'
import { Holdings } from '../../src/state/holdings.ts'
import { LocalMemory } from '../../src/state/local-memory.ts'
import { SharedMemory } from '../../src/state/shared/shared-memory.ts'
import type { StateMemory } from '../../src/state/state-memory.ts'

const definition = { kind: 'limits', key: 'few', table: { rows: 4, cells: [-Infinity, 0] } }

function valuesOf ({ cells, at }: Row): readonly number[] {
  return Array.from(cells.subarray(at, at + 2))
}

/** Does something with a key, as whoever uses a table must. */
function withKey<T> (table: StateTable, key: string, act: () => T): T {
  table.acquire(key)
  try {
    return act()
  } finally {
    table.release()
  }
}

/** The numbers of a key; undefined when it has none. */
function read (table: StateTable, key: string): readonly number[] | undefined {
  return withKey(table, key, () => {
    const row = table.find(key)
    return row === undefined ? undefined : valuesOf(row)
  })
}

/** Sets the numbers of a key, which gets a row unless it has one. */
function write (table: StateTable, key: string, ...values: readonly number[]): void {
  withKey(table, key, () => {
    const { cells, at } = table.find(key) ?? table.add(key)
    for (const [index, value] of values.entries()) cells[at + index] = value
  })
}

function remove (table: StateTable, key: string): void {
  withKey(table, key, () => { table.remove(key) })
}

function roomFor (table: StateTable, key: string, now: number): boolean {
  return withKey(table, key, () => table.room(now))
}

function sorted (table: StateTable): readonly (readonly [string, readonly number[]])[] {
  return [...table.entries()].map(([key, row]) => [key, valuesOf(row)] as const).toSorted(([a], [b]) => a < b ? -1 : 1)
}

const memories: Record<string, () => StateMemory> = {
  'of one thread': () => new LocalMemory(),
  'of several threads': () => SharedMemory.create(3, { bytes: 2 ** 26 })
}

const tables: Record<string, () => StateTable> = Object.fromEntries(Object.entries(memories).flatMap(([whose, memory]) => [
  [whose, () => new Holdings(memory()).hold().table(definition)],
  [`of a rehearsal in memory ${whose}`, () => new Holdings(memory()).fork().table(definition)]
]))

for (const [whose, create] of Object.entries(tables)) {
  suite(`a table ${whose}`, () => {
    test('has the rows that were added, each with its own numbers', () => {
      const table = create()
      assert.equal(read(table, 'a'), undefined)
      write(table, 'a', 10, 1)
      write(table, 'b', 20, 2)
      assert.deepEqual([read(table, 'a'), read(table, 'b'), table.size], [[10, 1], [20, 2], 2])
    })

    test('gives a removed key the numbers of a new row', () => {
      const table = create()
      write(table, 'a', 10, 1)
      remove(table, 'a')
      remove(table, 'a')
      assert.deepEqual([read(table, 'a'), table.size], [undefined, 0])
      write(table, 'a')
      assert.deepEqual(read(table, 'a'), [-Infinity, 0])
    })

    test('lists its keys with their rows', () => {
      const table = create()
      write(table, 'a', 10, 1)
      write(table, 'b', 20, 2)
      remove(table, 'a')
      write(table, 'c', 30, 3)
      assert.deepEqual(sorted(table), [['b', [20, 2]], ['c', [30, 3]]])
    })

    test('has room until it is full', () => {
      const table = create()
      for (const key of ['a', 'b', 'c', 'd']) {
        assert.equal(roomFor(table, key, 0), true)
        write(table, key, 10)
      }
      assert.equal(roomFor(table, 'e', 0), false)
    })

    test('has the empty key beside another one, also when it is full', () => {
      const table = create()
      for (const key of ['a', 'b', 'c', 'd']) write(table, key, 10)
      withKey(table, 'e', () => {
        assert.equal(table.room(0), false)
        write(table, '', 10, 5)
        assert.equal(table.find('e'), undefined)
      })
      assert.deepEqual([read(table, ''), read(table, 'e'), table.size], [[10, 5], undefined, 5])
    })
  })
}

for (const [whose, create] of Object.entries(memories)) {
  suite(`a table ${whose}`, () => {
    test('removes rows whose time is over, and no others', () => {
      const table = new Holdings(create()).hold().table(definition)
      for (const [key, until] of [['a', 10], ['b', Infinity], ['c', 30]] as const) write(table, key, until)
      table.sweep(10, 100)
      assert.deepEqual(sorted(table).map(([key]) => key), ['b', 'c'])
      write(table, 'd', 40)
      write(table, 'e', 40)
      assert.equal(roomFor(table, 'f', 29), false)
      assert.equal(roomFor(table, 'f', 30), true)
    })

    test('has as many keys as it may, of any length and in any script, and lists them', () => {
      const table = new Holdings(create()).hold().table({ ...definition, table: { rows: 3000, cells: [-Infinity, 0] } })
      const keys = Array.from({ length: 3000 }, (_, index) => `${['k', 'ü', '鍵', '🔑'][index % 4]!.repeat(index % 9)}${index}`)
      for (const [index, key] of keys.entries()) {
        assert.ok(roomFor(table, key, 0), `room for ${index}`)
        write(table, key, Infinity, index)
      }
      assert.equal(roomFor(table, 'one more', 0), false)
      assert.deepEqual(sorted(table).map(([key, [, index]]) => [key, index]), [...keys.entries()].map(([index, key]) => [key, index])
        .toSorted(([a], [b]) => a! < b! ? -1 : 1))
      for (const [index, key] of keys.entries()) assert.deepEqual(read(table, key), [Infinity, index])
      for (const key of keys) remove(table, key)
      assert.equal(table.size, 0)
    })

    test('keeps what a map of lists keeps, whatever is added, changed and removed', () => {
      const step = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), value: fc.option(fc.nat(), { nil: undefined }) })
      fc.assert(fc.property(fc.array(step, { maxLength: 200, size: 'max' }), steps => {
        const table = new Holdings(create()).hold().table(definition)
        const model = new Map<string, number>()
        for (const { key, value } of steps) {
          if (value === undefined) {
            remove(table, key)
            model.delete(key)
          } else {
            write(table, key, Infinity, value)
            model.set(key, value)
          }
          for (const [known, number] of model) assert.equal(read(table, known)![1], number)
          assert.equal(table.size, model.size)
        }
      }))
    })

    test('keeps what a map keeps while it grows, also where as many keys leave as come', () => {
      const table = new Holdings(create()).hold().table({ ...definition, table: { rows: 20_000, cells: [-Infinity, 0] } })
      const model = new Map<string, number>()
      for (let step = 0; step < 30_000; step++) {
        const key = `key ${step * 7919 % 9001}`
        if (step % 3 === 0 && model.delete(key)) {
          remove(table, key)
        } else {
          write(table, key, Infinity, step)
          model.set(key, step)
        }
      }
      assert.deepEqual(sorted(table).map(([key, [, step]]) => [key, step]), [...model].toSorted(([a], [b]) => a < b ? -1 : 1))
      assert.equal(table.size, model.size)
      for (const [key, step] of model) assert.equal(read(table, key)![1], step)
    })

    test('is the same for all that take it, and ends with the last one', async () => {
      const holdings = new Holdings(create())
      const [first, second] = [holdings.hold(), holdings.hold()]
      write(first.table(definition), 'a')
      assert.equal(second.table(definition).size, 1)
      assert.equal(second.table({ ...definition, table: { rows: 5, cells: [-Infinity, 0] } }).size, 0)
      await first.release()
      assert.equal(holdings.size, 2)
      await second.release()
      assert.equal(holdings.size, 0)
      assert.equal(holdings.hold().table(definition).size, 0)
    })

    test('of a rehearsal shows the rows of the gateway, keeps changes to itself, and forgets them', () => {
      const holdings = new Holdings(create())
      const live = holdings.hold().table(definition)
      const rehearsal = holdings.fork()
      const table = rehearsal.table(definition)
      write(live, 'a', Infinity, 1)
      write(live, 'b', Infinity, 2)
      for (let request = 0; request < 2; request++) {
        rehearsal.renew()
        write(table, 'a', Infinity, 100)
        write(table, 'c', Infinity, 3)
        remove(table, 'b')
        assert.deepEqual(sorted(table), [['a', [Infinity, 100]], ['c', [Infinity, 3]]])
        assert.deepEqual([table.size, sorted(live)], [2, [['a', [Infinity, 1]], ['b', [Infinity, 2]]]])
      }
    })

    test('of a rehearsal is full when that of the gateway is', () => {
      const holdings = new Holdings(create())
      const live = holdings.hold().table(definition)
      for (const key of ['a', 'b', 'c']) write(live, key, Infinity)
      const table = holdings.fork().table(definition)
      assert.equal(roomFor(table, 'd', 0), true)
      write(table, 'd')
      assert.equal(roomFor(table, 'e', 0), false)
    })
  })
}
