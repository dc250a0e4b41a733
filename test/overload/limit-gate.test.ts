/** What the gate of adaptive concurrency counts of an attempt. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LimitGate } from '../../plugins/core/overload/limit-gate.ts'
import type { Limiter } from '../../plugins/core/overload/limiter.ts'
import { reasons, type ReasonCode } from '../../src/contract/errors.ts'
import type { Target } from '../../src/contract/target.ts'
import { TargetAttempt } from '../../src/upstream/attempt.ts'

test('an attempt gives its place back once, and only responses that are no errors have a latency', () => {
  const latencies = [200, 404, 500, 503].map(status => {
    const left: (number | undefined)[] = []
    const gate = new LimitGate({
      enter () {},
      leave: (_rank: number, latency: number | undefined) => { left.push(latency) }
    } as unknown as Limiter)
    const attempt = new TargetAttempt({} as Target, 100)
    const ticket = gate.enter()
    attempt.statusCode = status
    gate.answered(attempt, ticket, 150)
    gate.settle(attempt, ticket, 900)
    return left
  })
  assert.deepEqual(latencies, [[50], [50], [undefined], [undefined]])
})

/** What the limiter hears of an attempt that began at 100, was sent at `sentAt` and ends without a response at 900. */
function heardOf (
  failure: ReasonCode | undefined,
  sentAt?: number,
  rank: 0 | 1 | 2 | 3 = 1
): [rank: number, latency: number | undefined][] {
  const left: [number, number | undefined][] = []
  const gate = new LimitGate({
    enter () {},
    leave: (given: number, latency: number | undefined) => { left.push([given, latency]) }
  } as unknown as Limiter)
  const attempt = new TargetAttempt({} as Target, 100)
  attempt.sentAt = sentAt
  if (failure !== undefined) attempt.failure = reasons[failure]
  gate.entering = rank
  const ticket = gate.enter()
  // Another one that enters meanwhile.
  gate.entering = 2
  gate.settle(attempt, ticket, 900)
  return left
}

for (const code of ['connect-timeout', 'response-timeout', 'total-timeout'] as const) {
  test(`${code} says how slow the upstream is`, () => assert.deepEqual(heardOf(code), [[1, 800]]))
}

test('other failures, and a client that leaves, say nothing of that', () => {
  for (const code of ['connection-refused', 'connection-terminated', undefined] as const) assert.deepEqual(heardOf(code), [[1, undefined]])
})

test('the time that a client takes for its body is not that of the upstream', () => {
  assert.deepEqual(heardOf('response-timeout', 400), [[1, 500]])
})

test('a place is given back under the priority that it was taken with', () => {
  assert.deepEqual(heardOf(undefined, undefined, 3), [[3, undefined]])
})
