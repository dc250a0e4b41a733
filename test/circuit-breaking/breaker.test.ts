/** The state machine of the breaker, without a target. */

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Breaker } from '../../plugins/core/circuit-breaking/breaker.ts'
import { breakerCells } from '../../plugins/core/circuit-breaking/breaker-cells.ts'
import type { BreakerOptions, Failure } from '../../plugins/core/circuit-breaking/breaker-options.ts'
import { reasonCause } from '../../src/upstream/cause.ts'

/** Shares that nothing reaches, so that only rows open it. */
const options: BreakerOptions = {
  failures: 3,
  failureRate: 1,
  slowCallRate: 1,
  window: 10_000,
  minRequests: 1000,
  openFor: 1000,
  maxOpenFor: 8000,
  probes: 1
}

/** A breaker whose chance is always the same. */
function breakerOf (changed: Partial<BreakerOptions> = {}, random = 0, cells = Float64Array.from(breakerCells)): Breaker {
  return new Breaker({ ...options, ...changed }, () => random, cells)
}

/** A failure that is neither slow nor anything else. */
function because (why: string, more: Partial<Failure> = {}): Failure {
  return { cause: why.startsWith('HTTP ') ? Number(why.slice('HTTP '.length)) : reasonCause(why), slow: false, ...more }
}

/** A request that gets no response. */
function fail (breaker: Breaker, now = 0): void {
  breaker.failed(breaker.enter(now), because('connection-refused'), now)
}

/** A request that gets a response whole. */
function succeed (breaker: Breaker, now = 0): void {
  const ticket = breaker.enter(now)
  breaker.answered(ticket, false, now)
  breaker.completed(ticket)
}

/** A request whose response breaks off. */
function cut (breaker: Breaker, now = 0): void {
  const ticket = breaker.enter(now)
  breaker.answered(ticket, false, now)
  breaker.cut(ticket, reasonCause('response-cut'), now)
}

/** A breaker that opened at 0. */
function opened (): Breaker {
  const breaker = breakerOf()
  for (let count = 0; count < 3; count++) fail(breaker)
  return breaker
}

suite('closed', () => {
  test('opens after so many failures in a row, and says which was the last', () => {
    const breaker = breakerOf()
    fail(breaker)
    fail(breaker)
    assert.deepEqual(breaker.describe(0), { state: 'closed', why: '2 failures in a row, last: connection-refused' })
    assert.equal(breaker.permits(0), true)
    breaker.failed(breaker.enter(0), because('HTTP 503'), 0)
    assert.deepEqual(breaker.describe(0), { state: 'open', why: '3 failures in a row, last: HTTP 503', since: 0, opensAt: 1000 })
    assert.equal(breaker.permits(0), false)
  })

  test('stays closed as long as a good response interrupts the failures', () => {
    const breaker = breakerOf()
    for (let round = 0; round < 5; round++) {
      fail(breaker)
      fail(breaker)
      succeed(breaker)
    }
    assert.deepEqual(breaker.describe(0), { state: 'closed' })
  })

  test('opens for a target that cuts every response, although each head was good', () => {
    const breaker = breakerOf()
    for (let count = 0; count < 3; count++) cut(breaker)
    assert.deepEqual(breaker.describe(0), { state: 'open', why: '3 failures in a row, last: response-cut', since: 0, opensAt: 1000 })
  })

  test('counts a good head at once, so that endless streams keep it closed', () => {
    const breaker = breakerOf()
    fail(breaker)
    fail(breaker)
    breaker.answered(breaker.enter(0), false, 0)
    fail(breaker)
    fail(breaker)
    assert.equal(breaker.kind, 'closed')
  })

  test('is not moved by clients that leave', () => {
    const breaker = breakerOf()
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
    assert.deepEqual(breaker.describe(1000), { state: 'half-open', why: 'the next request tries the target', since: 1000 })
  })

  test('asking changes nothing', () => {
    const breaker = opened()
    breaker.permits(5000)
    breaker.describe(5000)
    assert.equal(breaker.kind, 'open')
    assert.equal(breaker.permits(999), false)
  })

  test('S2-073 hears nothing of requests that began before it opened', () => {
    const breaker = breakerOf()
    const [good, bad] = [breaker.enter(0), breaker.enter(0)]
    for (let count = 0; count < 3; count++) fail(breaker)
    breaker.answered(good, false, 0)
    breaker.completed(good)
    assert.equal(breaker.kind, 'open')
    breaker.failed(bad, because('response-timeout'), 900)
    const why = '3 failures in a row, last: connection-refused'
    assert.deepEqual(breaker.describe(900), { state: 'open', why, since: 0, opensAt: 1000 })
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
    assert.deepEqual(breaker.describe(1000), { state: 'half-open', why: 'one request is on its way to try the target', since: 1000 })
  })

  test('closes with the good head of the probe, while its body may stream on', () => {
    const breaker = opened()
    breaker.answered(breaker.enter(1000), false, 1000)
    assert.deepEqual(breaker.describe(1000), { state: 'closed', since: 1000 })
    fail(breaker, 1001)
    fail(breaker, 1001)
    assert.equal(breaker.kind, 'closed', 'the row of failures starts anew')
  })

  test('opens again, for twice the time, when the probe fails', () => {
    const breaker = opened()
    breaker.failed(breaker.enter(1500), because('HTTP 502'), 1600)
    assert.deepEqual(breaker.describe(1600), { state: 'open', why: 'the probe failed: HTTP 502', since: 1600, opensAt: 3600 })
    assert.equal(breaker.permits(3599), false)
    assert.equal(breaker.permits(3600), true)
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
    const breaker = breakerOf()
    const late = [breaker.enter(0), breaker.enter(0), breaker.enter(0)]
    for (let count = 0; count < 3; count++) fail(breaker)
    const probe = breaker.enter(1000)
    breaker.answered(late[0]!, false, 1000)
    breaker.failed(late[1]!, because('response-timeout'), 1000)
    breaker.ignored(late[2]!)
    assert.equal(breaker.kind, 'half-open')
    assert.equal(breaker.permits(1000), false)
    breaker.answered(probe, false, 1000)
    assert.equal(breaker.kind, 'closed')
  })

  test('a cut behind the good head of the probe leaves it closed', () => {
    const breaker = opened()
    cut(breaker, 1000)
    assert.deepEqual(breaker.describe(1000), { state: 'closed', since: 1000 })
  })
})

suite('shares', () => {
  const shares = { failures: 1000, failureRate: 0.5, slowCallRate: 0.8, minRequests: 10 }
  const answer = (breaker: Breaker, slow: boolean, now = 0) => breaker.answered(breaker.enter(now), slow, now)

  test('half of the requests failing opens it, although none fail in a row', () => {
    const breaker = breakerOf(shares)
    for (let count = 0; count < 4; count++) {
      fail(breaker)
      succeed(breaker)
    }
    succeed(breaker)
    assert.equal(breaker.kind, 'closed', 'nine are too few to tell')
    fail(breaker)
    assert.deepEqual([breaker.describe(0).why, breaker.reason], ['5 of 10 requests failed in 10s', 'failure-rate'])
  })

  test('slow responses open it, although they are good', () => {
    const breaker = breakerOf(shares)
    for (let count = 0; count < 2; count++) answer(breaker, false)
    for (let count = 0; count < 8; count++) {
      assert.equal(breaker.kind, 'closed')
      answer(breaker, true)
    }
    assert.deepEqual([breaker.describe(0).why, breaker.reason], ['8 of 10 requests were slow in 10s', 'slow-calls'])
  })

  test('a response that is slow and bad counts in both shares', () => {
    const breaker = breakerOf({ failureRate: 1, slowCallRate: 0.5, minRequests: 4 })
    succeed(breaker)
    succeed(breaker)
    for (let count = 0; count < 2; count++) breaker.failed(breaker.enter(0), because('HTTP 503', { slow: true }), 0)
    assert.deepEqual([breaker.kind, breaker.reason, breaker.describe(0).why], ['open', 'slow-calls', '2 of 4 requests were slow in 10s'])
  })

  test('a slow probe has failed', () => {
    const breaker = breakerOf({ ...shares, failures: 1 })
    fail(breaker)
    answer(breaker, true, 1000)
    const { why } = breaker.describe(1000)
    assert.deepEqual([breaker.kind, why, breaker.reason], ['open', 'the probe failed: its response was slow', 'probe'])
  })

  test('what is older than the window is forgotten', () => {
    const breaker = breakerOf(shares)
    for (let count = 0; count < 9; count++) fail(breaker)
    for (let count = 0; count < 9; count++) succeed(breaker, 10_000)
    fail(breaker, 10_000)
    assert.equal(breaker.kind, 'closed')
  })

  test('responses that break off count', () => {
    const breaker = breakerOf(shares)
    for (let count = 0; count < 5; count++) {
      succeed(breaker)
      cut(breaker)
    }
    assert.equal(breaker.describe(0).why, '5 of 10 requests failed in 10s')
  })

  test('a closed breaker starts with an empty window', () => {
    const breaker = breakerOf(shares)
    for (let count = 0; count < 10; count++) fail(breaker)
    succeed(breaker, 1000)
    for (let count = 0; count < 9; count++) fail(breaker, 1000)
    assert.equal(breaker.kind, 'closed')
  })

  test('too many requests (429) count in the share and not in the row', () => {
    const breaker = breakerOf({ ...shares, failures: 3 })
    for (let count = 0; count < 9; count++) breaker.failed(breaker.enter(0), because('HTTP 429', { throttled: true }), 0)
    assert.equal(breaker.kind, 'closed')
    breaker.failed(breaker.enter(0), because('HTTP 429', { throttled: true, retryAfter: 5000 }), 0)
    assert.deepEqual([breaker.reason, breaker.describe(0).opensAt], ['failure-rate', 5000])
  })
})

suite('how long it is open', () => {
  const openedFor = (breaker: Breaker, now: number) => breaker.describe(now).opensAt! - now
  const probeFails = (breaker: Breaker): number => {
    const now = breaker.describe(0).opensAt!
    fail(breaker, now)
    return openedFor(breaker, now)
  }

  test('doubles with every failed probe up to the limit, and starts anew when it has been closed', () => {
    const breaker = opened()
    assert.deepEqual([openedFor(breaker, 0), ...Array.from({ length: 5 }, () => probeFails(breaker))], [1000, 2000, 4000, 8000, 8000, 8000])
    const now = breaker.describe(0).opensAt!
    succeed(breaker, now)
    for (let count = 0; count < 3; count++) fail(breaker, now)
    assert.equal(openedFor(breaker, now), 1000)
  })

  test('a grown time is up to a fifth shorter by chance, the first one is as the file says', () => {
    const breaker = breakerOf({ failures: 1 }, 0.999_999)
    fail(breaker)
    assert.equal(openedFor(breaker, 0), 1000)
    assert.equal(Math.round(probeFails(breaker)), 1600)
  })

  test('is never shorter than openFor, also where the limit is', () => {
    const breaker = breakerOf({ failures: 1, maxOpenFor: 1 }, 0.999_999)
    fail(breaker)
    assert.deepEqual([openedFor(breaker, 0), probeFails(breaker)], [1000, 1000])
  })

  test('is at least what the target asks for (Retry-After), up to the limit', () => {
    const ask = (retryAfter: number): number => {
      const breaker = breakerOf({ failures: 1 })
      breaker.failed(breaker.enter(0), because('HTTP 503', { retryAfter }), 0)
      return openedFor(breaker, 0)
    }
    assert.deepEqual([ask(500), ask(5000), ask(3_600_000)], [1000, 5000, 8000])
  })

  test('ends at once when the target was found well by other means', () => {
    const breaker = opened()
    breaker.recovered(10)
    assert.equal(breaker.stateAt(10), 'half-open')
    succeed(breaker, 10)
    breaker.recovered(10)
    assert.equal(breaker.kind, 'closed')
  })
})

suite('several probes', () => {
  test('so many go through, and it closes when all are good', () => {
    const breaker = breakerOf({ failures: 1, probes: 3 })
    fail(breaker)
    const tickets = Array.from(
      { length: 50 },
      () => breaker.permits(1000) ? breaker.enter(1000) : undefined
    ).filter(ticket => ticket !== undefined)
    assert.equal(tickets.length, 3)
    assert.equal(breaker.describe(1000).why, '3 requests are on their way to try the target')
    const after = tickets.map(ticket => {
      breaker.answered(ticket, false, 1000)
      return [breaker.kind, breaker.permits(1000), breaker.describe(1000).why]
    })
    assert.deepEqual(after, [
      ['half-open', false, '2 requests are on their way to try the target'],
      ['half-open', false, 'one request is on its way to try the target'],
      ['closed', true, undefined]
    ])
  })

  test('one bad one opens it again, and the others come too late', () => {
    const breaker = breakerOf({ failures: 1, probes: 3 })
    fail(breaker)
    const [one, two, three] = [breaker.enter(1000), breaker.enter(1000), breaker.enter(1000)]
    breaker.answered(one, false, 1000)
    breaker.failed(two, because('HTTP 500'), 1000)
    breaker.answered(three, false, 1000)
    assert.equal(breaker.kind, 'open')
  })

  test('S2-072 one that is not heard of for openFor gives its place away, and is not heard any more', () => {
    const breaker = breakerOf({ failures: 1 })
    fail(breaker)
    const lost = breaker.enter(1000)
    assert.deepEqual([breaker.permits(1999), breaker.permits(2000)], [false, true])
    const next = breaker.enter(2000)
    assert.equal(breaker.permits(2000), false)
    breaker.failed(lost, because('connection-terminated'), 2000)
    assert.equal(breaker.kind, 'half-open')
    breaker.answered(next, false, 2000)
    assert.equal(breaker.kind, 'closed')
  })
})

test('a copy starts in the same state and goes its own way', () => {
  const cells = Float64Array.from(breakerCells)
  const breaker = breakerOf({}, 0, cells)
  fail(breaker)
  fail(breaker)
  const copy = breakerOf({}, 0, cells.slice())
  fail(copy)
  assert.equal(copy.kind, 'open')
  assert.deepEqual(breaker.describe(0), { state: 'closed', why: '2 failures in a row, last: connection-refused' })
  fail(breaker)
  copy.enter(1000)
  assert.equal(breaker.permits(1000), true)
})

test('what a copy is told of failures and cuts changes neither the row nor the shares of the other', () => {
  const cells = Float64Array.from(breakerCells)
  const changed = { failures: 4, failureRate: 0.5, minRequests: 6 }
  const breaker = breakerOf(changed, 0, cells)
  cut(breaker)
  fail(breaker)
  const copy = breakerOf(changed, 0, cells.slice())
  assert.deepEqual(copy.describe(0), { state: 'closed', why: '2 failures in a row, last: connection-refused' })
  for (let count = 0; count < 3; count++) copy.answered(copy.enter(0), false, 0)
  assert.equal(copy.kind, 'closed')
  for (let count = 0; count < 3; count++) succeed(breaker)
  assert.equal(breaker.kind, 'closed')
  fail(breaker)
  assert.deepEqual([breaker.kind, breaker.describe(0).why], ['open', '3 of 6 requests failed in 10s'])
})

test('what an operator opens, no health check and no late response closes; what is closed by hand counts from zero', () => {
  const breaker = breakerOf()
  const late = breaker.enter(0)
  fail(breaker)
  fail(breaker)
  breaker.openUntil(5000, 500)
  breaker.recovered(1000)
  breaker.answered(late, false, 1000)
  assert.deepEqual([breaker.permits(4999), breaker.permits(5000)], [false, true])
  breaker.close(900)
  assert.deepEqual(breaker.describe(1000), { state: 'closed', since: 900 })
  fail(breaker)
  breaker.close(900)
  assert.equal(breaker.describe(1000).why, '1 failure in a row, last: connection-refused')
})
