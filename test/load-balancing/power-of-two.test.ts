/** Power of two choices on peak EWMA: slow, busy and failing targets get less. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { latencyAt, record, recordAtLeast, type Latency } from '../../plugins/core/load-balancing/peak-ewma.ts'
import { createPowerOfTwo, type PowerOfTwo, type PowerOfTwoOptions } from '../../plugins/core/load-balancing/power-of-two.ts'
import { TargetAttempt } from '../../src/upstream/attempt.ts'
import type { Target, Outcome } from '../../src/contract/target.ts'
import type { Upstream } from '../../src/contract/upstream.ts'
import { setActive } from '../helpers/load.ts'
import { clients, make } from './contract.ts'
import { exchange, targetOf, upstreamOf } from './upstream.ts'

const decay = 10_000

function setUp (weights: readonly number[], options: Partial<PowerOfTwoOptions> = {}): { upstream: Upstream, balancer: PowerOfTwo } {
  const upstream = upstreamOf(weights)
  return { upstream, balancer: make(createPowerOfTwo, upstream, 7, { decay, failurePenalty: 5000, ...options }) as PowerOfTwo }
}

interface Course {
  readonly status?: number
  readonly took?: number
  readonly retryAfter?: number
  readonly outcome?: Outcome
}

/** One attempt from begin to end; without a status there is no response. */
function attempted (target: Target, now: number, { status, took = 0, retryAfter, outcome = 'success' }: Course): TargetAttempt {
  const attempt = new TargetAttempt(target, now)
  attempt.sentAt = now
  attempt.retryAfter = retryAfter
  target.enter(attempt, now)
  if (status !== undefined) {
    attempt.statusCode = status
    target.answered(attempt, now + took)
  }
  target.settle(attempt, outcome, now + took)
  return attempt
}

test('a slow response counts at once and is forgotten slowly', () => {
  const latency: Latency = { value: 10, at: 0, assumed: false }
  record(latency, 200, 1000, decay)
  assert.equal(latencyAt(latency, 1000, decay), 200)
  record(latency, 10, 2000, decay)
  assert.ok(latencyAt(latency, 2000, decay) > 175)
  assert.ok(Math.abs(latencyAt(latency, 2000 + decay, decay) / latencyAt(latency, 2000, decay) - 1 / Math.E) < 1e-9)
})

test('the latency is never outside of what was measured, and never below the last response while it is fresh', () => {
  const samples = fc.array(fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 5000 })), { minLength: 1, maxLength: 50 })
  fc.assert(fc.property(samples, some => {
    const latency: Latency = { value: 0, at: 0, assumed: true }
    let now = 0
    let highest = 0
    for (const [sample, pause] of some) {
      now += pause
      record(latency, sample, now, decay)
      highest = Math.max(highest, sample)
      assert.ok(latency.value <= highest + 1e-9 && latency.value >= sample - 1e-9)
    }
  }))
})

test('a client that left tells only that a response would have taken longer than it waited', () => {
  const latency: Latency = { value: 100, at: 0, assumed: false }
  recordAtLeast(latency, 20, 0, decay)
  assert.equal(latency.value, 100)
  recordAtLeast(latency, 3000, 0, decay)
  assert.equal(latency.value, 3000)
})

test('a target that is ten times slower gets nothing as long as two others are free', () => {
  const { upstream, balancer } = setUp([1, 1, 1])
  for (const [index, target] of upstream.targets.entries()) attempted(target, 0, { status: 200, took: index === 0 ? 100 : 10 })
  assert.equal(clients(balancer, upstream.targets, 300).get('a'), undefined)
})

test('requests that are open weigh as much as latency, so a fast target is not run over', () => {
  const { upstream, balancer } = setUp([1, 1])
  const [fast, slow] = upstream.targets
  attempted(fast!, 0, { status: 200, took: 10 })
  attempted(slow!, 0, { status: 200, took: 50 })
  setActive(fast!.load, 10)
  assert.equal(balancer.pick(upstream.targets, exchange(), 50), slow)
})

test('a heavier target may cost more', () => {
  const { upstream, balancer } = setUp([4, 1])
  const [heavy, light] = upstream.targets
  attempted(heavy!, 0, { status: 200, took: 30 })
  attempted(light!, 0, { status: 200, took: 10 })
  assert.equal(balancer.pick(upstream.targets, exchange(), 30), heavy)
})

test('the time that a client takes for its body is no latency of the target, whether that responds or fails', () => {
  const { upstream, balancer } = setUp([1, 1], { failurePenalty: 0 })
  const [answering, failing] = upstream.targets.map(target => {
    const attempt = new TargetAttempt(target, 0)
    target.enter(attempt, 0)
    attempt.sentAt = 60_000
    return attempt
  })
  answering!.statusCode = 200
  answering!.target.answered(answering!, 60_020)
  failing!.target.settle(failing!, 'failure', 60_030)
  assert.deepEqual(
    [answering, failing].map(attempt => balancer.latency(attempt!.target, 60_030 - (attempt === answering ? 10 : 0))),
    [20, 30]
  )
})

for (const [what, course] of [
  ['a 503 that comes at once', { status: 503, outcome: 'failure' }],
  ['a 429 that comes at once', { status: 429 }],
  ['a refused connection', { outcome: 'failure' }]
] as const) {
  test(`${what} attracts no requests`, () => {
    const { upstream, balancer } = setUp([1, 1])
    const [broken, sound] = upstream.targets
    attempted(sound!, 0, { status: 200, took: 100 })
    attempted(broken!, 100, course)
    assert.equal(balancer.latency(broken!, 100), 5000)
    assert.deepEqual([...clients(balancer, upstream.targets, 50).keys()], ['b'])
  })
}

test('Retry-After is heeded where it is longer than the penalty, up to five minutes', () => {
  const { upstream, balancer } = setUp([1, 1])
  const [a, b] = upstream.targets
  attempted(a!, 0, { status: 503, retryAfter: 60, outcome: 'failure' })
  attempted(b!, 0, { status: 429, retryAfter: 86_400 })
  assert.equal(balancer.latency(a!, 0), 60_000)
  assert.equal(balancer.latency(b!, 0), 300_000)
})

test('failurePenalty: 0s counts a failure as what it took', () => {
  const { upstream, balancer } = setUp([1, 1], { failurePenalty: 0 })
  attempted(upstream.targets[0]!, 0, { status: 503, took: 7, retryAfter: 60, outcome: 'failure' })
  assert.equal(balancer.latency(upstream.targets[0]!, 7), 7)
})

test('a target that has failed is tried again when its penalty has faded', () => {
  const { upstream, balancer } = setUp([1, 1])
  const [broken, sound] = upstream.targets
  attempted(sound!, 0, { status: 200, took: 10 })
  attempted(broken!, 0, { outcome: 'failure' })
  let tried = Infinity
  for (let now = 0; now < 120_000 && tried === Infinity; now += 1000) {
    if (balancer.pick(upstream.targets, exchange(), now) === broken) tried = now
    else attempted(sound!, now, { status: 200, took: 10 })
  }
  assert.ok(tried > 50_000 && tried < 70_000, `tried after ${tried} ms`)
})

test('the first response of a target takes the place of what was assumed of it', () => {
  const { upstream, balancer } = setUp([1, 1])
  const [slow, fast] = upstream.targets
  attempted(slow!, 0, { status: 200, took: 100 })
  balancer.pick(upstream.targets, exchange(), 100)
  assert.equal(balancer.latency(fast!, 100), 100)
  attempted(fast!, 100, { status: 200, took: 10 })
  assert.equal(balancer.latency(fast!, 110), 10)
})

test('a new target begins with the mean of the others', () => {
  const { upstream, balancer } = setUp([1, 1])
  const [a, b] = upstream.targets
  attempted(a!, 0, { status: 200, took: 10 })
  attempted(b!, 0, { status: 200, took: 10 })
  attempted(b!, 0, { status: 200, took: 50 })
  const added = targetOf(upstream, 'x')
  upstream.setTargets([a!, b!, added])
  for (let turn = 0; turn < 20; turn++) balancer.pick(upstream.targets, exchange(), 50)
  const mean = (balancer.latency(a!, 50)! + balancer.latency(b!, 50)!) / 2
  assert.ok(Math.abs(balancer.latency(added, 50)! - mean) < 1e-9)
})

test('while the client still sends its body the response is no measure of the target', () => {
  const { upstream, balancer } = setUp([1, 1])
  const [target] = upstream.targets
  const attempt = new TargetAttempt(target!, 0)
  target!.enter(attempt, 0)
  attempt.statusCode = 200
  target!.answered(attempt, 9000)
  assert.equal(balancer.latency(target!, 9000), undefined)
})

test('the latency counts to the head of the response, so a stream without end is no slow target', () => {
  const { upstream, balancer } = setUp([1, 1])
  const [target] = upstream.targets
  const attempt = attempted(target!, 0, { status: 200, took: 20 })
  attempt.outcome = undefined
  target!.settle(attempt, 'success', 60_000)
  assert.ok(balancer.latency(target!, 60_000)! < 20)
})
