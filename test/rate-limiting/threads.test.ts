/**
 * What passes a limit when several threads decide at the same time, on a clock that each decision moves. Every decision is made again by
 * one thread alone, in the order of the clock, and must be the same.
 */

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { timeAlgorithms, type TimeAlgorithm } from '../../plugins/policies/rate-limiting/algorithm.ts'
import { takeProgress } from '../../plugins/policies/rate-limiting/counts.ts'
import { takeLocally } from '../../plugins/policies/rate-limiting/local-limit.ts'
import { Holdings } from '../../src/state/holdings.ts'
import { SharedMemory } from '../../src/state/shared/shared-memory.ts'
import { inThreads, startThread } from '../helpers/threads.ts'
import { decisionLength, endlessLimits, entriesOf, progressOptions, rulesOf, type HammeredLimit } from './hammer.ts'

const hammer = import.meta.resolve('./hammer.ts')

interface Decision {
  readonly tick: number
  readonly client: number
  readonly units: number
  readonly allowed: boolean
}

const perSecond = (limit: number) => ({ limit, window: 1000 })
const burst = (algorithm: TimeAlgorithm, burst: number) => algorithm === 'token-bucket' ? { burst } : {}
const times = 4000

/** In turn: a slow limit and a fast one with one client; many clients; several limits, tiers and costs at once. */
const limits: HammeredLimit[] = timeAlgorithms.flatMap(algorithm => [
  { algorithm, tiers: [[perSecond(5)]], ...burst(algorithm, 4), clients: 1, mostUnits: 1, pace: 3, times },
  { algorithm, tiers: [[{ limit: 1000, window: 10 }]], ...burst(algorithm, 100), clients: 1, mostUnits: 1, pace: 1 / 256, times },
  { algorithm, tiers: [[perSecond(20)]], clients: 200, mostUnits: 1, pace: 0.125, times },
  {
    algorithm,
    tiers: [[perSecond(10), { limit: 50, window: 10_000 }], [perSecond(30)]],
    clients: 7,
    mostUnits: 3,
    pace: 4,
    times
  }
])

/** What the threads decided, in the order of the clock. */
function inOrder (made: readonly Float64Array[]): Decision[] {
  const decisions = made.flatMap(list => Array.from({ length: list.length / decisionLength }, (_, index): Decision => {
    const [tick, client, units, taken] = list.subarray(index * decisionLength)
    return { tick: tick!, client: client!, units: units!, allowed: taken === 1 }
  }))
  return decisions.sort((a, b) => a.tick - b.tick)
}

/** Decides once more, alone. */
function alone (limit: HammeredLimit, decisions: readonly Decision[]): boolean[] {
  const entries = entriesOf(new Holdings().hold(), limit, '')
  const rules = rulesOf(limit)
  return decisions.map(({ tick, client, units }) =>
    takeLocally(entries, rules[client % rules.length]!, `client ${client}`, units, () => tick * limit.pace).allowed)
}

suite('a limit over several threads', () => {
  for (const count of [1, 2, 4]) {
    test(`S2-012 ${count} at the same time, over a reload, admit what one would admit in the same order`, async () => {
      const { buffer } = SharedMemory.create(count + 1)
      const ticks = new SharedArrayBuffer(4 * limits.length)
      const made = await inThreads<Float64Array[]>(count, hammer, 'decide', { buffer, ticks, limits })
      for (const [at, limit] of limits.entries()) {
        const decisions = inOrder(made.map(lists => lists[at]!))
        const wanted = alone(limit, decisions)
        const what = `${limit.algorithm}, limit ${at}`
        assert.equal(decisions.length, count * times, what)
        assert.equal(decisions.filter(({ allowed }, index) => allowed !== wanted[index]).length, 0, what)
        const passed = wanted.filter(Boolean).length
        assert.ok(passed > 0 && passed < decisions.length || limit.clients === 200, `${what}: ${passed} passed`)
        if (limit.algorithm !== 'token-bucket' || at > 1) continue
        // A client that never rests gets its burst, and then as many as the bucket fills: as arithmetic has it.
        const elapsed = decisions.at(-1)!.tick * limit.pace
        const { limit: units, window } = limit.tiers[0]![0]!
        assert.equal(passed, limit.burst! + Math.floor(elapsed * units / window), what)
      }
    })
  }
})

test('clients beyond those that are counted separately share one limit of all threads', async () => {
  const { buffer } = SharedMemory.create(3)
  const limit: HammeredLimit = {
    algorithm: 'fixed-window',
    tiers: [[{ limit: 2, window: 1000 }]],
    clients: 50,
    maxKeys: 10,
    mostUnits: 1,
    pace: 0,
    times: 2000
  }
  const made = await inThreads<Float64Array[]>(2, hammer, 'decide', { buffer, ticks: new SharedArrayBuffer(4), limits: [limit] })
  assert.equal(inOrder(made.map(([list]) => list!)).filter(({ allowed }) => allowed).length, 2 * (10 + 1))
})

test('what a thread has taken stays taken when it dies, and the others go on', async () => {
  const memory = SharedMemory.create(3)
  const limits = endlessLimits(new Holdings(memory))
  const taken = new SharedArrayBuffer(8 * 2)
  const threads = [0, 1].map(index => startThread(hammer, 'takeForEver', { buffer: memory.buffer, taken }, index))
  for (const thread of threads) await thread.said()
  const counted = new Float64Array(taken)
  const until = async (index: number, most: number): Promise<void> => {
    while (counted[index]! < most) await new Promise(resolve => { setImmediate(resolve) })
  }
  await until(0, 1000)
  await until(1, 1000)
  await threads[0]!.kill()
  memory.died(1)
  const before = counted[1]!
  await until(1, before + 1000)
  await threads[1]!.kill()
  memory.died(2)
  const sum = counted[0]! + counted[1]!
  for (const { rule, entries } of limits) {
    entries.acquire('client')
    const row = entries.find('client')!
    const charged = rule.capacity - rule.left(row.cells, row.at + 1, 0)
    entries.release()
    // Each thread may have died when it had taken a unit and not counted it yet.
    assert.ok(charged >= sum && charged <= sum + 2, `${charged} charged, ${sum} passed`)
  }
})

test('a limit with more keys than memory has room for is an error that says so, and its generation goes', async () => {
  const holdings = new Holdings(SharedMemory.create(2, { bytes: 2 ** 26 }))
  const holder = holdings.hold()
  const large = { ...limits[0]!, maxKeys: 1_000_000 }
  assert.throws(() => entriesOf(holder, large, 'large'), /rate-limiting "large" needs \d+ MiB for 1000000 keys/)
  await holder.release()
  assert.equal(holdings.size, 0)
})

test('concurrent requests never exceed their number, and those of a thread that dies are given back', async () => {
  const memory = SharedMemory.create(5)
  const clients = 5
  const most = progressOptions.limit
  const seen = new SharedArrayBuffer(4 * clients)
  const progress = takeProgress(new Holdings(memory).hold(), progressOptions)
  const over = await inThreads<number>(4, hammer, 'beginAndEnd', { buffer: memory.buffer, seen, clients, most, times: 20_000 })
  assert.deepEqual(over, [0, 0, 0, 0])
  for (const [client, count] of new Int32Array(seen).entries()) assert.equal(progress.of(`client ${client}`), count)
  assert.ok(progress.size > 0)
  for (const thread of [1, 2, 3, 4]) memory.died(thread)
  assert.equal(progress.size, 0)
})
