import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileRules } from '../../plugins/policies/rate-limiting/algorithm.ts'
import { compileQuota, promises, seconds, type QuotaStyle } from '../../plugins/policies/rate-limiting/quota-fields.ts'
import type { WindowVerdict } from '../../plugins/policies/rate-limiting/rule.ts'

test('a wait is told in whole seconds, rounded up, and never as none', () => {
  assert.deepEqual([0, 1, 999, 1000, 1000.0005, 1001, 1400, 1500, 59_001].map(seconds), [1, 1, 1, 1, 1, 2, 2, 2, 60])
})

const window = (left: number, fullAfter: number): WindowVerdict => ({ left, fullAfter, wait: 0 })

/** What is written for a policy with several limits, onto what is there. */
function written (
  style: QuotaStyle,
  policy: string,
  windows: readonly WindowVerdict[],
  there: Record<string, string> = {}
): Record<string, string> {
  const fields = { ...there }
  const rules = compileRules('fixed-window', [{ limit: 10, window: 1000 }, { limit: 100, window: 90_500 }], undefined)
  compileQuota(style, promises(policy, rules))(
    { getHeader: name => fields[name], header: (name, value) => { fields[name] = value } },
    windows
  )
  return fields
}

test('of several limits the older fields tell the one with the least left, unless a policy before has told one with less', () => {
  const told = (left: number, limit: number, reset: number): Record<string, string> => ({
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(left),
    'x-ratelimit-reset': String(reset)
  })
  assert.deepEqual(written('x-ratelimit', 'a', [window(3, 500), window(50, 20_000)]), told(3, 10, 1))
  assert.deepEqual(written('x-ratelimit', 'a', [window(3, 500), window(2, 20_000)]), told(2, 100, 20))
  assert.deepEqual(written('x-ratelimit', 'a', [window(3, 500), window(2, 20_000)], told(1, 7, 9)), told(1, 7, 9))
  assert.deepEqual(written('x-ratelimit', 'a', [window(3, 500), window(2, 20_000)], told(3, 7, 9)), told(2, 100, 20))
})

test('names are quoted as RFC 9651 has it, windows are whole seconds, and policies stand side by side', () => {
  const {
    'ratelimit-policy': policies,
    ratelimit
  } = written('draft', 'a"b\\c\u00e9', [window(3, 500), window(2, 20_000)], { ratelimit: '"before";r=1;t=1' })
  assert.equal(policies, '"a\\"b\\\\c%C3%A9:10/s";q=10;w=1, "a\\"b\\\\c%C3%A9:100/1m30s500ms";q=100;w=91')
  assert.equal(ratelimit, '"before";r=1;t=1, "a\\"b\\\\c%C3%A9:10/s";r=3;t=1, "a\\"b\\\\c%C3%A9:100/1m30s500ms";r=2;t=20')
})

test('a burst is that of the limit with the shortest window', () => {
  const capacities = compileRules(
    'token-bucket',
    [{ limit: 100, window: 60_000 }, { limit: 10, window: 1000 }],
    4
  ).map(({ capacity }) => capacity)
  assert.deepEqual(capacities, [100, 4])
})
