import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wholeDoubles } from '../../src/internals/node-whole-doubles.ts'
import { inThreads, startThread } from '../helpers/threads.ts'
import { written } from './shared-numbers.ts'

const module = import.meta.resolve('./shared-numbers.ts')

test('node 24: a number that another thread writes is read whole, on processors of 64 bits', async () => {
  assert.equal(wholeDoubles, true)
  const buffer = new SharedArrayBuffer(16)
  const numbers = new Float64Array(buffer)
  const thread = startThread<undefined>(module, 'writeInTurn', buffer)
  await thread.said()
  const torn = new Set<number>()
  for (let time = 0; time < 1_000_000; time++) {
    const number = numbers[0]!
    if (number !== 0 && !written.includes(number)) torn.add(number)
  }
  Atomics.store(new Int32Array(buffer), 2, 1)
  await thread.result
  assert.deepEqual([...torn], [])
})

test('node 24: of two threads that store atomically and then load plainly, at least one sees both', async () => {
  const buffer = new SharedArrayBuffer(4 * 48)
  const alone = await inThreads<number>(2, module, 'addAlone', buffer)
  assert.equal(new Int32Array(buffer)[0], alone[0]! + alone[1]!)
})
