/** One upstream for several threads: what it promises, it promises for all of them together. */

import assert from 'node:assert/strict'
import { before, suite, test } from 'node:test'
import { BodyBudget } from '../../src/exchange/body-budget.ts'
import { SharedMemory } from '../../src/state/shared/shared-memory.ts'
import { prepareRetries } from '../../src/transport/retry/retry.ts'
import { exchange } from '../load-balancing/upstream.ts'
import { inThreads, startThread } from '../helpers/threads.ts'
import { rounds, type Given, type Results } from './in-threads.ts'
import { breaking, judging, limiting, places } from './shared-parts.ts'
import { sharedUpstream } from './shared-upstream.ts'

const module = import.meta.resolve('./in-threads.ts')
const threads = 4
const times = 600

const memory = SharedMemory.create(threads + 1)
const given: Given = { buffer: memory.buffer, words: new Int32Array(new SharedArrayBuffer(12)), threads, times }
let results: readonly Results[]

function sum (numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

suite('an upstream of several threads', () => {
  const judged = sharedUpstream(memory, 'judged', [1, 1])
  const { passive, outlier } = judging(judged)
  const filled = sharedUpstream(memory, 'filling', [1, 1, 1])
  const crowded = sharedUpstream(memory, 'crowded', [1, 1])
  const limiter = limiting(crowded)

  before(async () => {
    const half = sharedUpstream(memory, 'breaking', [1])
    breaking(half)
    for (let failure = 0; failure < 3; failure++) {
      const attempt = half.upstream.select(exchange(), 0)
      attempt.target.settle(attempt, 'failure', half.clock.now())
    }
    half.clock.pass(100)
    results = await inThreads<Results>(threads, module, 'all', given)
  })

  test('of fifty requests of four threads one reaches the target of a half-open breaker', () => {
    for (let round = 0; round < rounds; round++) assert.equal(sum(results.map(({ halfOpen }) => halfOpen.admitted[round]!)), 1)
  })

  test('each change of a breaker is told once, by one of the threads', () => {
    const changes = results.flatMap(({ halfOpen }) => halfOpen.changes)
    assert.deepEqual(['half-open', 'open'].map(to => changes.filter(change => change === to).length), [rounds, rounds])
    assert.deepEqual(results.flatMap(({ openOnce }) => openOnce.changes), ['open'])
  })

  test('a breaker that failures of all threads open lets no more of them pass than were under way', () => {
    const passed = sum(results.map(({ openOnce }) => openOnce.passed))
    assert.ok(passed >= 3 && passed <= 2 + threads, String(passed))
  })

  test('turns are shared exactly, whichever thread takes them', () => {
    const picks = (name: string): number[] => [0, 1, 2].map(target => sum(results.map(({ takeTurns }) => takeTurns[name]![target] ?? 0)))
    assert.deepEqual(picks('round-robin'), [threads * times / 3, threads * times / 3, threads * times / 3])
    assert.deepEqual(picks('weighted-round-robin'), [threads * times / 2, threads * times / 3, threads * times / 6])
  })

  test('no target gets more than its cap, and none that is not the least busy', () => {
    assert.deepEqual(results.map(({ fill }) => [fill.above, fill.notLeast]), results.map(() => [0, 0]))
    assert.equal(Math.max(...results.map(({ fill }) => fill.most)), places)
    assert.ok(sum(results.map(({ fill }) => fill.refused)) > 0)
    assert.deepEqual(filled.upstream.targets.map(({ load }) => load.active), [0, 0, 0])
  })

  test('a limit of concurrency is reached and never exceeded', () => {
    assert.equal(Math.max(...results.map(({ crowd }) => crowd.most)), 5)
    assert.ok(sum(results.map(({ crowd }) => crowd.refused)) > 0)
    assert.deepEqual([limiter.active, ...crowded.upstream.targets.map(({ load }) => load.active)], [0, 0, 0])
  })

  test('what judges targets by their traffic hears of every attempt', () => {
    const all = threads * times
    assert.equal(passive.describe(judged.clock.now()), `${all / 4} of ${all} requests failed in 16m40s`)
    assert.deepEqual([outlier.requests, outlier.successes], [all, all * 3 / 4])
    assert.equal(sum(judged.upstream.targets.map(({ load }) => load.opened)), all)
  })

  test('extra attempts are as many as tokens and floor allow', () => {
    const granted = sum(results.map(({ repeat }) => repeat.granted))
    assert.ok(granted <= threads * times * 0.2 && granted >= threads * times * 0.2 - 1, String(granted))
    assert.equal(Math.max(...results.map(({ repeat }) => repeat.most)), 3)
  })

  test('bodies of all threads never hold more than the budget', () => {
    assert.deepEqual(results.map(({ hold }) => hold.above), results.map(() => 0))
    const { holder } = sharedUpstream(memory, 'holding', [1])
    assert.equal(new BodyBudget(holder.count({ kind: 'buffers', key: '' })).used, 0)
  })
})

test('what a thread had taken when it was killed is free again', async t => {
  const shared = SharedMemory.create(3)
  const dying = sharedUpstream(shared, 'dying', [1, 1])
  const limiter = limiting(dying)
  const { budget } = prepareRetries(dying.upstream, dying.holder)
  const bodies = new BodyBudget(dying.holder.count({ kind: 'buffers', key: '' }))
  for (let round = 0; round < 2; round++) {
    const killed = [0, 1].map(index => startThread(import.meta.resolve('./dying.ts'), 'die', { buffer: shared.buffer }, index))
    t.after(async () => { await Promise.all(killed.map(async thread => { await thread.kill() })) })
    await Promise.all(killed.map(async thread => await thread.said()))
    const { first, extra } = budget.state
    assert.deepEqual([first, extra, bodies.used], [2, 2, 2000])
    assert.ok(limiter.active >= 2)
    for (const [index, thread] of killed.entries()) {
      await thread.kill()
      shared.died(index + 1)
    }
    assert.deepEqual({ ...budget.state, saved: 0 }, { first: 0, extra: 0, saved: 0 })
    assert.deepEqual([limiter.active, bodies.used, ...dying.upstream.targets.map(({ load }) => load.active)], [0, 0, 0, 0])
    const attempt = dying.upstream.select(exchange(), 0)
    attempt.target.settle(attempt, 'success', 0)
    assert.equal(attempt.target.load.active, 0)
  }
})
