/** How many probes it takes to change the health of a target. */

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { thresholdCells, Thresholds } from '../../plugins/core/health-checks/thresholds.ts'

const options = { healthyAfter: 2, unhealthyAfter: 3, flapping: { changes: 4, window: 60_000 }, timeout: 1000 }

/** Feeds probes, `+` for passed and `-` for failed, and returns the health after each: `?`, `+` or `-`. */
function feed (thresholds: Thresholds, probes: string, now = 0): string {
  return Array.from(probes, probe => {
    if (probe === '+') thresholds.pass(now, 2)
    else thresholds.fail(503, now, 3)
    return { unknown: '?', healthy: '+', unhealthy: '-' }[thresholds.health]
  }).join('')
}

test('S2-086 a target without a probe result counts as healthy', () => {
  const thresholds = new Thresholds(options)
  assert.equal(thresholds.health, 'unknown')
  assert.equal(thresholds.healthy, true)
  assert.equal(thresholds.describe(0), undefined)
})

test('the first passed probe is enough to know that a target is healthy', () => {
  assert.equal(feed(new Thresholds(options), '+'), '+')
})

test('S2-085 one blip does not take a target out, so many failures in a row do', () => {
  assert.equal(feed(new Thresholds(options), '+-+--+---'), '++++++++-')
})

test('a target that is down from the start is taken out after as many failures', () => {
  assert.equal(feed(new Thresholds(options), '---'), '??-')
})

test('one lucky probe does not bring a target back, so many in a row do', () => {
  assert.equal(feed(new Thresholds(options), '---+-+-++'), '??-------'.slice(0, 8) + '+')
})

test('a target that alternates stays out', () => {
  assert.equal(feed(new Thresholds(options), '---' + '+-'.repeat(20)), '??-' + '--'.repeat(20))
})

test('says in words what the probes found', () => {
  const thresholds = new Thresholds(options)
  feed(thresholds, '-')
  assert.equal(thresholds.describe(0), '1 probe failed, last: HTTP 503')
  feed(thresholds, '--')
  assert.equal(thresholds.describe(0), '3 probes failed, last: HTTP 503')
  feed(thresholds, '+')
  assert.equal(thresholds.describe(0), '1 of 2 probes passed, before: HTTP 503')
  feed(thresholds, '+')
  assert.equal(thresholds.describe(0), '2 probes passed')
})

test('says how the last probe went, and since when a target is well or not', () => {
  const thresholds = new Thresholds(options)
  assert.deepEqual([thresholds.lastProbe, thresholds.since], [undefined, -Infinity])
  thresholds.pass(10, 2)
  assert.deepEqual([thresholds.lastProbe, thresholds.since], [{ at: 10, passed: true, took: 2, why: undefined }, -Infinity])
  for (const now of [20, 30, 40, 50]) thresholds.fail(503, now, 7)
  assert.deepEqual([thresholds.lastProbe, thresholds.since], [{ at: 50, passed: false, took: 7, why: 'HTTP 503' }, 40])
})

test('a target that stays down does not count as one that comes and goes', () => {
  const thresholds = new Thresholds(options)
  feed(thresholds, '-'.repeat(50))
  assert.equal(feed(thresholds, '++'), '-+')
})

test('a copy knows what the probes found, and what it goes through afterwards is its own', () => {
  const cells = Float64Array.from(thresholdCells(options))
  const thresholds = new Thresholds(options, cells)
  feed(thresholds, '---+')
  const copy = new Thresholds(options, cells.slice())
  assert.equal(copy.describe(0), thresholds.describe(0))
  const others = Float64Array.from(thresholdCells(options))
  feed(new Thresholds(options, others), '---++---++---+')
  assert.equal(
    new Thresholds(options, others.slice()).describe(0),
    '1 of 4 probes passed, more than usual because it comes and goes, before: HTTP 503'
  )
  feed(copy, '+---++---++---++++++++')
  assert.equal(feed(thresholds, '+'), '+')
  assert.equal(feed(thresholds, '---++'), '++--+')
})

test('a copy goes its own way', () => {
  const cells = Float64Array.from(thresholdCells(options))
  const thresholds = new Thresholds(options, cells)
  feed(thresholds, '--')
  assert.equal(feed(new Thresholds(options, cells.slice()), '-'), '-')
  assert.equal(thresholds.healthy, true)
})

suite('a target that comes and goes', () => {
  const flap = '---++'

  test('needs twice the good probes with each change too many, and at most eight times as many', () => {
    const thresholds = new Thresholds(options)
    assert.equal(feed(thresholds, flap + flap), '??--+' + '++--+', 'four changes are calm')
    assert.equal(feed(thresholds, '---' + '++++'), '++-' + '---+', 'the fifth doubles')
    assert.equal(feed(thresholds, '---' + '+'.repeat(16)), '++-' + '-'.repeat(15) + '+', 'the seventh makes it eight times as many')
    assert.equal(feed(thresholds, '---' + '+'.repeat(16)), '++-' + '-'.repeat(15) + '+', 'and no further one makes it more')
  })

  test('says so, and is trusted again when it has been calm for the window', () => {
    const thresholds = new Thresholds(options)
    feed(thresholds, flap + flap + '---+')
    assert.equal(thresholds.describe(0), '1 of 4 probes passed, more than usual because it comes and goes, before: HTTP 503')
    assert.equal(thresholds.describe(60_000), '1 of 2 probes passed, before: HTTP 503')
    assert.equal(feed(thresholds, '+', 60_000), '+')
  })
})
