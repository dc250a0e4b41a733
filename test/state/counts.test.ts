/** What counts and locks promise, in the memory of one thread and in that of several. */

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Holdings } from '../../src/state/holdings.ts'
import { LocalMemory } from '../../src/state/local-memory.ts'
import { SharedMemory } from '../../src/state/shared/shared-memory.ts'
import type { StateMemory } from '../../src/state/state-memory.ts'

const identity = { kind: 'open', key: '' }

const memories: Record<string, () => StateMemory> = {
  'of one thread': () => new LocalMemory(),
  'of several threads': () => SharedMemory.create(3, { bytes: 2 ** 26 })
}

for (const [whose, create] of Object.entries(memories)) {
  suite(`counts in memory ${whose}`, () => {
    test('a count is the sum of what was added, also of many GiB', () => {
      const count = new Holdings(create()).hold().count(identity)
      let sum = 0
      for (const amount of [1, 2 ** 30, 7 * 2 ** 30 - 1, -5, 2 ** 29, -(3 * 2 ** 30), 2 ** 40, -1]) {
        count.add(amount)
        sum += amount
        assert.equal(count.value, sum)
      }
      count.add(-sum)
      assert.equal(count.value, 0)
    })

    test('a key enters as often as it may, and again when it has left', () => {
      const counts = new Holdings(create()).hold().counts({ ...identity, keys: 10 })
      assert.deepEqual([counts.enter('a', 2), counts.enter('a', 2), counts.enter('a', 2)], ['a', 'a', undefined])
      assert.deepEqual([counts.of('a'), counts.of('b'), counts.size], [2, 0, 1])
      counts.leave('a')
      assert.equal(counts.enter('a', 2), 'a')
      counts.leave('a')
      counts.leave('a')
      assert.deepEqual([counts.of('a'), counts.size, [...counts.entries()]], [0, 0, []])
    })

    test('keys beyond the most share one count', () => {
      const counts = new Holdings(create()).hold().counts({ ...identity, keys: 2 })
      for (const key of ['a', 'b', 'a']) counts.enter(key, 5)
      const overflow = counts.enter('c', 2)!
      assert.equal(counts.enter('d', 2), overflow)
      assert.deepEqual([counts.enter('e', 2), counts.of('c'), counts.of('e'), counts.of('a')], [undefined, 2, 2, 2])
      const entries = [...counts.entries()].toSorted(([a], [b]) => a < b ? -1 : 1)
      assert.deepEqual(entries, [['', 2], ['a', 2], ['b', 1]])
      for (const key of [overflow, overflow, 'b', 'a', 'a']) counts.leave(key)
      assert.equal(counts.size, 0)
    })

    test('a rehearsal sees the counts, and keeps what it adds to itself', () => {
      const holdings = new Holdings(create())
      const live = holdings.hold()
      live.count(identity).add(3)
      live.counts({ ...identity, keys: 2 }).enter('a', 5)
      const rehearsal = holdings.fork()
      const [count, counts] = [rehearsal.count(identity), rehearsal.counts({ ...identity, keys: 2 })]
      for (let request = 0; request < 2; request++) {
        rehearsal.renew()
        count.add(2)
        assert.equal(counts.enter('a', 2), 'a')
        assert.equal(counts.enter('a', 2), undefined)
        assert.deepEqual([count.value, counts.of('a')], [5, 2])
      }
      assert.deepEqual([live.count(identity).value, live.counts({ ...identity, keys: 2 }).of('a')], [3, 1])
    })

    test('a lock may be acquired again by the thread that has it', () => {
      const lock = new Holdings(create()).hold().lock(identity)
      for (let time = 0; time < 3; time++) {
        lock.acquire()
        lock.acquire()
        lock.release()
        lock.release()
      }
    })
  })
}
