/** What tables promise, those of a gateway and those of its rehearsals. */

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import type { Row, StateTable } from '../../src/contract/state.ts'
import { Holdings } from '../../src/state/holdings.ts'

const definition = { kind: 'limits', key: 'few', table: { rows: 4, cells: [-Infinity, 0] } }

function valuesOf ({ cells, at }: Row): readonly number[] {
  return Array.from(cells.subarray(at, at + 2))
}

function write ({ cells, at }: Row, ...values: readonly number[]): void {
  for (const [index, value] of values.entries()) cells[at + index] = value
}

const tables: Record<string, () => StateTable> = {
  'of a gateway': () => new Holdings().hold().table(definition),
  'of a rehearsal': () => new Holdings().fork().table(definition)
}

for (const [whose, create] of Object.entries(tables)) {
  suite(`a table ${whose}`, () => {
    test('has the rows that were added, each with its own numbers', () => {
      const table = create()
      assert.equal(table.find('a'), undefined)
      write(table.add('a'), 10, 1)
      write(table.add('b'), 20, 2)
      assert.deepEqual([valuesOf(table.find('a')!), valuesOf(table.find('b')!), table.size], [[10, 1], [20, 2], 2])
    })

    test('gives a removed key the numbers of a new row', () => {
      const table = create()
      write(table.add('a'), 10, 1)
      table.remove('a')
      table.remove('a')
      assert.deepEqual([table.find('a'), table.size], [undefined, 0])
      assert.deepEqual(valuesOf(table.add('a')), [-Infinity, 0])
    })

    test('lists its keys with their rows', () => {
      const table = create()
      write(table.add('a'), 10, 1)
      write(table.add('b'), 20, 2)
      table.remove('a')
      write(table.add('c'), 30, 3)
      assert.deepEqual([...table.entries()].map(([key, row]) => [key, valuesOf(row)]), [['b', [20, 2]], ['c', [30, 3]]])
    })

    test('has room until it is full', () => {
      const table = create()
      for (const key of ['a', 'b', 'c', 'd']) {
        assert.equal(table.room(0), true)
        write(table.add(key), 10)
      }
      assert.equal(table.room(0), false)
    })
  })
}

suite('a table of a gateway', () => {
  test('removes rows whose time is over, and no others', () => {
    const table = new Holdings().hold().table(definition)
    for (const [key, until] of [['a', 10], ['b', Infinity], ['c', 30]] as const) write(table.add(key), until)
    table.sweep(10, 100)
    assert.deepEqual(['a', 'b', 'c'].map(key => table.find(key) !== undefined), [false, true, true])
    write(table.add('d'), 40)
    write(table.add('e'), 40)
    assert.equal(table.room(29), false)
    assert.equal(table.room(30), true)
  })

  test('keeps what a map of lists keeps, whatever is added, changed and removed', () => {
    const step = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e'), value: fc.option(fc.nat(), { nil: undefined }) })
    fc.assert(fc.property(fc.array(step, { maxLength: 200, size: 'max' }), steps => {
      const table = new Holdings().hold().table(definition)
      const model = new Map<string, number>()
      for (const { key, value } of steps) {
        if (value === undefined) {
          table.remove(key)
          model.delete(key)
        } else {
          write(table.find(key) ?? table.add(key), Infinity, value)
          model.set(key, value)
        }
        for (const [known, number] of model) assert.equal(valuesOf(table.find(known)!)[1], number)
        assert.equal(table.size, model.size)
      }
    }))
  })

  test('is the same for all that take it, and ends with the last one', async () => {
    const holdings = new Holdings()
    const [first, second] = [holdings.hold(), holdings.hold()]
    first.table(definition).add('a')
    assert.equal(second.table(definition).size, 1)
    assert.equal(second.table({ ...definition, table: { rows: 5, cells: [-Infinity, 0] } }).size, 0)
    await first.release()
    assert.equal(holdings.size, 2)
    await second.release()
    assert.equal(holdings.size, 0)
  })
})

suite('a table of a rehearsal', () => {
  test('shows the rows of the gateway, keeps changes to itself, and forgets them', () => {
    const holdings = new Holdings()
    const live = holdings.hold().table(definition)
    const rehearsal = holdings.fork()
    const table = rehearsal.table(definition)
    write(live.add('a'), Infinity, 1)
    write(live.add('b'), Infinity, 2)
    for (let request = 0; request < 2; request++) {
      rehearsal.renew()
      write(table.find('a')!, Infinity, 100)
      write(table.add('c'), Infinity, 3)
      table.remove('b')
      assert.deepEqual([valuesOf(table.find('a')!), table.find('b'), table.size], [[Infinity, 100], undefined, 2])
      assert.deepEqual(
        [valuesOf(live.find('a')!), valuesOf(live.find('b')!), live.find('c'), live.size],
        [[Infinity, 1], [Infinity, 2], undefined, 2]
      )
    }
  })

  test('is full when the gateway is', () => {
    const holdings = new Holdings()
    const live = holdings.hold().table(definition)
    for (const key of ['a', 'b', 'c']) write(live.add(key), Infinity)
    const table = holdings.fork().table(definition)
    assert.equal(table.room(0), true)
    table.add('d')
    assert.equal(table.room(0), false)
  })
})
