/** A short storm with the rest of the tests; longer ones by `node test/listeners/hostile.ts --count 100000`. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runHostileStorm } from './hostile.ts'

test('a storm of hostile connections leaves the gateway as it was', { timeout: 60_000 }, async () => {
  const { broken, figures } = await runHostileStorm({ seed: 7, count: 1000, parallel: 100 })
  assert.deepEqual(broken, [], figures)
})
