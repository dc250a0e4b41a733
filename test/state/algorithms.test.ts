/** Algorithms keep their state in cells and counts and nowhere else: two objects over the same ones, used in turn, are as good as one. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Breaker } from '../../plugins/core/circuit-breaking/breaker.ts'
import { breakerCells } from '../../plugins/core/circuit-breaking/breaker-cells.ts'
import { OutlierRecord, outlierCells } from '../../plugins/core/health-checks/outlier-record.ts'
import { passiveCells, PassiveHealth } from '../../plugins/core/health-checks/passive-health.ts'
import { thresholdCells, Thresholds } from '../../plugins/core/health-checks/thresholds.ts'
import { KeptLatency, latencyAt, latencyCells as ewmaCells, record } from '../../plugins/core/load-balancing/peak-ewma.ts'
import { gradientCells } from '../../plugins/core/overload/gradient.ts'
import { Limiter, waitingOf } from '../../plugins/core/overload/limiter.ts'
import type { Rank } from '../../plugins/core/overload/priority.ts'
import { Shedding, sheddingCells } from '../../plugins/core/overload/shedding.ts'
import { Reachability, reachabilityCells } from '../../plugins/core/unreachable-targets/reachability.ts'
import { SlidingWindow, windowCells } from '../../src/collections/sliding-window.ts'
import { reasons } from '../../src/contract/errors.ts'
import type { Count } from '../../src/contract/state.ts'
import { BodyBudget } from '../../src/exchange/body-budget.ts'
import { latencyCells, LatencyQuantile } from '../../src/transport/retry/latency-quantile.ts'
import { RetryBudget, retryBudgetCells } from '../../src/transport/retry/retry-budget.ts'
import { KeptLoad, loadCells, loadHere } from '../../src/upstream/target-load.ts'
import { LocalMemory, noLock } from '../../src/state/local-memory.ts'

/** One call, and what can be seen afterwards. */
type Call<T> = (object: T, value: number, now: number) => unknown

interface Algorithm<T> {
  readonly cells: readonly number[]
  readonly create: (cells: Float64Array, count: (name: string) => Count) => T
  readonly calls: readonly Call<T>[]
  readonly see: Call<T>
}

const breaker = { failures: 3, failureRate: 0.5, slowCallRate: 0.5, window: 1000, minRequests: 4, openFor: 300, maxOpenFor: 900, probes: 2 }
const limiter = { initial: 10, min: 2, max: 50, tolerance: 1.5, window: 100, shares: { low: 0, normal: 0.1, high: 0.2, critical: 0.3 } }
const thresholds = { healthyAfter: 2, unhealthyAfter: 2, flapping: { changes: 1, window: 1000 }, timeout: 100 }
const passive = { window: 1000, errorRate: 0.5, minRequests: 3, maxPause: 500, mayPause: () => true }
const failure = { at: 0, since: 0, why: 'connection-refused' }

/** What an algorithm keeps. */
class Kept {
  readonly cells: Float64Array
  readonly #counts = new Map<string, Count>()

  constructor (cells: Iterable<number>) {
    this.cells = Float64Array.from(cells)
  }

  readonly count = (name: string): Count => {
    let count = this.#counts.get(name)
    if (count === undefined) this.#counts.set(name, count = new LocalMemory().count())
    return count
  }

  copy (): Kept {
    const copy = new Kept(this.cells)
    for (const [name, { value }] of this.#counts) copy.count(name).add(value)
    return copy
  }
}

function define<T> (algorithm: Algorithm<T>): Algorithm<never> {
  return algorithm as unknown as Algorithm<never>
}

const algorithms: Record<string, Algorithm<never>> = {
  Breaker: define<Breaker>({
    cells: breakerCells,
    create: cells => new Breaker(breaker, () => 0.5, cells),
    calls: [
      (it, _value, now) => it.enter(now),
      (it, value, now) => it.answered(value % 6, value % 2 === 0, now),
      (it, value, now) => it.failed(value % 6, { cause: 500 + value, slow: false, retryAfter: value }, now),
      (it, value, now) => it.cut(value % 6, 1001, now),
      (it, value) => it.completed(value % 6),
      (it, value) => it.ignored(value % 6),
      (it, _value, now) => it.recovered(now)
    ],
    see: (it, _value, now) => [it.describe(now), it.permits(now), it.stateAt(now), it.reason]
  }),
  Limiter: define<Limiter>({
    cells: gradientCells(limiter),
    create: (cells, count) => new Limiter(limiter, waitingOf(count), cells),
    calls: [(it, value) => it.enter(value % 4 as Rank), (it, value, now) => it.leave(value % 4 as Rank, value, now)],
    see: (it, value) => [it.limit, it.active, it.admits(value % 4 as Rank)]
  }),
  Shedding: define<Shedding>({
    cells: sheddingCells,
    create: cells => new Shedding({ eventLoopDelay: 20, calmFor: 200 }, cells),
    calls: [(it, value, now) => it.observe(value, now)],
    see: it => [it.level, it.delay]
  }),
  Thresholds: define<Thresholds>({
    cells: thresholdCells(thresholds),
    create: cells => new Thresholds(thresholds, cells),
    calls: [(it, _value, now) => it.pass(now, 1), (it, value, now) => it.fail(500 + value, now, 2)],
    see: (it, _value, now) => [it.health, it.calm, it.since, it.lastProbe, it.describe(now)]
  }),
  PassiveHealth: define<PassiveHealth>({
    cells: passiveCells,
    create: cells => new PassiveHealth(passive, cells),
    calls: [
      (it, value, now) => it.record(value % 2 === 0, now),
      (it, value, now) => it.pause(value, now),
      (it, value, now) => it.tell(value % 2 === 0, now)
    ],
    see: (it, _value, now) => [it.told, it.since, it.healthy(now), it.recoversAt(now), it.describe(now)]
  }),
  OutlierRecord: define<OutlierRecord>({
    cells: outlierCells,
    create: cells => new OutlierRecord(cells),
    calls: [
      (it, value) => it.count(value % 2 === 0, value % 3 === 0, value % 5 === 0),
      it => it.startInterval(),
      (it, value, now) => it.eject(value % 2 === 0 ? 'consecutive-5xx' : 'success-rate', value, now, now + value)
    ],
    see: it => [it.requests, it.successes, it.serverErrors, it.gatewayFailures, it.ejectedUntil, it.ejections, it.describe()]
  }),
  Reachability: define<Reachability>({
    cells: reachabilityCells,
    create: cells => new Reachability(100, cells),
    calls: [(it, _value, now) => it.enter(failure, now), (it, value) => it.ended(value % 6), (it, _value, now) => it.recovered(now)],
    see: (it, _value, now) => [it.permits(failure, now), it.describe(failure, now)]
  }),
  KeptLatency: define<KeptLatency>({
    cells: ewmaCells,
    create: cells => new KeptLatency(cells),
    calls: [(it, value, now) => record(it, value, now, 1000)],
    see: (it, _value, now) => [it.known, it.assumed, latencyAt(it, now, 1000)]
  }),
  KeptLoad: define<KeptLoad>({
    cells: loadCells(5),
    create: (cells, count) => new KeptLoad(cells, { active: count('active'), here: loadHere(), lock: noLock }),
    calls: [
      it => it.enter(),
      it => it.leave(),
      it => it.connected(),
      (it, _value, now) => it.failed(reasons['connection-refused'], it.opened, now),
      (it, value, now) => {
        it.closed = value % 2 === 0
        it.openedAt = now
      }
    ],
    see: it => [it.active, it.opened, it.openedAt, it.closed, it.failure]
  }),
  RetryBudget: define<RetryBudget>({
    cells: retryBudgetCells,
    create: (cells, count) => new RetryBudget(0.5, 1, cells, { first: count('first'), extra: count('extra'), lock: noLock }),
    calls: [(it, _value, now) => it.begin(now), it => it.end(), it => it.take(), it => it.release()],
    see: it => it.state
  }),
  LatencyQuantile: define<LatencyQuantile>({
    cells: latencyCells,
    create: cells => new LatencyQuantile(0.95, cells),
    calls: [(it, value) => { for (let count = 0; count < 20; count++) it.add(value + count) }],
    see: it => it.value
  }),
  SlidingWindow: define<SlidingWindow>({
    cells: Array.from({ length: windowCells(2) }, () => 0),
    create: cells => new SlidingWindow(1000, 2, cells),
    calls: [(it, value, now) => it.add(value % 2, now)],
    see: (it, _value, now) => [it.total(0, now), it.total(1, now), it.when(([all = 0]) => all < 2, now)]
  }),
  BodyBudget: define<BodyBudget>({
    cells: [],
    create: (_cells, count) => new BodyBudget(count('held')),
    calls: [(it, value) => it.take(value, 300), (it, value) => it.give(value)],
    see: it => it.used
  })
}

const steps = fc.array(fc.record({ call: fc.nat(20), value: fc.nat(100), after: fc.nat(120), second: fc.boolean() }), { maxLength: 60 })

for (const [name, { cells, create, calls, see }] of Object.entries(algorithms)) {
  test(`${name} keeps its state in its cells and counts`, () => {
    fc.assert(fc.property(steps, history => {
      const made = ({ cells, count }: Kept): never => create(cells, count)
      const alone = made(new Kept(cells))
      const shared = new Kept(cells)
      const [first, second] = [made(shared), made(shared)]
      let now = 1000
      for (const { call, value, after, second: other } of history) {
        now += after
        const one = calls[call % calls.length]!
        assert.deepEqual(one(other ? second : first, value, now), one(alone, value, now))
        const seen = see(alone, value, now)
        for (const object of [first, second, made(shared.copy())]) assert.deepEqual(see(object, value, now), seen)
      }
    }))
  })
}
