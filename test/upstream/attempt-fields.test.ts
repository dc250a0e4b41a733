/** The fields that an attempt adds to those of its exchange. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Attempt } from '../../src/contract/target.ts'
import { attemptFields } from '../../src/transport/attempt-fields.ts'
import type { Exchange } from '../../src/contract/exchange.ts'

test('the time that is left is told in whole milliseconds, at least one, and not where there is no end', () => {
  const exchange = {
    upstream: { config: { timeouts: { header: 'x-time-left' } }, fieldWriters: [] },
    outgoing: { headers: ['a', 'b'], withheld: undefined }
  } as unknown as Exchange
  const told = (left: number): string[] => attemptFields(exchange, {} as Attempt, { deadline: left, endsAt: Infinity }, 0)
  assert.deepEqual(
    [1999.9, 0.3, -5, Infinity].map(told),
    [['a', 'b', 'x-time-left', '1999'], ['a', 'b', 'x-time-left', '1'], ['a', 'b', 'x-time-left', '1'], ['a', 'b']]
  )
})
