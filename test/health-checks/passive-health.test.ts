/** Health by the share of failed requests. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Attempt } from '../../src/contract/target.ts'
import { passiveCells, PassiveHealth } from '../../plugins/core/health-checks/passive-health.ts'

const retryAfter = { maxPause: 60_000, mayPause: (status: number) => status === 503 }

/** Records so many requests at one time. */
function record (health: PassiveHealth, now: number, good: number, bad: number): void {
  for (let count = 0; count < good; count++) health.record(false, now)
  for (let count = 0; count < bad; count++) health.record(true, now)
}

test('a target is unhealthy from the error rate on', () => {
  const health = new PassiveHealth({ window: 30_000, errorRate: 0.5, minRequests: 5, ...retryAfter })
  record(health, 0, 2, 3)
  assert.equal(health.healthy(0), false)
  assert.equal(health.errorRate(0), 0.6)
  assert.equal(health.describe(0), '3 of 5 requests failed in 30s')
})

test('exactly the error rate is too much, a little less is not', () => {
  const health = new PassiveHealth({ window: 30_000, errorRate: 0.5, minRequests: 5, ...retryAfter })
  record(health, 0, 4, 3)
  assert.equal(health.healthy(0), true)
  record(health, 0, 0, 1)
  assert.equal(health.healthy(0), false)
})

test('too few requests say nothing, even when all fail', () => {
  const health = new PassiveHealth({ window: 30_000, errorRate: 0.5, minRequests: 10, ...retryAfter })
  record(health, 0, 0, 9)
  assert.equal(health.healthy(0), true)
  record(health, 0, 0, 1)
  assert.equal(health.healthy(0), false)
})

test('without traffic a target is healthy, and so it is again when the window has passed', () => {
  const health = new PassiveHealth({ window: 30_000, errorRate: 0.5, minRequests: 10, ...retryAfter })
  assert.equal(health.errorRate(0), 0)
  record(health, 100, 0, 20)
  assert.equal(health.recoversAt(100), 30_000)
  assert.equal(health.healthy(29_999), false)
  assert.equal(health.healthy(30_000), true)
  assert.equal(health.errorRate(30_000), 0)
})

test('a target that asks for a pause gets it, up to the limit, and a shorter wish does not shorten it', () => {
  const health = new PassiveHealth({ window: 30_000, errorRate: 0.5, minRequests: 10, ...retryAfter })
  health.pause(20_000, 0)
  health.pause(1000, 0)
  assert.deepEqual([health.healthy(19_999), health.healthy(20_000)], [false, true])
  assert.equal(health.recoversAt(0), 20_000)
  assert.equal(health.describe(0), 'the target asked for a pause (Retry-After); 0 of 0 requests failed in 30s')
  health.pause(3_600_000, 20_000)
  assert.equal(health.recoversAt(20_000), 80_000)
})

test('every request counts, a failed one as such, and Retry-After where the status may ask for a pause', () => {
  const heard = (...attempts: readonly Partial<Attempt>[]): PassiveHealth => {
    const health = new PassiveHealth({ window: 30_000, errorRate: 0.5, minRequests: 10, ...retryAfter })
    for (const attempt of attempts) health.hear(attempt as Attempt, 5000)
    return health
  }
  const mixed = heard({ outcome: 'success', statusCode: 200 }, { outcome: 'failure', statusCode: 500 }, { outcome: 'failure' })
  assert.equal(mixed.describe(5000), '2 of 3 requests failed in 30s')
  assert.equal(heard({ outcome: 'failure', statusCode: 503, retryAfter: 2 }).recoversAt(5000), 7000)
  assert.equal(heard({ outcome: 'failure', statusCode: 429, retryAfter: 2 }).healthy(5000), true)
  assert.equal(heard({ outcome: 'failure', statusCode: undefined, retryAfter: 2 }).healthy(5000), true)
})

test('a new target counts as told to be healthy, and what was told is kept and pauses nothing', () => {
  const health = new PassiveHealth({ window: 30_000, errorRate: 0.5, minRequests: 10, ...retryAfter })
  const told = [health.told]
  for (const healthy of [false, true]) {
    health.tell(healthy, 7)
    told.push(health.told)
  }
  assert.deepEqual(told, [true, false, true])
  assert.equal(health.healthy(0), true)
  health.pause(1000, 0)
  assert.deepEqual([health.told, health.healthy(999)], [true, false])
})

test('a copy goes its own way', () => {
  const options = { window: 30_000, errorRate: 0.5, minRequests: 10, ...retryAfter }
  const cells = Float64Array.from(passiveCells)
  const health = new PassiveHealth(options, cells)
  const copy = new PassiveHealth(options, cells.slice())
  copy.pause(1000, 0)
  record(copy, 0, 0, 10)
  assert.deepEqual([health.healthy(0), copy.healthy(0)], [true, false])
})
