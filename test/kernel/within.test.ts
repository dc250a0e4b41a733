/** A bound for something that may never settle. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '../../src/scheduling/within.ts'

const timers = (): number => process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length

test('what settles in time settles so, and no timer is left that would keep the process', async () => {
  const before = timers()
  assert.equal(await within(Promise.resolve('value'), 60_000), 'value')
  await assert.rejects(within(Promise.reject(new Error('broken')), 60_000), /^Error: broken$/)
  assert.equal(timers(), before)
})

test('what does not settle in time fails with the message, and what becomes of it then is not heard', async () => {
  const { promise, reject } = Promise.withResolvers<never>()
  await assert.rejects(within(promise, 1, 'too slow'), /^Error: too slow$/)
  await assert.rejects(within(promise, 1), /^Error: not done within 1 ms$/)
  reject(new Error('too late'))
  await new Promise(setImmediate)
})
