/** How many probes it takes to change the health of a target. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Thresholds } from '../../plugins/health-checks/thresholds.ts'

const options = { healthyAfter: 2, unhealthyAfter: 3 }

/** Feeds probes, `+` for passed and `-` for failed, and returns the health after each: `?`, `+` or `-`. */
function feed (thresholds: Thresholds, probes: string): string {
  return Array.from(probes, probe => {
    if (probe === '+') thresholds.pass()
    else thresholds.fail('HTTP 503')
    return { unknown: '?', healthy: '+', unhealthy: '-' }[thresholds.health]
  }).join('')
}

test('a target nobody has asked counts as healthy', () => {
  const thresholds = new Thresholds(options)
  assert.equal(thresholds.health, 'unknown')
  assert.equal(thresholds.healthy, true)
  assert.equal(thresholds.describe(), undefined)
})

test('the first passed probe is enough to know that a target is healthy', () => {
  assert.equal(feed(new Thresholds(options), '+'), '+')
})

test('one blip does not take a target out, so many failures in a row do', () => {
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
  assert.equal(thresholds.describe(), '1 probe failed, last: HTTP 503')
  feed(thresholds, '--')
  assert.equal(thresholds.describe(), '3 probes failed, last: HTTP 503')
  feed(thresholds, '+')
  assert.equal(thresholds.describe(), '1 of 2 probes passed, before: HTTP 503')
  feed(thresholds, '+')
  assert.equal(thresholds.describe(), '2 probes passed')
})

test('a copy goes its own way', () => {
  const thresholds = new Thresholds(options)
  feed(thresholds, '--')
  assert.equal(feed(thresholds.copy(), '-'), '-')
  assert.equal(thresholds.healthy, true)
})
