/** What cells promise, in memory of one thread and in memory that threads share. */

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Holdings } from '../../src/state/holdings.ts'
import { SharedMemory } from '../../src/state/shared/shared-memory.ts'

const counter = { kind: 'counter', key: 'a', cells: [7, -Infinity] }

const memories = {
  'of one thread': () => new Holdings(),
  'of several threads': () => new Holdings(SharedMemory.create(3, { bytes: 2 ** 26 }))
}

for (const [memory, create] of Object.entries(memories)) {
  suite(`state in memory ${memory}`, () => {
    test('the same identity gives the same cells, whatever the order of its options', () => {
      const holdings = create()
      const first = holdings.hold().state({ ...counter, options: { limit: 5, per: 'ip' } })
      assert.deepEqual([...first], [7, -Infinity])
      first[0] = 3
      assert.deepEqual([...holdings.hold().state({ ...counter, options: { per: 'ip', limit: 5 }, cells: [1, 1] })], [3, -Infinity])
    })

    test('another kind, key, option or number of cells gives others', () => {
      const holder = create().hold()
      holder.state(counter)[0] = 3
      for (const other of [{ kind: 'other' }, { key: 'b' }, { options: { n: 1 } }, { cells: [7] }]) {
        assert.equal(holder.state({ ...counter, ...other })[0], 7, JSON.stringify(other))
      }
    })

    test('a number of cells gives so many zeros', () => {
      assert.deepEqual([...create().hold().state({ kind: 'zeros', key: '', cells: 3 })], [0, 0, 0])
    })

    test('cells of any size keep apart, and stay whatever is taken and let go of', async () => {
      const holdings = create()
      const holder = holdings.hold()
      const sizes = [1, 3, 200, 256, 257, 5000, 2, 255, 0, 1]
      const all = sizes.map((size, index) => holder.state({ kind: 'sized', key: String(index), cells: size }).fill(index))
      await holdings.hold().release()
      for (const [index, cells] of all.entries()) {
        assert.ok(cells.length === sizes[index] && cells.every(value => value === index), `state ${index}`)
      }
    })

    test('state ends with its last holder, and what is written later changes no other state', async () => {
      const holdings = create()
      const [first, second] = [holdings.hold(), holdings.hold()]
      const cells = first.state(counter)
      first.state(counter)[0] = 1
      second.state(counter)
      await first.release()
      await first.release()
      assert.equal(second.state(counter), cells)
      await second.release()
      assert.equal(holdings.size, 0)
      const next = Array.from({ length: 2000 }, (_, key) => holdings.hold().state({ ...counter, key: String(key) }))
      cells[0] = 100
      assert.ok(next.every(([value]) => value === 7))
    })

    test('an inner holder lets go by itself or with the one that it is in', async () => {
      const holdings = create()
      const outer = holdings.hold()
      const [early, late] = [outer.hold(), outer.hold()]
      early.state(counter)[0] = 1
      late.state({ ...counter, key: 'b' })
      await early.release()
      assert.equal(holdings.size, 1)
      assert.equal(holdings.hold().state(counter)[0], 7)
      await outer.release()
      await late.release()
      assert.equal(holdings.size, 1)
    })

    test('a rehearsal sees the cells as they are, keeps its changes to itself, and begins anew with each request', () => {
      const holdings = create()
      const live = holdings.hold().state(counter)
      const rehearsal = holdings.fork()
      const cells = rehearsal.state(counter)
      const inner = rehearsal.hold().state(counter)
      for (const value of [0, 5, 7]) {
        live[0] = value
        rehearsal.renew()
        assert.deepEqual([cells[0], inner[0]], [value, value])
        cells[0]!++
        live[0] = 100
        assert.deepEqual([cells[0], inner[0], live[0]], [value + 1, value + 1, 100], 'a copy is of one moment')
      }
    })

    test('a rehearsal of what the gateway does not have begins with new cells, and sees those that it has later', async () => {
      const holdings = create()
      const rehearsal = holdings.fork()
      const cells = rehearsal.state(counter)
      cells[0] = 3
      assert.equal(rehearsal.state(counter)[0], 3)
      rehearsal.renew()
      assert.deepEqual([...cells], [7, -Infinity])
      holdings.hold().state(counter)[0] = 9
      rehearsal.renew()
      assert.equal(cells[0], 9)
      await rehearsal.release()
      assert.equal(holdings.size, 1)
    })
  })
}
