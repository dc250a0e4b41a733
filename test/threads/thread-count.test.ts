/** How many threads serve clients. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { thisMachine, threadCount, type ThreadWish } from '../../src/threads/thread-count.ts'

const mebibyte = 2 ** 20
const machine: ThreadWish = { wanted: 'auto', cores: 4, memory: 8192 * mebibyte, platform: 'linux', ports: true }

test('by default there is a thread for each core', () => {
  assert.deepEqual(threadCount(machine), { count: 4, why: 'for 4 cores' })
  assert.deepEqual(threadCount({ ...machine, cores: 1 }), { count: 1, why: 'for 1 core' })
})

test('there are no more threads than memory allows, and at least one', () => {
  const why = (memory: number): string => `because ${memory} MiB of memory allow no more`
  assert.deepEqual(threadCount({ ...machine, memory: 640 * mebibyte }), { count: 2, why: why(640) })
  assert.deepEqual(threadCount({ ...machine, memory: 300 * mebibyte }), { count: 1, why: why(300) })
  assert.deepEqual(threadCount({ ...machine, memory: 64 * mebibyte }), { count: 1, why: why(64) })
})

test('a number is taken as it is, whatever the cores and the memory', () => {
  assert.deepEqual(threadCount({ ...machine, wanted: 8, memory: 64 * mebibyte }), { count: 8, why: 'as server.threads says' })
})

test('where threads cannot share a listener there is one', () => {
  assert.deepEqual(threadCount({ ...machine, wanted: 4, platform: 'darwin' }), {
    count: 1,
    why: 'because threads cannot share a port on darwin'
  })
  assert.deepEqual(threadCount({ ...machine, wanted: 4, ports: false }), {
    count: 1,
    why: 'because threads cannot share a Unix socket'
  })
})

test('this machine has cores and memory', () => {
  const { cores, memory, platform } = thisMachine()
  assert.ok(Number.isInteger(cores) && cores > 0, String(cores))
  assert.ok(memory > 32 * mebibyte && memory < 2 ** 60, String(memory))
  assert.equal(platform, process.platform)
})
