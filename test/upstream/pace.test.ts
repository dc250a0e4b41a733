/** How slow a client may send. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Pace } from '../../src/exchange/upload-pace.ts'

const rate = 500
const wait = 20_000

test('a client that sends at the rate, in pieces of any size within the wait, never runs out', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: rate * wait / 1000 - 1 }), { maxLength: 200 }), sizes => {
    const pace = new Pace(wait, rate)
    let now = 0
    pace.begin(now)
    for (const size of sizes) {
      now += size / rate * 1000
      assert.ok(pace.left(now) > 0)
      pace.got(size, now)
    }
  }))
})

test('a client that sends slower runs out, however long it has been fast before', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 100_000_000 }), fc.integer({ min: 1, max: 50 }), (before, size) => {
    const pace = new Pace(wait, rate)
    pace.begin(0)
    pace.got(before, 0)
    let now = 0
    // A tenth of the rate, at most.
    while (pace.left(now += 1000) > 0) {
      pace.got(size, now)
      assert.ok(now < wait * 2)
    }
  }))
})

test('time in which the client is not waited for does not count, and silence is never longer than the wait', () => {
  const pace = new Pace(wait, rate)
  pace.begin(0)
  pace.rest(5000)
  assert.equal(pace.left(1_000_000), 15_000)
  pace.begin(1_000_000)
  assert.equal(pace.left(1_015_000), 0)
})

test('without a rate every byte renews the wait', () => {
  const pace = new Pace(wait, 0)
  pace.begin(0)
  pace.got(1, 19_999)
  assert.equal(pace.left(20_000), wait - 1)
})

test('bytes that come late count from nothing, and waiting goes on from where it began', () => {
  const late = new Pace(1000, 100)
  late.begin(0)
  late.got(50, 1500)
  assert.equal(late.left(1500), 500)
  const waiting = new Pace(1000, 100)
  waiting.begin(0)
  waiting.begin(600)
  assert.equal(waiting.left(900), 100)
})
