/** What memory promises that several threads share: with real threads. */

import assert from 'node:assert/strict'
import { before, suite, test } from 'node:test'
import { SharedMemory } from '../../src/state/shared/shared-memory.ts'
import { inThreads, startThread, type TestThread } from '../helpers/threads.ts'
import { counted, manyKeys, openKeys, type Hammered } from './hammer.ts'

const hammer = import.meta.resolve('./hammer.ts')
const threads = 3
const times = 20_000
const most = 777

suite('memory of several threads', () => {
  const memory = SharedMemory.create(threads + 1)
  const cells = memory.cells('["cells",""]', [0])
  const table = memory.table('["table",""]', counted)
  const count = memory.count('["count",""]')
  const counts = memory.counts('["counts",""]', openKeys)
  const limited = memory.counts('["limited",""]', openKeys)
  memory.lock('["lock",""]')
  const size = memory.size
  let results: readonly Hammered[]

  before(async () => { results = await inThreads(threads, hammer, 'hammer', { buffer: memory.buffer, times, most }) })

  test('what is done with a lock is indivisible', () => {
    assert.equal(cells[0], threads * times)
  })

  test('no charge of a table is lost, of one key and of many', () => {
    const charges = Object.fromEntries([...table.entries()].map(([key, { cells, at }]) => [key, cells[at + 1]!]))
    const expected = Object.fromEntries(Array.from({ length: manyKeys }, (_, key) => [`key ${key}`, threads * times / manyKeys]))
    assert.deepEqual(charges, { ...expected, one: threads * times })
    assert.equal(table.size, manyKeys + 1)
  })

  test('counts are exact', () => {
    assert.equal(count.value, threads * 2 ** 29)
    assert.deepEqual([...counts.entries()], [['key 0', threads]])
  })

  test('together threads enter exactly as often as a count allows', () => {
    assert.equal(results.reduce((sum, { entered }) => sum + entered, 0), most)
    assert.equal(limited.of('one'), most)
  })

  test('state that comes and goes in several threads keeps apart and leaves nothing', () => {
    assert.deepEqual(results.map(({ mixedUp }) => mixedUp), Array.from({ length: threads }, () => 0))
    for (let thread = 1; thread <= threads; thread++) memory.died(thread)
    assert.equal(memory.size, size)
  })
})

suite('memory of threads that are killed', () => {
  test('what a thread had when it was killed can be acquired, and what it had counted goes', async () => {
    const memory = SharedMemory.create(2)
    const count = memory.count('["count",""]')
    const counts = memory.counts('["counts",""]', openKeys)
    const table = memory.table('["table",""]', counted)
    const lock = memory.lock('["lock",""]')
    count.add(1)
    const thread = startThread(hammer, 'holdEverything', { buffer: memory.buffer })
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

  test('a key that is acquired twice, or not at all, is an error and not a wait', () => {
    const memory = SharedMemory.create(2)
    const table = memory.table('["table",""]', counted)
    assert.throws(() => table.find('a'), { message: 'the key "a" has not been acquired' })
    assert.throws(() => table.release(), { message: 'no key has been acquired' })
    table.acquire('a')
    assert.throws(() => table.acquire('b'), { message: 'the key "a" has not been released' })
    assert.throws(() => table.add('b'), { message: 'the key "b" has not been acquired' })
    table.release()
    // Another object of the same lock, which another thread has as well, in the same thread.
    SharedMemory.attach(memory.buffer, 1).lock('["lock",""]')
    const lock = memory.lock('["lock",""]')
    lock.acquire()
    memory.release('["lock",""]')
    assert.throws(() => memory.lock('["lock",""]').acquire(), { message: 'this thread has the lock already' })
  })

  test('threads that are killed, wherever they are, leave memory that others can use, and no count', async () => {
    const memory = SharedMemory.create(threads + 1)
    const count = memory.count('["count",""]')
    const counts = memory.counts('["counts",""]', openKeys)
    const table = memory.table('["table",""]', counted)
    const lock = memory.lock('["lock",""]')
    const pair = memory.cells('["pair",""]', [0, 0])
    const before = memory.size
    const start = (index: number): TestThread<never> => startThread(hammer, 'useEverything', { buffer: memory.buffer }, index)
    const running = Array.from({ length: threads }, (_, index) => start(index))
    await Promise.all(running.map(async thread => await thread.said()))
    // The second of them goes on meanwhile; the others die and are replaced.
    for (let death = 0; death < 4; death++) {
      const index = death % 2 * 2
      await running[index]!.kill()
      memory.died(index + 1)
      lock.acquire()
      pair[1] = pair[0]!
      lock.release()
      running[index] = start(index)
      await running[index].said()
    }
    for (const [index, thread] of running.entries()) {
      await thread.kill()
      memory.died(index + 1)
    }
    assert.deepEqual([count.value, [...counts.entries()], memory.size], [0, [], before])
    for (let key = 0; key < manyKeys; key++) {
      table.acquire(`key ${key}`)
      table.remove(`key ${key}`)
      table.release()
    }
    assert.deepEqual([...table.entries()], [])
    memory.cells('["new",""]', [1])
  })
})
