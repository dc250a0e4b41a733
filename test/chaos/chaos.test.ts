/**
 * A short storm with the rest of the tests: only promises that hold however slow the machine is. `npm run
 * chaos` has longer ones, and floors.
 */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slow } from './judge.ts'
import { runStorm } from './storm.ts'

test('in a storm of faults and reloads every request gets one response, nothing is left open, and the end is clean', async () => {
  const { figures, broken } = await runStorm({ seed: 20, seconds: 4, rounds: 2, redis: false, connections: 12 })
  assert.deepEqual(broken.filter(line => !line.startsWith(slow)), [], figures)
})
