/** The keys of overload protection in the file. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Config } from '../../src/config/types.ts'
import { checkOverload } from '../../plugins/core/overload/options.ts'

const shares = { low: 0, normal: 0.1, high: 0.2, critical: 0.3 }

function complaints (limits: object): string[] {
  const found: string[] = []
  const config = { upstreams: { users: { adaptiveConcurrency: {
    initial: 20,
    min: 20,
    max: 200,
    shares,
    ...limits
  } } } } as unknown as Config
  checkOverload(config, ({ pointer, message }) => found.push(`${pointer} ${message}`))
  return found
}

test('the first limit must be within the bounds, and the bounds must be in order', () => {
  assert.deepEqual(complaints({}), [])
  assert.deepEqual(
    complaints({ initial: 10 }),
    ['/upstreams/users/adaptiveConcurrency/initial must be from "min" (20) to "max" (200), got 10']
  )
  assert.deepEqual(
    complaints({ initial: 201 }),
    ['/upstreams/users/adaptiveConcurrency/initial must be from "min" (20) to "max" (200), got 201']
  )
  assert.deepEqual(complaints({ min: 200, initial: 200 }), [])
  assert.deepEqual(complaints({ min: 300 }), ['/upstreams/users/adaptiveConcurrency/min must not be above "max" (200), got 300'])
})

test('no share exceeds the whole', () => {
  assert.deepEqual(complaints({ shares: { low: 0.1, normal: 0.2, high: 0.3, critical: 0.4 } }), [])
  assert.deepEqual(complaints({ shares: { low: 0.2, normal: 0.4, high: 0.3, critical: 0.1 } }), [])
  assert.equal(complaints({ shares: { low: 0.1, normal: 0.1, high: 0.1, critical: 0.8 } }).length, 1)
  assert.deepEqual(
    complaints({ shares: { low: 0.5, normal: 0.5, high: 0.5, critical: 0 } }),
    ['/upstreams/users/adaptiveConcurrency/shares all shares together must not be above 1, got 1.5']
  )
})
