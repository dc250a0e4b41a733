import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { compileRules, shareOf, timeAlgorithms } from '../../plugins/policies/rate-limiting/algorithm.ts'
import { fixedWindow } from '../../plugins/policies/rate-limiting/fixed-window.ts'
import { freshState, take, type Rule } from '../../plugins/policies/rate-limiting/rule.ts'
import { slidingWindow } from '../../plugins/policies/rate-limiting/sliding-window.ts'

/** How many of `n` requests at `now` pass. */
function passing (rules: readonly Rule[], state: number[], n: number, now: number): number {
  let passed = 0
  for (let i = 0; i < n; i++) if (take(rules, state, 1, now).allowed) passed++
  return passed
}

suite('every algorithm', () => {
  for (const algorithm of timeAlgorithms) {
    const rulesOf = (...limits: { limit: number, window: number }[]): Rule[] => compileRules(algorithm, limits, undefined)

    test(`${algorithm}: five of six pass at once, and of 200 exactly 100`, () => {
      assert.equal(passing(rulesOf({ limit: 5, window: 1000 }), freshState(rulesOf({ limit: 5, window: 1000 })), 6, 3), 5)
      const hundred = rulesOf({ limit: 100, window: 1000 })
      assert.equal(passing(hundred, freshState(hundred), 200, 12_345.678), 100)
    })

    test(`${algorithm}: a client that waits as long as it was told is admitted, and not a moment sooner`, () => {
      const steps = fc.array(
        fc.record({ after: fc.integer({ min: 0, max: 700 }), cost: fc.integer({ min: 1, max: 3 }) }),
        { minLength: 1, maxLength: 40 }
      )
      fc.assert(fc.property(fc.integer({ min: 3, max: 20 }), steps, (limit, all) => {
        const rules = rulesOf({ limit, window: 1000 }, { limit: limit * 3, window: 10_000 })
        const state = freshState(rules)
        let now = 0
        for (const { after, cost } of all) {
          now += after
          const { allowed, retryAfter } = take(rules, state, cost, now)
          if (allowed) continue
          assert.equal(take(rules, [...state], cost, now + retryAfter + 0.001).allowed, true)
          if (retryAfter > 1) assert.equal(take(rules, [...state], cost, now + retryAfter - 1).allowed, false)
        }
      }), { numRuns: 60 })
    })

    test(`${algorithm}: a refused request counts for none of the limits`, () => {
      const rules = rulesOf({ limit: 2, window: 1000 }, { limit: 100, window: 3_600_000 })
      const state = freshState(rules)
      const refused = [0, 1, 2, 3].map(() => take(rules, state, 1, 0)).at(-1)!
      assert.deepEqual(refused.windows.map(({ left, wait }) => [left, wait > 0]), [[0, true], [98, false]])
    })

    test(`${algorithm}: the tightest of several limits decides`, () => {
      const rules = rulesOf({ limit: 10, window: 1000 }, { limit: 25, window: 3_600_000 })
      const state = freshState(rules)
      assert.deepEqual([0, 2500, 5000, 7500].map(now => passing(rules, state, 20, now)), [10, 10, 5, 0])
    })

    test(`${algorithm}: a state that may be forgotten decides like none`, () => {
      fc.assert(fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 30 }), (limit, requests) => {
        const rules = rulesOf({ limit, window: 1000 })
        const state = freshState(rules)
        passing(rules, state, requests, 50)
        assert.equal(passing(rules, state, 50, state[0]!), limit)
      }))
    })

    test(`${algorithm}: the shares of several gateways are together no more than the limit, and never nothing`, () => {
      for (const [limit, gateways] of [[10, 2], [10, 3], [2, 5]] as const) {
        const share = shareOf(algorithm, rulesOf({ limit, window: 1000 }), gateways)
        const [state, at] = [freshState(share), [0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000]]
        const passed = at.map(now => passing(share, state, 50, now)).reduce((sum, n) => sum + n, 0)
        assert.ok(passed >= 1)
        assert.ok(passed * gateways <= limit * 10 + limit + gateways, `${passed} × ${gateways}`)
      }
    })
  }
})

test('a fixed window forgets all at once, a window after its first request', () => {
  const rules = [fixedWindow({ limit: 3, window: 1000 })]
  const state = freshState(rules)
  assert.deepEqual([400, 1399, 1400].map(now => passing(rules, state, 5, now)), [3, 0, 3])
})

test('a sliding window lets no second burst through at the border of two windows', () => {
  const rules = [slidingWindow({ limit: 10, window: 1000 })]
  const state = freshState(rules)
  assert.equal(passing(rules, state, 1, 0), 1)
  assert.equal(passing(rules, state, 20, 990), 9)
  assert.equal(passing(rules, state, 20, 1001), 0)
  assert.equal(passing(rules, state, 20, 1100), 1)
})

test('a sliding window is empty two windows later', () => {
  const rules = [slidingWindow({ limit: 10, window: 1000 })]
  const state = freshState(rules)
  passing(rules, state, 10, 500)
  assert.equal(passing(rules, state, 20, 2500), 10)
})

test('a fixed window is as good as fresh when it is over, and says how long that takes', () => {
  const rule = fixedWindow({ limit: 2, window: 1000 })
  const state = [...rule.fresh]
  rule.charge(state, 0, 1, 5000)
  assert.deepEqual([5000, 5400, 5999, 6000, 7000].map(now => rule.fullAfter(state, 0, now)), [1000, 600, 1, 0, 0])
})
