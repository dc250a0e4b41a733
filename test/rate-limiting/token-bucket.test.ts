import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { freshState, take, type Rule, type State, type LimitDecision } from '../../plugins/policies/rate-limiting/rule.ts'
import { tokenBucket } from '../../plugins/policies/rate-limiting/token-bucket.ts'

/** Takes one unit at each of these times; true where it was let through. */
function takeAt (rule: Rule, times: readonly number[]): boolean[] {
  const state = freshState([rule])
  return times.map(now => takeOne(rule, state, now).allowed)
}

const takeOne = (rule: Rule, state: State, now: number): LimitDecision => take([rule], state, 1, now)

const count = (results: readonly boolean[]): number => results.filter(Boolean).length
const times = (n: number, now: number): number[] => Array.from<number>({ length: n }).fill(now)

test('a bucket of five that fills with one a second lets five through at once and refuses the sixth', () => {
  const rule = tokenBucket({ limit: 1, window: 1000 }, 5)
  assert.deepEqual(takeAt(rule, times(6, 50)), [true, true, true, true, true, false])
})

test('limit 5/s with burst 4 lets four through at once and then one every 200 ms', () => {
  const rule = tokenBucket({ limit: 5, window: 1000 }, 4)
  assert.deepEqual(takeAt(rule, [...times(5, 0), 199, 200, 201, 400]), [true, true, true, true, false, false, true, false, true])
})

test('a burst of one spaces requests evenly', () => {
  const rule = tokenBucket({ limit: 10, window: 1000 }, 1)
  assert.deepEqual(takeAt(rule, [0, 0, 99, 100, 150, 200]), [true, false, false, true, false, true])
})

test('without a burst a whole window may come at once', () => {
  assert.equal(count(takeAt(tokenBucket({ limit: 100, window: 60_000 }), times(200, 7))), 100)
})

test('a bucket of two that fills with ten a second has one again after 150 ms', () => {
  const rule = tokenBucket({ limit: 10, window: 1000 }, 2)
  assert.deepEqual(takeAt(rule, [0, 0, 0, 150, 150]), [true, true, false, true, false])
})

test('a bucket never holds more than its capacity, however long it rests', () => {
  const rule = tokenBucket({ limit: 1000, window: 1000 }, 3)
  assert.equal(count(takeAt(rule, times(10, 86_400_000))), 3)
  assert.equal(count(takeAt(rule, [0, ...times(10, 86_400_000)])), 4)
})

test('of 200 requests at once a limit of 100 lets exactly 100 through', () => {
  assert.equal(count(takeAt(tokenBucket({ limit: 100, window: 1000 }, 100), times(200, 12_345.678))), 100)
})

test('asking while refused does not lengthen the wait', () => {
  const rule = tokenBucket({ limit: 1, window: 1000 }, 1)
  assert.equal(takeAt(rule, [0, ...times(500, 999), 1000]).at(-1), true)
})

test('what is left, when the next may come and when the bucket is full are told', () => {
  const rule = tokenBucket({ limit: 5, window: 1000 }, 2)
  const state = freshState([rule])
  assert.deepEqual(takeOne(rule, state, 1000), { allowed: true, retryAfter: 0, windows: [{ left: 1, fullAfter: 200, wait: 0 }] })
  assert.deepEqual(takeOne(rule, state, 1000), { allowed: true, retryAfter: 0, windows: [{ left: 0, fullAfter: 400, wait: 0 }] })
  assert.deepEqual(takeOne(rule, state, 1050), { allowed: false, retryAfter: 150, windows: [{ left: 0, fullAfter: 350, wait: 150 }] })
})

test('a client that waits as long as it was told is admitted', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({
    min: 1,
    max: 100_000
  }), fc.integer({ min: 1, max: 50 }), fc.double({ min: 0, max: 1e9, noNaN: true }), (limit, window, burst, start) => {
    const rule = tokenBucket({ limit, window }, burst)
    const state = freshState([rule])
    for (let i = 0; i < burst; i++) takeOne(rule, state, start)
    const refused = takeOne(rule, state, start)
    assert.equal(refused.allowed, false)
    assert.equal(takeOne(rule, state, start + refused.retryAfter).allowed, true)
  }))
})

test('in no stretch of time do more pass than the capacity and what has filled up meanwhile', () => {
  const gaps = fc.array(fc.double({ min: 0, max: 400, noNaN: true }), { minLength: 1, maxLength: 60 })
  fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 10 }), gaps, (limit, burst, steps) => {
    const rule = tokenBucket({ limit, window: 1000 }, burst)
    let now = 0
    const at = steps.map(step => (now += step))
    const passed = at.filter((_time, index, all) => takeAt(rule, all.slice(0, index + 1)).at(-1))
    for (const [i, from] of passed.entries()) {
      for (const [j, to] of passed.entries()) if (j >= i) assert.ok(j - i + 1 <= rule.capacity + (to - from) * limit / 1000 + 0.01)
    }
  }), { numRuns: 50 })
})

test('a request that counts for several takes several, and leaves room for a cheaper one', () => {
  const rule = tokenBucket({ limit: 10, window: 1000 })
  const state = freshState([rule])
  assert.equal(take([rule], state, 7, 0).windows[0]!.left, 3)
  assert.deepEqual(take([rule], state, 5, 0), { allowed: false, retryAfter: 200, windows: [{ left: 3, fullAfter: 700, wait: 200 }] })
  assert.equal(take([rule], state, 3, 0).allowed, true)
})

test('a request that costs more than a bucket holds never passes', () => {
  assert.equal(
    take([tokenBucket({ limit: 10, window: 1000 })], freshState([tokenBucket({ limit: 10, window: 1000 })]), 11, 0).retryAfter,
    Infinity
  )
})

test('units that are taken without asking empty the bucket and do no more: the next one comes in its time', () => {
  const rule = tokenBucket({ limit: 10, window: 1000 })
  const state = [...rule.fresh]
  rule.charge(state, 0, 1000, 5000)
  assert.equal(rule.left(state, 0, 5000), 0)
  assert.ok(Math.abs(rule.wait(state, 0, 1, 5000) - 100) < 0.01)
})
