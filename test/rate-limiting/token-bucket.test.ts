import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bucketRules, full, take, type BucketRules } from '../../plugins/rate-limiting/token-bucket.ts'

/** Takes at each of these times; true where it was let through. */
function takeAt (rules: BucketRules, times: readonly number[]): boolean[] {
  let tat = full
  return times.map(now => {
    const taken = take(rules, tat, now)
    tat = taken.tat
    return taken.allowed
  })
}

const count = (results: readonly boolean[]): number => results.filter(Boolean).length
const times = (n: number, now: number): number[] => Array.from<number>({ length: n }).fill(now)

test('a bucket of five that fills with one a second lets five through at once and refuses the sixth', () => {
  const rules = bucketRules({ limit: 1, window: 1000 }, 5)
  assert.deepEqual(takeAt(rules, times(6, 50)), [true, true, true, true, true, false])
})

test('limit 5/s with burst 4 lets four through at once and then one every 200 ms', () => {
  const rules = bucketRules({ limit: 5, window: 1000 }, 4)
  assert.deepEqual(takeAt(rules, [...times(5, 0), 199, 200, 201, 400]), [true, true, true, true, false, false, true, false, true])
})

test('a burst of one spaces requests evenly', () => {
  const rules = bucketRules({ limit: 10, window: 1000 }, 1)
  assert.deepEqual(takeAt(rules, [0, 0, 99, 100, 150, 200]), [true, false, false, true, false, true])
})

test('without a burst a whole window may come at once', () => {
  assert.equal(count(takeAt(bucketRules({ limit: 100, window: 60_000 }, undefined), times(200, 7))), 100)
})

test('a bucket of two that fills with ten a second has one again after 150 ms', () => {
  const rules = bucketRules({ limit: 10, window: 1000 }, 2)
  assert.deepEqual(takeAt(rules, [0, 0, 0, 150, 150]), [true, true, false, true, false])
})

test('a bucket never holds more than its capacity, however long it rests', () => {
  const rules = bucketRules({ limit: 1000, window: 1000 }, 3)
  assert.equal(count(takeAt(rules, times(10, 86_400_000))), 3)
  assert.equal(count(takeAt(rules, [0, ...times(10, 86_400_000)])), 4)
})

test('of 200 requests at once a limit of 100 lets exactly 100 through', () => {
  assert.equal(count(takeAt(bucketRules({ limit: 100, window: 1000 }, 100), times(200, 12_345.678))), 100)
})

test('asking while refused does not lengthen the wait', () => {
  const rules = bucketRules({ limit: 1, window: 1000 }, 1)
  assert.equal(takeAt(rules, [0, ...times(500, 999), 1000]).at(-1), true)
})

test('what is left, when the next may come and when the bucket is full are told', () => {
  const rules = bucketRules({ limit: 5, window: 1000 }, 2)
  const first = take(rules, full, 1000)
  assert.deepEqual(first, { allowed: true, tat: 1200, remaining: 1, retryAfter: 0, fullAfter: 200 })
  const second = take(rules, first.tat, 1000)
  assert.deepEqual(second, { allowed: true, tat: 1400, remaining: 0, retryAfter: 200, fullAfter: 400 })
  assert.deepEqual(take(rules, second.tat, 1050), { allowed: false, tat: 1400, remaining: 0, retryAfter: 150, fullAfter: 350 })
})

test('whoever waits as long as he was told is let through', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 50 }), fc.double({ min: 0, max: 1e9, noNaN: true }), (limit, window, burst, start) => {
    const rules = bucketRules({ limit, window }, burst)
    let taken = take(rules, full, start)
    for (let i = 0; i < burst; i++) taken = take(rules, taken.tat, start)
    assert.equal(taken.allowed, false)
    assert.equal(take(rules, taken.tat, start + taken.retryAfter).allowed, true)
  }))
})

test('in no stretch of time do more pass than the capacity and what has filled up meanwhile', () => {
  const gaps = fc.array(fc.double({ min: 0, max: 400, noNaN: true }), { minLength: 1, maxLength: 60 })
  fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 10 }), gaps, (limit, burst, steps) => {
    const rules = bucketRules({ limit, window: 1000 }, burst)
    let now = 0
    const at = steps.map(step => (now += step))
    const passed = at.filter((_time, index, all) => takeAt(rules, all.slice(0, index + 1)).at(-1))
    for (const [i, from] of passed.entries()) {
      for (const [j, to] of passed.entries()) if (j >= i) assert.ok(j - i + 1 <= rules.capacity + (to - from) / rules.interval + 0.01)
    }
  }), { numRuns: 50 })
})
