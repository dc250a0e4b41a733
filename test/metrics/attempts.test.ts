/** What is counted about attempts, without a gateway around them. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Registry } from '@prometheus-io/client'
import { AttemptMetrics } from '../../plugins/core/metrics/attempt-metrics.ts'
import { certificateMetrics } from '../../plugins/core/metrics/certificates.ts'
import { Instruments } from '../../plugins/core/metrics/instruments.ts'
import { TargetAttempt } from '../../src/upstream/attempt.ts'
import type { Target, Outcome } from '../../src/contract/target.ts'
import { certificate } from '../health-checks/certificate.ts'
import { Scrape } from './scrape.ts'

const target = { url: 'http://a', upstream: { name: 'users' } } as unknown as Target

function attempt (kind: TargetAttempt['kind'], outcome: Outcome, statusCode: number): TargetAttempt {
  return Object.assign(new TargetAttempt(target, 1000), { kind, outcome, statusCode })
}

test('attempts beyond the first are counted by kind, from 0 on, and those that say nothing of their target are not timed', async () => {
  const registry = new Registry()
  const metrics = new AttemptMetrics(new Instruments(registry), true)
  const scrape = async (): Promise<Scrape> => new Scrape(await registry.metrics())
  metrics.add(target)
  const extra = async (): Promise<unknown[]> => {
    const printed = await scrape()
    return ['retry', 'hedge'].map(kind => printed.value('gateway_retries_total', { upstream: 'users', kind }))
  }
  assert.deepEqual(await extra(), [0, 0])
  for (const settled of [
    attempt('first', 'success', 200),
    attempt('retry', 'failure', 500),
    attempt('hedge', 'ignored', 200),
    attempt('hedge', 'success', 499)
  ]) metrics.settled(settled, 1500)
  assert.deepEqual(await extra(), [1, 2])
  const printed = await scrape()
  assert.equal(printed.value('gateway_upstream_request_duration_seconds_count', { upstream: 'users', target: 'http://a' }), 3)
  assert.equal(printed.value('gateway_upstream_request_duration_seconds_sum', { upstream: 'users', target: 'http://a' }), 1.5)
  const count = (
    outcome: string,
    reason: string
  ): number | undefined => printed.value('gateway_upstream_attempts_total', { upstream: 'users', target: 'http://a', outcome, reason })
  assert.deepEqual([count('success', '(none)'), count('failure', 'upstream-error'), count('ignored', '(none)')], [2, 1, 1])
})

test('a certificate is told under what it is', async () => {
  for (const [tls, certificates] of [[{ ca: certificate }, ['authority']], [{ cert: certificate }, ['client']], [{}, []]] as const) {
    const registry = new Registry()
    certificateMetrics(new Instruments(registry), [{ name: 'users', config: { tls: { verify: true, ...tls } } }])?.()
    const printed = new Scrape(await registry.metrics())
    assert.deepEqual(
      ['authority', 'client'].filter(certificate =>
        printed.value('gateway_tls_certificate_expiry_timestamp_seconds', { upstream: 'users', certificate }) !== undefined),
      certificates
    )
  }
})
