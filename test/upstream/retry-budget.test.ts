import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { backoff } from '../../src/transport/retry/backoff.ts'
import { LatencyQuantile } from '../../src/transport/retry/latency-quantile.ts'
import { RetryBudget } from '../../src/transport/retry/retry-budget.ts'

test('in quiet times a few extra attempts at once are free', () => {
  const budget = new RetryBudget(0.2, 3)
  budget.begin(0)
  assert.deepEqual([budget.take(), budget.take(), budget.take(), budget.take()], [true, true, true, false])
  budget.release()
  assert.equal(budget.take(), true)
})

test('of what comes at once a fifth may be extra', () => {
  const budget = new RetryBudget(0.2, 3)
  for (let i = 0; i < 500; i++) budget.begin(0)
  assert.equal(Array.from({ length: 500 }, () => budget.take()).filter(Boolean).length, 100)
})

test('however fast extra attempts end, over time they are a fifth of first ones', () => {
  fc.assert(fc.property(fc.integer({ min: 50, max: 500 }), fc.integer({ min: 1, max: 20 }), (open, tries) => {
    const budget = new RetryBudget(0.2, 3)
    for (let i = 0; i < open; i++) budget.begin(0)
    let extra = 0
    const turns = 5000
    for (let i = 0; i < turns; i++) {
      for (let n = 0; n < tries; n++) {
        if (!budget.take()) break
        extra++
        budget.release()
      }
      budget.end()
      budget.begin(0)
    }
    assert.ok(extra <= 0.2 * (open + turns) + 1, `${extra} of ${open + turns}`)
  }), { numRuns: 20 })
})

test('what was left over is kept for a second or two, so that all that a dying target had in hand can be repeated', () => {
  const budget = new RetryBudget(0.2, 3)
  for (let i = 0; i < 1000; i++) {
    budget.begin(i)
    if (i < 970) budget.end()
  }
  assert.equal(Array.from({ length: 30 }, () => budget.take()).filter(Boolean).length, 30)
  const later = new RetryBudget(0.2, 0)
  for (let i = 0; i < 1000; i++) later.begin(i)
  later.begin(10_000)
  assert.deepEqual([later.take(), later.take()], [true, false])
})

test('what is left over outlives the second in which it was left behind', () => {
  const budget = new RetryBudget(0.2, 0)
  for (let i = 0; i < 100; i++) budget.begin(0)
  budget.begin(1500)
  assert.equal(Array.from({ length: 100 }, () => budget.take()).filter(Boolean).length, 20)
})

for (const [at, left] of [[999, 20], [1000, 20], [1999, 20], [2000, 1]] as const) {
  test(`of 100 first attempts ${left} extra ones are left after ${at} ms`, () => {
    const budget = new RetryBudget(0.2, 0)
    for (let i = 0; i < 100; i++) budget.begin(0)
    budget.begin(at)
    assert.equal(Array.from({ length: 100 }, () => budget.take()).filter(Boolean).length, left)
  })
}

test('attempts under way and what is left over are shown', () => {
  const budget = new RetryBudget(0.5, 0)
  for (let i = 0; i < 7; i++) budget.begin(0)
  budget.end()
  assert.deepEqual(budget.state, { first: 6, extra: 0, saved: 3 })
  budget.take()
  budget.take()
  budget.release()
  assert.deepEqual(budget.state, { first: 6, extra: 1, saved: 1 })
})

test('without a ratio and a minimum nothing is ever extra', () => {
  const budget = new RetryBudget(0, 0)
  for (let i = 0; i < 100; i++) budget.begin(0)
  assert.equal(budget.take(), false)
})

test('the wait is chosen evenly below a bound that doubles up to the most', () => {
  const rules = { base: 25, max: 250 }
  assert.deepEqual([1, 2, 3, 4, 5, 9].map(attempts => backoff(rules, attempts, () => 1)), [25, 50, 100, 200, 250, 250])
  assert.equal(backoff(rules, 3, () => 0.5), 50)
  assert.equal(backoff(rules, 3, () => 0), 0)
})

test('the quantile is that of the latest latencies, once enough were seen', () => {
  const latency = new LatencyQuantile(0.95)
  for (let i = 0; i < 63; i++) latency.add(i)
  assert.equal(latency.value, undefined)
  latency.add(63)
  assert.equal(latency.value, 60)
  for (let i = 0; i < 1024; i++) latency.add(1000)
  assert.equal(latency.value, 1000)
})

test('the quantiles 0 and 1 are the least and the largest of the latest 512 latencies', () => {
  const [least, largest, most] = [0, 1, 0.95].map(quantile => new LatencyQuantile(quantile))
  for (let latency = 1; latency <= 64; latency++) for (const one of [least!, largest!]) one.add(latency)
  assert.deepEqual([least!.value, largest!.value], [1, 64])
  for (const latency of [1000, 10]) for (let count = 0; count < 512; count++) most!.add(latency)
  assert.equal(most!.value, 10)
})
