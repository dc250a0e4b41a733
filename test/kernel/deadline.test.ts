/** A deadline: a result in time or none. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '../../src/service/deadline.ts'
import { ServiceUnavailable } from '../../src/service/service-unavailable.ts'

const never = async (): Promise<never> => await new Promise(() => {})

test('what never responds is given up, whether or not it heeds the signal, which aborts', async () => {
  let signal: AbortSignal | undefined
  await assert.rejects(within(10, async given => {
    signal = given
    return await never()
  }), error => error instanceof ServiceUnavailable && error.message === 'no response within 10 ms')
  assert.equal(signal!.aborted, true)
})

test('a response in time is the response, and nothing is aborted afterwards', async () => {
  let signal: AbortSignal | undefined
  assert.equal(await within(10, async given => {
    signal = given
    return 'yes'
  }), 'yes')
  await assert.rejects(within(10, async () => { throw new Error('no') }), /^Error: no$/)
  // By then the time of both is over.
  await assert.rejects(within(30, never))
  assert.equal(signal!.aborted, false)
})
