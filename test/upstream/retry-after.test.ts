/** When every target is closed, Retry-After says when the first may open: never sooner, and in whole seconds. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { GatewayError } from '../../src/contract/errors.ts'
import { exchange, upstreamOf } from '../load-balancing/upstream.ts'

/** What a client is told while the gates of the targets are closed for these times, in milliseconds; undefined for one that cannot tell. */
function retryAfter (waits: readonly (number | undefined)[], now: number): string {
  const upstream = upstreamOf(waits.map(() => 1))
  let index = 0
  upstream.addGate(() => {
    const wait = waits[index++]
    return {
      name: 'own',
      permits: () => false,
      describe: () => wait === undefined ? { state: 'closed' } : { state: 'closed', opensAt: now + wait }
    }
  })
  try {
    upstream.select(exchange(), now)
  } catch (error) {
    assert.ok(error instanceof GatewayError)
    return String(error.headers!['retry-after'])
  }
  throw new Error('there was a target')
}

test('it is rounded up: who comes back after it finds the gate open', () => {
  assert.deepEqual([1, 999, 1000, 1001, 1200, 1499, 2001].map(wait => retryAfter([wait], 5000)), ['1', '1', '1', '2', '2', '2', '3'])
})

test('it is the time of the first that opens, and 1 where none can tell', () => {
  assert.deepEqual([retryAfter([9000, 2100, undefined], 0), retryAfter([undefined, undefined], 0)], ['3', '1'])
})

test('whatever the times are, Retry-After is neither too early nor a second too late', () => {
  fc.assert(fc.property(fc.array(
    fc.integer({ min: 1, max: 100_000 }),
    { minLength: 1, maxLength: 5 }
  ), fc.integer({ min: 0, max: 1_000_000 }), (waits, now) => {
    const asked = Number(retryAfter(waits, now)) * 1000
    const first = Math.min(...waits)
    assert.ok(asked >= first && asked - first < 1000)
  }))
})
