import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileRules } from '../../plugins/policies/rate-limiting/algorithm.ts'
import { RedisConnection } from '../../plugins/policies/rate-limiting/redis-connection.ts'
import { readGrant, scriptArguments, takeScript } from '../../plugins/policies/rate-limiting/redis-script.ts'
import { freshState, take, type Rule, type State } from '../../plugins/policies/rate-limiting/rule.ts'
import { SharedLimit, type Pool, type SharedRules } from '../../plugins/policies/rate-limiting/shared-limit.ts'
import { Table } from '../../plugins/policies/rate-limiting/table.ts'
import { tableOf } from './tables.ts'
import { timeAlgorithms } from '../../plugins/policies/rate-limiting/algorithm.ts'
import { systemNames } from '../helpers/names.ts'
import { startRedis } from '../helpers/redis.ts'

/** A Redis that decides by the same rules in memory, on a clock that the test moves. */
class PretendedRedis {
  up = true
  gateways = 2
  forgotAt = -Infinity
  calls = 0
  readonly #rules: readonly Rule[]
  readonly #now: () => number
  #state: State

  constructor (rules: readonly Rule[], now: () => number) {
    this.#rules = rules
    this.#now = now
    this.#state = freshState(rules)
  }

  async run (_script: unknown, _key: string, args: readonly string[]): Promise<readonly number[]> {
    this.calls++
    const [cost = 0, more = 0] = args.slice(1, 3).map(Number)
    const { allowed, windows } = take(this.#rules, this.#state, cost, this.#now())
    const extra = allowed ? Math.min(more, ...windows.map(({ left }) => left)) : 0
    if (extra > 0) take(this.#rules, this.#state, extra, this.#now())
    return [allowed ? cost + extra : 0, ...windows.flatMap(({ left, fullAfter, wait }) => [left, fullAfter * 1000, wait * 1000])]
  }
}

const lease = 100

function setUp (rules: readonly Rule[], gateways = 2) {
  const time = { now: 0 }
  const now = (): number => time.now
  const connection = new PretendedRedis(rules, now)
  const shared: SharedRules = { algorithm: 'token-bucket', rules, keyPrefix: '{' }
  const limits = Array.from({ length: gateways }, () => new SharedLimit({
    connection,
    counts: {
      entries: tableOf(rules, 100).table,
      pools: new Table<Pool>(100, pool => pool.idleAt)
    },
    now,
    timeout: 50,
    lease,
    threads: 1,
    alone: true
  }))
  return { time, connection, ask: async (gateway: number, cost = 1) => await limits[gateway]!.take(shared, 'key', cost) }
}

test('S1-43 two gateways that take in advance admit no more than the limit in any window plus the length of a lease', async () => {
  const steps = fc.array(
    fc.record({ after: fc.double({ min: 0, max: 12, noNaN: true }), gateway: fc.nat(1) }),
    { minLength: 200, maxLength: 600 }
  )
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 100 }), steps, async (limit, all) => {
    const rules = compileRules('token-bucket', [{ limit, window: 1000 }], undefined)
    const { time, ask } = setUp(rules)
    const passed: number[] = []
    for (const { after, gateway } of all) {
      time.now += after
      if ((await ask(gateway))?.allowed === true) passed.push(time.now)
    }
    for (const [i, from] of passed.entries()) {
      for (let j = i; j < passed.length; j += 7) {
        const most = limit + (passed[j]! - from + lease) * limit / 1000 + 1
        assert.ok(j - i + 1 <= most, `${j - i + 1} in ${passed[j]! - from}ms`)
      }
    }
    assert.ok(passed.length <= limit + time.now * limit / 1000 + 1)
  }), { numRuns: 40 })
})

test('a busy key is served without asking Redis for most of its requests', async () => {
  const { time, connection, ask } = setUp(compileRules('token-bucket', [{ limit: 10_000, window: 1000 }], undefined))
  for (let i = 0; i < 5000; i++) {
    time.now += 0.2
    await ask(i % 2)
  }
  assert.ok(connection.calls < 1000, `${connection.calls} calls`)
})

test('a key that is asked for now and then takes nothing in advance, so that nothing is lost', async () => {
  const { time, connection, ask } = setUp(compileRules('token-bucket', [{ limit: 1000, window: 3_600_000 }], undefined))
  for (let i = 0; i < 50; i++) {
    time.now += 150
    await ask(i % 2)
  }
  assert.equal((await ask(0))?.windows[0]?.left, 951)
  assert.equal(connection.calls, 51)
})

test('what was taken in advance is given up when its lease is over', async () => {
  const { time, connection, ask } = setUp(compileRules('token-bucket', [{ limit: 1000, window: 3_600_000 }], undefined), 1)
  for (let i = 0; i < 130; i++) {
    time.now += 1
    await ask(0)
  }
  const before = connection.calls
  assert.equal((await ask(0))?.by, 'lease')
  time.now += lease
  assert.equal((await ask(0))?.by, 'redis')
  assert.equal(connection.calls, before + 1)
})

test('a client that keeps asking while it is refused costs Redis one question', async () => {
  const { time, connection, ask } = setUp(compileRules('token-bucket', [{ limit: 2, window: 1000 }], undefined), 1)
  for (let i = 0; i < 100; i++) await ask(0)
  assert.equal(connection.calls, 3)
  time.now += 500
  assert.equal((await ask(0))?.allowed, true)
})

test('a refusal that is remembered still says how long the wait really is', async () => {
  const { time, connection, ask } = setUp(compileRules('token-bucket', [{ limit: 1, window: 3_600_000 }], undefined), 1)
  for (let i = 0; i < 2; i++) await ask(0)
  time.now += 500
  const refused = await ask(0)
  assert.deepEqual([refused?.by, refused?.retryAfter, connection.calls], ['lease', 3_599_500, 2])
})

test('while Redis is away each gateway keeps its share, warm from what it let through before', async () => {
  const { connection, ask } = setUp(compileRules('token-bucket', [{ limit: 100, window: 3_600_000 }], undefined))
  for (let i = 0; i < 60; i++) await ask(i % 2)
  connection.up = false
  const passed = [0, 0]
  for (let i = 0; i < 200; i++) if ((await ask(i % 2))?.allowed === true) passed[i % 2]!++
  assert.deepEqual(passed, [20, 20])
})

test('whom Redis refused before it went away is not let through because it is away', async () => {
  const { connection, ask } = setUp(compileRules('token-bucket', [{ limit: 10, window: 3_600_000 }], undefined))
  for (let i = 0; i < 10; i++) await ask(0)
  assert.equal((await ask(1))?.allowed, false)
  connection.up = false
  assert.deepEqual([(await ask(0))?.allowed, (await ask(1))?.allowed], [false, false])
})

test('Redis decides as memory does, for every algorithm, with costs and several limits', async t => {
  const redis = await startRedis(t)
  const connection = new RedisConnection({
    url: redis.url,
    prefix: 'test:',
    names: systemNames,
    id: 'test',
    now: () => performance.now(),
    random: Math.random
  })
  t.after(() => connection.close())
  await connection.open()
  for (const algorithm of timeAlgorithms) {
    // Windows so long that the time the test takes is nothing to them.
    const rules = compileRules(algorithm, [{ limit: 12, window: 86_400_000 }, { limit: 30, window: 30 * 86_400_000 }], undefined)
    const state = freshState(rules)
    for (const cost of [1, 5, 13, 4, 3, 2, 1, 1]) {
      const here = take(rules, state, cost, 1000)
      const there = readGrant(await connection.run(
        takeScript,
        `{${algorithm}}`,
        [algorithm, String(cost), '0', '0', ...scriptArguments(algorithm, rules)],
        1000
      ))
      assert.equal(there.granted, here.allowed ? cost : 0, `${algorithm} ${cost}`)
      for (const [index, window] of there.windows.entries()) {
        const own = here.windows[index]!
        assert.equal(window.left, own.left)
        for (const time of ['wait', 'fullAfter'] as const) {
          if (own[time] === Infinity) assert.equal(window[time], Infinity)
          else assert.ok(Math.abs(window[time] - own[time]) < 60_000, `${algorithm} ${cost} ${time}: ${window[time]} and ${own[time]}`)
        }
      }
    }
    const ttl = Number(await redis.command('PTTL', `{${algorithm}}`))
    assert.ok(Math.abs(ttl - (state[0]! - 1000)) < 60_000, `${algorithm} ${ttl}`)
  }
})

test('Redis grants in advance what is left, and takes what was let through without it', async t => {
  const redis = await startRedis(t)
  const connection = new RedisConnection({
    url: redis.url,
    prefix: 'test:',
    names: systemNames,
    id: 'test',
    now: () => performance.now(),
    random: Math.random
  })
  t.after(() => connection.close())
  await connection.open()
  for (const algorithm of timeAlgorithms) {
    const rest = scriptArguments(algorithm, compileRules(algorithm, [{ limit: 20, window: 86_400_000 }], undefined))
    const ask = async (cost: number, more: number, debt: number) => {
      const {
        granted,
        windows
      } = readGrant(await connection.run(takeScript, `{${algorithm}}`, [algorithm, ...[cost, more, debt].map(String), ...rest], 1000))
      return [granted, windows[0]!.left]
    }
    assert.deepEqual(await ask(1, 9, 0), [10, 10])
    assert.deepEqual(await ask(1, 0, 5), [1, 4])
    assert.deepEqual(await ask(1, 9, 0), [4, 0])
    assert.deepEqual(await ask(1, 9, 50), [0, 0])
  }
})
