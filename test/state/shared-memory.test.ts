/** What memory promises that several threads share: with real threads. */

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { SharedMemory } from '../../src/state/shared/shared-memory.ts'
import { inThreads, startThread } from '../helpers/threads.ts'
import { counted } from './hammer.ts'

const hammer = import.meta.resolve('./hammer.ts')
const threads = 3
const times = 20_000

suite('memory of several threads', () => {
  test('what is done with a lock is indivisible', async () => {
    const memory = SharedMemory.create(threads + 1)
    const cells = memory.cells('["cells",""]', [0])
    await inThreads(threads, hammer, 'addWithLock', { buffer: memory.buffer, times })
    assert.equal(cells[0], threads * times)
  })

  for (const keys of [1, 500]) {
    test(`no charge of a table is lost, with ${keys} keys`, async () => {
      const memory = SharedMemory.create(threads + 1)
      const table = memory.table('["table",""]', counted)
      await inThreads(threads, hammer, 'chargeKeys', { buffer: memory.buffer, times, keys })
      assert.equal(table.size, keys)
      const charges = [...table.entries()].map(([, { cells, at }]) => cells[at + 1]!)
      assert.deepEqual(charges, Array.from({ length: keys }, () => threads * times / keys))
    })
  }

  test('counts are exact', async () => {
    const memory = SharedMemory.create(threads + 1)
    const count = memory.count('["count",""]')
    const counts = memory.counts('["counts",""]', { kind: 'counts', key: '', keys: 100 })
    await inThreads(threads, hammer, 'addToCounts', { buffer: memory.buffer, times })
    assert.equal(count.value, threads * 2 ** 29)
    assert.deepEqual([...counts.entries()], [['key 0', threads]])
  })

  test('together threads enter exactly as often as a count allows', async () => {
    const memory = SharedMemory.create(threads + 1)
    memory.counts('["counts",""]', { kind: 'counts', key: '', keys: 100 })
    const entered = await inThreads<number>(threads, hammer, 'enterLimited', { buffer: memory.buffer, times, most: 777 })
    assert.equal(entered.reduce((sum, times) => sum + times), 777)
  })

  test('state that comes and goes in several threads keeps apart and leaves nothing', async () => {
    const memory = SharedMemory.create(threads + 1)
    const wrong = await inThreads<number>(threads, hammer, 'churn', { buffer: memory.buffer, times: times / 10 })
    assert.deepEqual(wrong, Array.from({ length: threads }, () => 0))
    assert.equal(memory.size, 0)
  })

  test('what a thread had when it was killed can be acquired, and what it had counted goes', async () => {
    const memory = SharedMemory.create(2)
    const count = memory.count('["count",""]')
    const counts = memory.counts('["counts",""]', { kind: 'counts', key: '', keys: 100 })
    const table = memory.table('["table",""]', counted)
    const lock = memory.lock('["lock",""]')
    count.add(1)
    const thread = startThread(hammer, 'holdEverything', { buffer: memory.buffer, times: 0 })
    await thread.said()
    assert.deepEqual([count.value, counts.of('one'), memory.size], [6, 2, 5])
    await thread.kill()
    // Before the control thread has learned of it.
    lock.acquire()
    lock.release()
    table.acquire('key 0')
    table.release()
    memory.died(1)
    assert.deepEqual([count.value, counts.of('one'), counts.size, memory.size], [1, 0, 0, 4])
  })
})
