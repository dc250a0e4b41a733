/** The gate of health: what closes it, when it says that it opens again, and what it tells of. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HealthGate, type HealthGateOptions } from '../../plugins/core/health-checks/health-gate.ts'
import { Usage } from '../../plugins/core/health-checks/usage.ts'
import type { CheckName, TrafficCheck } from '../../plugins/core/health-checks/traffic-check.ts'
import type { Attempt, Outcome } from '../../src/contract/target.ts'

/** A check that is sick until a time. */
function sickUntil (name: CheckName, until: number): TrafficCheck & { readonly heard: Attempt[] } {
  const heard: Attempt[] = []
  let [told, since] = [true, -Infinity]
  return {
    name,
    get told () { return told },
    get since () { return since },
    tell: (healthy, now) => { [told, since] = [healthy, now] },
    heard,
    hear: attempt => { heard.push(attempt) },
    healthy: now => now >= until,
    recoversAt: now => Math.max(now, until),
    describe: () => `${name} until ${until}`
  }
}

function gateOf (options: Partial<HealthGateOptions>): HealthGate {
  return new HealthGate({ active: undefined, traffic: [], usage: undefined, failOpen: true, onChange: () => {}, ...options })
}

test('a target is open when neither the probes nor any part of its traffic speak against it', () => {
  for (const [passive, outlier, expected] of [[0, 0, true], [10, 0, false], [0, 10, false], [10, 10, false]] as const) {
    assert.equal(gateOf({ traffic: [sickUntil('passive', passive), sickUntil('outliers', outlier)] }).permits(5), expected)
  }
})

test('where two parts of the traffic speak against it, it opens with the later one', () => {
  for (const [first, second] of [[10, 30], [30, 10]] as const) {
    const gate = gateOf({ traffic: [sickUntil('passive', first), sickUntil('outliers', second)] })
    assert.deepEqual(gate.describe(5), { state: 'unhealthy', why: `passive until ${first}; outliers until ${second}`, opensAt: 30 })
    // Only what still speaks against it counts.
    assert.deepEqual(gate.describe(20), { state: 'unhealthy', why: first === 30 ? 'passive until 30' : 'outliers until 30', opensAt: 30 })
    assert.deepEqual(gate.describe(30), { state: 'healthy' })
  }
})

test('a target that its probes call unhealthy is closed, for as long as they do, with all that speaks against it', () => {
  const active = { healthy: false, health: 'unhealthy', describe: () => '3 probes failed' } as unknown as HealthGateOptions['active']
  const gate = gateOf({ active, traffic: [sickUntil('passive', 10)] })
  assert.equal(gate.permits(20), false)
  assert.deepEqual(gate.describe(5), { state: 'unhealthy', why: '3 probes failed; passive until 10' })
  assert.deepEqual(gate.describe(20), { state: 'unhealthy', why: '3 probes failed' })
})

test('a request to a target is noted as usage of its upstream', () => {
  const usage = new Usage()
  gateOf({ usage }).enter(7)
  assert.equal(usage.lastAt, 7)
})

test('what says nothing about a target is not heard, and a change is told once', () => {
  const check = sickUntil('passive', 10)
  const told: unknown[] = []
  const gate = gateOf({ traffic: [check], onChange: (...change) => told.push(change) })
  const attempt = (outcome: Outcome, alreadyReported = false): Attempt => ({ outcome, alreadyReported }) as Attempt
  gate.settle(attempt('ignored'), 0, 1)
  gate.settle(attempt('failure', true), 0, 1)
  assert.deepEqual([check.heard.length, told], [0, []])
  gate.settle(attempt('failure'), 0, 1)
  gate.settle(attempt('success'), 0, 2)
  assert.deepEqual([check.heard.length, told], [2, [['passive', false, 'passive until 10']]])
  // That it is trusted again shows with the next request.
  gate.enter(11)
  assert.deepEqual(told.slice(1), [['passive', true, 'passive until 10']])
})
