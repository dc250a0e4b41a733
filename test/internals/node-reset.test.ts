import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { reset } from '../../src/internals/node-reset.ts'
import { pair } from './sides.ts'

test('node 24: a reset does not wait for unsent bytes where destroySoon is destroy', async t => {
  const [near, far] = await pair(t)
  near.on('error', () => {})
  near.write(Buffer.alloc(32 * 1024 * 1024))
  const closed = once(near, 'close')
  const errors: string[] = []
  far.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code!))
  reset(near)
  await closed
  const ended = new Promise(resolve => { far.once('close', resolve) })
  far.resume()
  await ended
  assert.deepEqual(errors, ['ECONNRESET'])
})
