/** Outlier ejection: which target is the odd one out, for how long, and when none may be. */

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { OutlierRecord } from '../../plugins/core/health-checks/outlier-record.ts'
import { OutlierGroup, type OutlierOptions } from '../../plugins/core/health-checks/outliers.ts'
import { belowTheRest } from '../../plugins/core/health-checks/success-rates.ts'
import { reasons } from '../../src/contract/errors.ts'
import { TargetAttempt } from '../../src/upstream/attempt.ts'
import type { Target } from '../../src/contract/target.ts'

const options: OutlierOptions = {
  consecutive5xx: 5,
  consecutiveGatewayFailures: 3,
  successRateDeviation: 1.9,
  minTargets: 5,
  minRequests: 100,
  interval: 10_000,
  ejectFor: 30_000,
  maxEjectFor: 300_000,
  maxEjected: 0.5
}

/** So many targets, and a way to let one respond: a status, or undefined for no response. */
function group (count: number, changed: Partial<OutlierOptions> = {}) {
  const records = Array.from({ length: count }, () => new OutlierRecord())
  const created = new OutlierGroup({
    options: { ...options, ...changed },
    schedule: new Float64Array(1),
    members: () => records,
    onEject: () => {}
  })
  const checks = records.map(record => created.check(record))
  const answer = (index: number, status: number | undefined, now: number, times = 1, startedAt = now): void => {
    for (let time = 0; time < times; time++) {
      const attempt = new TargetAttempt({} as Target, startedAt)
      attempt.statusCode = status
      if (status === undefined) attempt.failure = reasons['connection-refused']
      attempt.outcome = status === undefined || status >= 500 ? 'failure' : 'success'
      checks[index]!.hear(attempt, now)
    }
  }
  const out = (now: number): number[] => checks.flatMap((check, index) => check.healthy(now) ? [] : [index])
  return { answer, out, records, checks }
}

suite('failures in a row', () => {
  test('five server errors eject, four and a good response do not', () => {
    const { answer, out, checks } = group(3)
    answer(0, 500, 1, 4)
    answer(0, 200, 1)
    answer(0, 500, 1, 4)
    assert.deepEqual(out(1), [])
    answer(0, 500, 1)
    assert.deepEqual(out(1), [0])
    assert.equal(checks[0]!.describe(1), 'ejected: 5 server errors in a row')
  })

  test('gateway failures have a limit of their own, which another server error interrupts', () => {
    const { answer, out, checks } = group(3)
    for (const status of [502, undefined, 500, 504]) answer(0, status, 1)
    assert.deepEqual(out(1), [])
    answer(1, undefined, 1)
    answer(1, 503, 1)
    answer(1, undefined, 1)
    assert.deepEqual(out(1), [1])
    assert.equal(checks[1]!.describe(1), 'ejected: 3 gateway failures in a row')
  })

  test('a good response begins the row of gateway failures anew', () => {
    const { answer, out } = group(3)
    for (const status of [502, undefined, 200, 503, 504]) answer(0, status, 1)
    assert.deepEqual(out(1), [])
    answer(0, 502, 1)
    assert.deepEqual(out(1), [0])
  })

  test('a limit of 1 ejects with the first failure', () => {
    const gateway = group(3, { consecutive5xx: 0, consecutiveGatewayFailures: 1 })
    gateway.answer(0, 503, 1)
    const server = group(3, { consecutive5xx: 1, consecutiveGatewayFailures: 0 })
    server.answer(0, 503, 1)
    assert.deepEqual([gateway.out(1), server.out(1)], [[0], [0]])
    assert.deepEqual([gateway.records[0]!.reason, server.records[0]!.reason], ['consecutive-gateway-failures', 'consecutive-5xx'])
  })

  test('a failure that reaches both limits ejects once', () => {
    const { answer, records } = group(5, { consecutive5xx: 3, consecutiveGatewayFailures: 3 })
    answer(0, 503, 1, 3)
    assert.deepEqual([records[0]!.ejections, records[0]!.ejectedUntil], [1, 30_001])
  })

  test('0 switches a limit off', () => {
    const { answer, out } = group(3, { consecutive5xx: 0, consecutiveGatewayFailures: 0 })
    answer(0, 503, 1, 50)
    assert.deepEqual(out(1), [])
  })

  test('a 4xx is no failure', () => {
    const { answer, out } = group(3)
    answer(0, 404, 1, 50)
    assert.deepEqual(out(1), [])
  })

  test('what is asked while it is out, because no other target is left, counts for nothing until it is over', () => {
    const { answer, out, records } = group(3)
    answer(0, 500, 1, 5)
    const { ejectedAt, ejectedUntil } = records[0]!
    answer(0, 500, ejectedAt + 10, 4)
    answer(0, 500, ejectedUntil)
    assert.deepEqual(out(ejectedUntil), [])
    // These began while it was out, and show how it is now.
    answer(0, 500, ejectedUntil, 4, ejectedUntil - 1)
    assert.deepEqual(out(ejectedUntil), [0])
  })

  test('an ejection begins the rows anew: after it a target is judged by what it does then', () => {
    const { answer, out, records } = group(3)
    answer(0, 500, 1, 5)
    const after = records[0]!.ejectedUntil
    answer(0, 500, after, 4)
    assert.deepEqual(out(after), [], 'four after five are four')
    answer(0, 500, after)
    assert.deepEqual(out(after), [0])
    const other = group(3)
    other.answer(0, 503, 1, 3)
    const later = other.records[0]!.ejectedUntil
    other.answer(0, 503, later, 2)
    assert.deepEqual(other.out(later), [])
    // Both rows, whichever of them ejected.
    assert.deepEqual([other.records[0]!.serverErrors, other.records[0]!.gatewayFailures], [2, 2])
  })

  test('requests that began before the ejection say nothing when they end behind it', () => {
    const { answer, out } = group(3)
    answer(0, 500, 100, 5)
    answer(0, 500, 40_000, 50, 99)
    assert.deepEqual(out(40_000), [])
  })
})

test('a new target counts as told to be healthy, and what was told is kept', () => {
  const { checks: [check] } = group(2)
  const told = [check!.told]
  for (const healthy of [false, true]) {
    check!.tell(healthy, 7)
    told.push(check!.told)
  }
  assert.deepEqual(told, [true, false, true])
})

suite('the time out', () => {
  test('grows with every ejection, up to the limit, and shrinks with every quiet interval', () => {
    const { answer, records: [record] } = group(2, { maxEjectFor: 80_000 })
    let now = 1
    const lengths: number[] = []
    const eject = (pause: number): void => {
      answer(0, 500, now += pause, 5)
      lengths.push(record!.ejectedUntil - now)
      now = record!.ejectedUntil
    }
    for (const pause of [0, 0, 0, 0]) eject(pause)
    eject(20_000)
    eject(1_000_000)
    assert.deepEqual(lengths, [30_000, 60_000, 80_000, 80_000, 80_000, 30_000])
    assert.equal(record!.ejections, 1)
  })

  test('ends by itself', () => {
    const { answer, out, checks } = group(2)
    answer(1, 500, 1000, 5)
    assert.equal(checks[1]!.recoversAt(1000), 31_000)
    assert.deepEqual([out(30_999), out(31_000)], [[1], []])
    assert.deepEqual([30_999, 31_000].map(now => checks[1]!.describe(now)), ['ejected: 5 server errors in a row', 'not ejected'])
    assert.equal(checks[1]!.recoversAt(31_001), 31_001)
  })
})

suite('how many may be out', () => {
  test('one may always be, unless it is the only one', () => {
    const two = group(2, { maxEjected: 0 })
    two.answer(0, 500, 1, 5)
    two.answer(1, 500, 1, 5)
    assert.deepEqual(two.out(1), [0])
    const one = group(1, { maxEjected: 1 })
    one.answer(0, 500, 1, 50)
    assert.deepEqual(one.out(1), [])
  })

  test('never more than the share, whatever happens', () => {
    const steps = fc.array(
      fc.record({ target: fc.nat({ max: 9 }), bad: fc.boolean(), times: fc.integer({ min: 1, max: 120 }), after: fc.nat({ max: 40_000 }) }),
      { maxLength: 60 }
    )
    fc.assert(fc.property(fc.integer({ min: 1, max: 10 }), fc.double({ min: 0, max: 1, noNaN: true }), steps, (count, maxEjected, list) => {
      const { answer, out } = group(count, { maxEjected })
      let now = 0
      for (const { target, bad, times, after } of list) {
        answer(target % count, bad ? 500 : 200, now += after, times)
        assert.ok(out(now).length <= (count === 1 ? 0 : Math.max(1, Math.floor(maxEjected * count))))
      }
    }))
  })
})

suite('success rates', () => {
  const rates = { successRateDeviation: 1.9, minTargets: 5, minRequests: 100 }
  const tallies = (...successes: number[]) => successes.map(good => ({ requests: 1000, successes: good }))

  test('the one far below the mean of the others is found', () => {
    const list = tallies(990, 995, 1000, 990, 600)
    assert.deepEqual(belowTheRest(list, rates), [list[4]])
  })

  test('equals are no outliers, however bad they all are', () => {
    for (const good of [0, 1, 333, 999, 1000]) assert.deepEqual(belowTheRest(tallies(good, good, good, good, good, good), rates), [])
  })

  test('too few targets, or too few requests, are not compared', () => {
    assert.deepEqual(belowTheRest(tallies(1000, 1000, 1000, 0), rates), [])
    assert.deepEqual(belowTheRest([...tallies(1000, 1000, 1000, 1000), { requests: 99, successes: 0 }], rates), [])
    assert.deepEqual(belowTheRest(tallies(1000, 1000, 1000, 1000, 0), { ...rates, successRateDeviation: 0 }), [])
  })

  test('a target with just enough requests is compared, and those with fewer count neither as targets nor for the mean', () => {
    const five = [...tallies(1000, 1000, 1000, 1000), { requests: 100, successes: 0 }]
    assert.deepEqual(belowTheRest(five, rates), [five[4]])
    assert.deepEqual(belowTheRest([...five, { requests: 0, successes: 0 }], rates), [five[4]])
    assert.deepEqual(
      belowTheRest([...tallies(1000, 1000, 1000, 0), { requests: 99, successes: 99 }], { ...rates, successRateDeviation: 1 }),
      []
    )
  })

  test('shares are compared, not counts: a target with less traffic is no outlier', () => {
    const list = [...tallies(990, 990, 990, 990), { requests: 100, successes: 99 }]
    assert.deepEqual(belowTheRest(list, { ...rates, successRateDeviation: 0.5 }), [])
    const busy = [...tallies(990, 990, 990, 990), { requests: 10_000, successes: 6000 }]
    assert.deepEqual(belowTheRest(busy, rates), [busy[4]])
  })

  test('how far below is what the file says', () => {
    const list = tallies(1000, 1000, 1000, 1000, 0)
    assert.deepEqual(belowTheRest(list, { ...rates, successRateDeviation: 2.1 }), [])
    assert.deepEqual(belowTheRest(list, { ...rates, successRateDeviation: 0.1 }), [list[4]])
  })

  test('rounding makes no outlier of one of many equals', () => {
    for (let good = 0; good < 1000; good++) {
      for (const count of [5, 6, 7, 10]) {
        assert.deepEqual(belowTheRest(tallies(...Array<number>(count).fill(good)), { ...rates, successRateDeviation: 0.1 }), [])
      }
    }
  })

  test('what is found is always below the mean, and never all of them', () => {
    fc.assert(fc.property(fc.array(
      fc.nat({ max: 1000 }),
      { minLength: 5, maxLength: 12 }
    ), fc.double({ min: 0.1, max: 3, noNaN: true }), (list, successRateDeviation) => {
      const all = tallies(...list)
      const found = belowTheRest(all, { ...rates, successRateDeviation })
      const mean = list.reduce((sum, good) => sum + good, 0) / list.length
      assert.ok(found.length < all.length)
      assert.ok(found.every(({ successes }) => successes < mean))
    }))
  })

  test('are compared when the interval is over, and each interval by itself', () => {
    const { answer, out, checks, records } = group(5, { consecutive5xx: 0, consecutiveGatewayFailures: 0 })
    const interval = (from: number, bad: number): void => {
      for (let index = 0; index < 5; index++) {
        answer(index, 200, from, index === 2 ? 200 - bad : 200)
        if (index === 2) answer(index, 500, from, bad)
      }
    }
    interval(1, 100)
    assert.deepEqual(out(10_000), [])
    answer(0, 200, 10_001)
    assert.deepEqual(out(10_001), [2])
    assert.equal(checks[2]!.describe(10_001), 'ejected: 100 of 200 requests were good, fewer than elsewhere')
    interval(50_000, 0)
    answer(0, 200, 60_000)
    assert.deepEqual(out(60_000), [])
    assert.deepEqual(records.map((record: OutlierRecord) => record.requests), [1, 0, 0, 0, 0])
  })
})
