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
  // Those that got no answer say nothing.
  for (let count = 0; count < 128; count++) {
    const attempt = new TargetAttempt(target, 1000)
    target.enter(attempt, 1000)
    target.settle(attempt, 'failure', 60_000)
  }
  assert.equal(retriesOf(upstream).hedgeAfter(), 1 + Math.floor(0.95 * 128))
})
