/** What an upstream learns for its retries. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Holdings } from '../../src/state/holdings.ts'
import { TargetAttempt } from '../../src/upstream/attempt.ts'
import { prepareRetries, retriesOf } from '../../src/transport/retry/retry.ts'
import { TargetGroup } from '../../src/upstream/upstream.ts'
import { targetOf, upstreamConfig } from '../load-balancing/upstream.ts'

const { retry } = upstreamConfig()

test('with `after: p95` a second target is asked when 95 of 100 answers would have begun, however long their bodies are', () => {
  const upstream = new TargetGroup('users', upstreamConfig({ retry: { ...retry, hedge: { after: 'p95' } } }))
  prepareRetries(upstream, new Holdings().hold())
  const target = targetOf(upstream, 'a')
  assert.equal(retriesOf(upstream).hedgeAfter(), undefined)
  for (let latency = 1; latency <= 128; latency++) {
    const attempt = new TargetAttempt(target, 1000)
    target.enter(attempt, 1000)
    attempt.answeredAt = 1000 + latency
    target.settle(attempt, 'success', 60_000)
  }
  // Those that got no response say nothing.
  for (let count = 0; count < 128; count++) {
    const attempt = new TargetAttempt(target, 1000)
    target.enter(attempt, 1000)
    target.settle(attempt, 'failure', 60_000)
  }
  assert.equal(retriesOf(upstream).hedgeAfter(), 1 + Math.floor(0.95 * 128))
})

test('what is retried is compiled from the file: groups of failures, statuses, methods, and a second attempt after a time', () => {
  const upstream = new TargetGroup('users', upstreamConfig({
    retry: { ...retry, attempts: 4, on: ['reset', 429, 'timeout', 503], methods: ['GET', 'POST'], retryAfter: 700, hedge: { after: 50 } }
  }))
  const retries = prepareRetries(upstream, new Holdings().hold())
  assert.deepEqual([...retries.failures], ['connection-terminated', 'response-timeout'])
  assert.deepEqual([[...retries.statuses], [...retries.methods]], [[429, 503], ['GET', 'POST']])
  assert.deepEqual([retries.attempts, retries.retryAfter, retries.hedgeAfter()], [4, 700, 50])
  assert.equal(retriesOf(upstream), retries)
  assert.equal(prepareRetries(new TargetGroup('others', upstreamConfig()), new Holdings().hold()).hedgeAfter(), undefined)
})

test('a body is kept for the largest of what an upstream and its fallbacks may have to send again', () => {
  for (const [own, others] of [[10, 20], [20, 10]] as const) {
    const [first, second] = [own, others].map(bufferBody => new TargetGroup('users', upstreamConfig({ retry: { ...retry, bufferBody } })))
    first!.fallback = { upstream: second!, statuses: new Set() }
    const holder = new Holdings().hold()
    assert.deepEqual([first!, second!].map(upstream => prepareRetries(upstream, holder).bufferBody), [20, others])
  }
})

test('the budget has the ratio and the minimum of the file, and continues in the next configuration with the same ones', () => {
  const holdings = new Holdings()
  const prepared = (minimum: number) => prepareRetries(
    new TargetGroup('users', upstreamConfig({ retry: { ...retry, budget: { ratio: 0.25, minimum } } })),
    holdings.hold()
  ).budget
  const budget = prepared(2)
  assert.deepEqual([budget.take(), budget.take(), budget.take()], [true, true, false])
  assert.equal(prepared(2).state.extra, 2)
  const busy = prepared(0)
  for (let request = 0; request < 100; request++) busy.begin(0)
  assert.deepEqual(busy.state, { first: 100, extra: 0, saved: 25 })
})
