/**
 * A short storm with the rest of the tests: only promises that hold however slow the machine is. `npm run
 * chaos` has longer ones, and floors.
 */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slow } from './judge.ts'
import { runStorm } from './storm.ts'

for (const threads of [1, 2]) {
  const title = `with ${threads === 1 ? 'one thread' : 'two threads'}, in a storm of faults and reloads`
  test(`${title} every request gets one response, nothing is left open, and the end is clean`, async () => {
    const { figures, broken } = await runStorm({ seed: 20, seconds: 3, rounds: 2, redis: false, connections: 12, threads })
    assert.deepEqual(broken.filter(line => !line.startsWith(slow)), [], figures)
  })
}
