import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { isLastOfItsMemory } from '../../src/internals/node-read-buffers.ts'
import { pair } from './sides.ts'

test('node 24: memory that a socket has filled to its end is in no later chunk', async t => {
  const [near, far] = await pair(t)
  const filled = new Set<ArrayBufferLike>()
  const size = 8 * 1024 * 1024
  let received = 0
  near.on('data', (chunk: Buffer) => {
    assert.ok(!filled.has(chunk.buffer))
    received += chunk.length
    if (!isLastOfItsMemory(chunk)) return
    filled.add(chunk.buffer)
    // As the gateway does: a use of it by Node would be an error from here on.
    ;(chunk.buffer as ArrayBuffer).transfer(0)
  })
  // In pieces of many sizes.
  for (let left = size, piece = 1; left > 0; left -= piece, piece = Math.min(left, piece * 7 % 99_991)) {
    if (!far.write(Buffer.alloc(Math.min(piece, left), 'x'))) await once(far, 'drain')
    if (piece >= left) break
  }
  far.end()
  await once(near, 'end')
  assert.equal(received, far.bytesWritten)
  assert.ok(filled.size > 0)
})

test('node 24: only Buffers below half the pool share memory with others', () => {
  const half = Buffer.poolSize >>> 1
  assert.ok(Buffer.allocUnsafe(half - 1).buffer.byteLength >= Buffer.poolSize)
  assert.equal(Buffer.allocUnsafe(half).buffer.byteLength, half)
})
