/** Which keys a policy limits at the moment, wherever it counts, and in which words. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statesOfPools, statesOfProgress, type KeyState } from '../../plugins/policies/rate-limiting/key-states.ts'
import { limitedKeys } from '../../plugins/policies/rate-limiting/limited-keys.ts'
import type { RateLimitOptions } from '../../plugins/policies/rate-limiting/options.ts'
import { compilePlan, type Plan } from '../../plugins/policies/rate-limiting/plan.ts'
import type { Pool } from '../../plugins/policies/rate-limiting/shared-limit.ts'
import { Table } from '../../plugins/policies/rate-limiting/table.ts'
import type { Exchange } from '../../src/contract/exchange.ts'
import { compileKey } from '../../src/exchange/request-key.ts'
import { atOnce } from '../../src/scheduling/steps.ts'
import { Holdings } from '../../src/state/holdings.ts'

const shared = { cost: {}, exempt: [], headers: 'none', mode: 'enforce', maxKeys: 100 } as unknown as RateLimitOptions

function list (options: Partial<RateLimitOptions>, states: (plan: Plan) => Iterable<KeyState>) {
  const plan = compilePlan('p', { ...shared, key: 'ip', ...options })
  return atOnce(limitedKeys(plan, states(plan), { keys: 10, rows: 100 }))
}

test('of requests in progress, those are limited that have no place left; when one is free is not known', () => {
  const progress = new Holdings().hold().counts({ kind: 'c', key: 'c', keys: 100 })
  for (const key of ['i10.0.0.1', 'i10.0.0.1', 'i10.0.0.2']) progress.enter(key, 2)
  assert.deepEqual(list({ algorithm: 'concurrency', limit: 2 }, plan => statesOfProgress(plan, progress)), [
    { key: '10.0.0.1', left: 0, retryAfterMs: undefined, resetMs: undefined }
  ])
})

test('of a limit in Redis, those are limited that it rejected last, until their time is over', () => {
  const pools = new Table<Pool>(10, () => Infinity)
  const pool = (wait: number): Pool => ({ windows: [{ left: wait > 0 ? 0 : 3, fullAfter: 900, wait }], toldAt: 1000 }) as unknown as Pool
  pools.set('i10.0.0.1', pool(500))
  pools.set('i10.0.0.2', pool(0))
  const limit = { limit: 5, window: 1000 }
  assert.deepEqual(list({ algorithm: 'fixed-window', limit }, () => statesOfPools(pools, 1200)), [
    { key: '10.0.0.1', left: 0, retryAfterMs: 300, resetMs: 700 }
  ])
  assert.deepEqual(list({ algorithm: 'fixed-window', limit }, () => statesOfPools(pools, 1500)), [])
})

test('a key is shown in words, with a digest in place of what may be secret', () => {
  const cases: [key: string | string[], read: string, shown: RegExp][] = [
    ['ip', 'i2001:db8::/64', /^2001:db8::\/64$/],
    ['route', 'r/users', /^route \/users$/],
    ['route', 'r', /^route \(none\)$/],
    ['path', 'u/login', /^path \/login$/],
    ['global', 'g', /^everybody$/],
    ['param:id', 'p7', /^param:id 7$/],
    ['claim:sub', 'tada', /^claim:sub ada$/],
    ['header:x-key', 'hsecret', /^header:x-key #[\w-]{10}$/],
    ['cookie:s', 'csecret', /^cookie:s #[\w-]{10}$/],
    ['query:q', 'qsecret', /^query:q #[\w-]{10}$/],
    // Without the value, the address counts.
    ['header:x-key', 'i10.0.0.1', /^10\.0\.0\.1$/],
    [['header:x-key', 'ip', 'claim:sub'], '4:h4:a9:i10.0.0.12:t:', /^header:x-key #[\w-]{10}, 10\.0\.0\.1, claim:sub :$/],
    // As memory of several threads keeps them, which is only the beginning.
    [['ip', 'claim:sub', 'route'], '9:i10.0.0.120:tada-of-the-long-na', /^10\.0\.0\.1, claim:sub ada-of-the-long-na, …$/],
    [['ip', 'claim:sub', 'route'], '9:i10.0.0.12', /^10\.0\.0\.1, …$/],
    [['ip', 'claim:sub'], '#a-digest-of-what-was-too-long', /^#[\w-]{10}$/]
  ]
  for (const [key, read, shown] of cases) assert.match(compileKey(key).show(read), shown)
  const key = compileKey('header:x-key')
  assert.equal(key.show('ha'), key.show('ha'))
  assert.notEqual(key.show('ha'), key.show('hb'))
})

test('a tier is known by the beginning of its keys, however long its name is and whatever clients send', () => {
  const tiers = { by: 'header:x-plan', gold: { limit: '1/s' }, 'platinum with everything': { limit: '2/s' }, 'platinum': { limit: '3/s' } }
  const rate = (limit: string) => ({ limit: Number(limit.split('/')[0]), window: 1000 })
  const compiled = Object.fromEntries(Object.entries(tiers).map(([name, tier]) => [name, typeof tier === 'string' ? tier : {
    limit: rate(tier.limit)
  }]))
  const plan = compilePlan('p', { ...shared, algorithm: 'fixed-window', key: 'header:x-id', limit: rate('9/s'), tiers: compiled as never })
  for (const name of ['gold', 'platinum with everything', 'platinum', 'none']) {
    const headers = { 'x-plan': name, 'x-id': `\0gold\0${'x'.repeat(30)}` }
    const exchange = { headers, clientIp: '10.0.0.1' } as unknown as Exchange
    const tier = plan.tier(exchange)
    assert.equal(tier.name, name === 'none' ? undefined : name)
    const key = plan.key(exchange, tier)
    assert.equal(plan.tierOf(key.slice(0, 24)), tier)
    assert.match(plan.show(key), /^header:x-id #[\w-]{10}$/)
  }
})
