/** Health by the share of failed requests. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PassiveHealth } from '../../plugins/health-checks/passive-health.ts'

/** Records so many requests at one time. */
function record (health: PassiveHealth, now: number, good: number, bad: number): void {
  for (let count = 0; count < good; count++) health.record(false, now)
  for (let count = 0; count < bad; count++) health.record(true, now)
}

test('a target is unhealthy from the error rate on', () => {
  const health = new PassiveHealth({ window: 30_000, errorRate: 0.5, minRequests: 5 })
  record(health, 0, 2, 3)
  assert.equal(health.healthy(0), false)
  assert.equal(health.errorRate(0), 0.6)
  assert.equal(health.describe(0), '3 of 5 requests failed in 30s')
})

test('exactly the error rate is too much, a little less is not', () => {
  const health = new PassiveHealth({ window: 30_000, errorRate: 0.5, minRequests: 5 })
  record(health, 0, 4, 3)
  assert.equal(health.healthy(0), true)
  record(health, 0, 0, 1)
  assert.equal(health.healthy(0), false)
})

test('too few requests say nothing, even when all fail', () => {
  const health = new PassiveHealth({ window: 30_000, errorRate: 0.5, minRequests: 10 })
  record(health, 0, 0, 9)
  assert.equal(health.healthy(0), true)
  record(health, 0, 0, 1)
  assert.equal(health.healthy(0), false)
})

test('without traffic a target is healthy, and so it is again when the window has passed', () => {
  const health = new PassiveHealth({ window: 30_000, errorRate: 0.5, minRequests: 10 })
  assert.equal(health.errorRate(0), 0)
  record(health, 100, 0, 20)
  assert.equal(health.recoversAt(100), 30_000)
  assert.equal(health.healthy(29_999), false)
  assert.equal(health.healthy(30_000), true)
  assert.equal(health.errorRate(30_000), 0)
})
