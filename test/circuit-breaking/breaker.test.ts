/** The state machine of the breaker, without a target. */

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Breaker } from '../../plugins/circuit-breaking/breaker.ts'

const options = { failures: 3, openFor: 1000 }

/** A request that gets no answer. */
function fail (breaker: Breaker, now = 0): void {
  breaker.failed(breaker.enter(now), 'connection-refused', now)
}

/** A request that is answered whole. */
function succeed (breaker: Breaker, now = 0): void {
  const ticket = breaker.enter(now)
  breaker.answered(ticket)
  breaker.completed(ticket)
}

/** A request whose answer breaks off. */
function cut (breaker: Breaker, now = 0): void {
  const ticket = breaker.enter(now)
  breaker.answered(ticket)
  breaker.cut(ticket, 'response-cut', now)
}

/** A breaker that opened at 0. */
function opened (): Breaker {
  const breaker = new Breaker(options)
  for (let count = 0; count < 3; count++) fail(breaker)
  return breaker
}

suite('closed', () => {
  test('opens after so many failures in a row, and says which was the last', () => {
    const breaker = new Breaker(options)
    fail(breaker)
    fail(breaker)
    assert.deepEqual(breaker.describe(0), { state: 'closed', why: '2 failures in a row, last: connection-refused' })
    assert.equal(breaker.permits(0), true)
    breaker.failed(breaker.enter(0), 'HTTP 503', 0)
    assert.deepEqual(breaker.describe(0), { state: 'open', why: '3 failures in a row, last: HTTP 503', opensAt: 1000 })
    assert.equal(breaker.permits(0), false)
  })

  test('stays closed as long as a good answer interrupts the failures', () => {
    const breaker = new Breaker(options)
    for (let round = 0; round < 5; round++) {
      fail(breaker)
      fail(breaker)
      succeed(breaker)
    }
    assert.deepEqual(breaker.describe(0), { state: 'closed' })
  })

  test('opens for a target that cuts every answer, although each head was good', () => {
    const breaker = new Breaker(options)
    for (let count = 0; count < 3; count++) cut(breaker)
    assert.deepEqual(breaker.describe(0), { state: 'open', why: '3 failures in a row, last: response-cut', opensAt: 1000 })
  })

  test('counts a good head at once, so that endless streams keep it closed', () => {
    const breaker = new Breaker(options)
    fail(breaker)
    fail(breaker)
    breaker.answered(breaker.enter(0))
    fail(breaker)
    fail(breaker)
    assert.equal(breaker.kind, 'closed')
  })

  test('is not moved by clients that leave', () => {
    const breaker = new Breaker(options)
    for (let count = 0; count < 20; count++) breaker.ignored(breaker.enter(0))
    assert.deepEqual(breaker.describe(0), { state: 'closed' })
    fail(breaker)
    fail(breaker)
    breaker.ignored(breaker.enter(0))
    fail(breaker)
    assert.equal(breaker.kind, 'open')
  })
})

suite('open', () => {
  test('permits nothing until its time is over', () => {
    const breaker = opened()
    assert.equal(breaker.permits(999), false)
    assert.equal(breaker.stateAt(999), 'open')
    assert.equal(breaker.permits(1000), true)
    assert.equal(breaker.stateAt(1000), 'half-open')
    assert.deepEqual(breaker.describe(1000), { state: 'half-open', why: 'the next request tries the target' })
  })

  test('asking changes nothing', () => {
    const breaker = opened()
    breaker.permits(5000)
    breaker.describe(5000)
    assert.equal(breaker.kind, 'open')
    assert.equal(breaker.permits(999), false)
  })

  test('hears nothing of requests that began before it opened', () => {
    const breaker = new Breaker(options)
    const [good, bad] = [breaker.enter(0), breaker.enter(0)]
    for (let count = 0; count < 3; count++) fail(breaker)
    breaker.answered(good)
    breaker.completed(good)
    assert.equal(breaker.kind, 'open')
    breaker.failed(bad, 'response-timeout', 900)
    assert.deepEqual(breaker.describe(900), { state: 'open', why: '3 failures in a row, last: connection-refused', opensAt: 1000 })
  })
})

suite('half-open', () => {
  test('lets exactly one of 50 requests through that arrive at once', () => {
    const breaker = opened()
    let through = 0
    for (let count = 0; count < 50; count++) {
      if (!breaker.permits(1000)) continue
      breaker.enter(1000)
      through++
    }
    assert.equal(through, 1)
    assert.deepEqual(breaker.describe(1000), { state: 'half-open', why: 'one request is on its way to try the target' })
  })

  test('closes with the good head of the probe, while its body may stream on', () => {
    const breaker = opened()
    breaker.answered(breaker.enter(1000))
    assert.deepEqual(breaker.describe(1000), { state: 'closed' })
    fail(breaker, 1001)
    fail(breaker, 1001)
    assert.equal(breaker.kind, 'closed', 'the row of failures starts anew')
  })

  test('opens again for the whole time when the probe fails', () => {
    const breaker = opened()
    breaker.failed(breaker.enter(1500), 'HTTP 502', 1600)
    assert.deepEqual(breaker.describe(1600), { state: 'open', why: 'the probe failed: HTTP 502', opensAt: 2600 })
    assert.equal(breaker.permits(2599), false)
    assert.equal(breaker.permits(2600), true)
  })

  test('gives the place of a probe whose client left to the next request, however often', () => {
    const breaker = opened()
    for (let count = 0; count < 10; count++) {
      assert.equal(breaker.permits(1000), true)
      breaker.ignored(breaker.enter(1000))
      assert.equal(breaker.kind, 'half-open')
    }
    succeed(breaker, 1000)
    assert.equal(breaker.kind, 'closed')
  })

  test('hears only its probe', () => {
    const breaker = new Breaker(options)
    const late = [breaker.enter(0), breaker.enter(0), breaker.enter(0)]
    for (let count = 0; count < 3; count++) fail(breaker)
    const probe = breaker.enter(1000)
    breaker.answered(late[0]!)
    breaker.failed(late[1]!, 'response-timeout', 1000)
    breaker.ignored(late[2]!)
    assert.equal(breaker.kind, 'half-open')
    assert.equal(breaker.permits(1000), false)
    breaker.answered(probe)
    assert.equal(breaker.kind, 'closed')
  })

  test('a cut behind the good head of the probe leaves it closed', () => {
    const breaker = opened()
    cut(breaker, 1000)
    assert.deepEqual(breaker.describe(1000), { state: 'closed' })
  })
})

test('a copy starts in the same state and goes its own way', () => {
  const breaker = new Breaker(options)
  fail(breaker)
  fail(breaker)
  const copy = breaker.copy()
  fail(copy)
  assert.equal(copy.kind, 'open')
  assert.deepEqual(breaker.describe(0), { state: 'closed', why: '2 failures in a row, last: connection-refused' })
  fail(breaker)
  copy.enter(1000)
  assert.equal(breaker.permits(1000), true)
})
