import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { writeQueueOf, writtenOf } from '../../src/internals/node-write-queue.ts'
import { pair } from './sides.ts'

test('node 24: the handle of a socket says how many bytes of a write the kernel has not taken', async t => {
  const [near, far] = await pair(t)
  const size = 32 * 1024 * 1024
  const written = new Promise<void>(resolve => { near.write(Buffer.alloc(size), () => resolve()) })
  const queued = writeQueueOf(near)
  assert.ok(queued > 0 && queued < size, String(queued))
  far.resume()
  await written
  assert.equal(writeQueueOf(near), 0)
  assert.equal(writtenOf(near), size)
  near.destroy()
  await once(near, 'close')
  assert.equal(writeQueueOf(near), 0)
})
