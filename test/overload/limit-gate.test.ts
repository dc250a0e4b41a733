/** What the gate of adaptive concurrency counts of an attempt. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LimitGate } from '../../plugins/core/overload/limit-gate.ts'
import type { Limiter } from '../../plugins/core/overload/limiter.ts'
import { Attempt } from '../../src/transport/attempt.ts'
import type { Target } from '../../src/upstream/target.ts'

test('an attempt gives its place back once, and only answers that are no errors have a latency', () => {
  const latencies = [200, 404, 500, 503].map(status => {
    const left: (number | undefined)[] = []
    const gate = new LimitGate({ enter () {}, leave: (_rank: number, latency: number | undefined) => { left.push(latency) } } as unknown as Limiter)
    const attempt = new Attempt({} as Target, 100)
    const ticket = gate.enter()
    attempt.statusCode = status
    gate.answered(attempt, ticket, 150)
    gate.settle(attempt, ticket, 900)
    return left
  })
  assert.deepEqual(latencies, [[50], [50], [undefined], [undefined]])
})
