/** Limiters against models that remember every request and count anew each time, over random histories of several clients. */

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { compileRules, timeAlgorithms, type TimeAlgorithm } from '../../plugins/policies/rate-limiting/algorithm.ts'
import { takePlace, type Taken as Judged } from '../../plugins/policies/rate-limiting/limiter.ts'
import { takeLocally } from '../../plugins/policies/rate-limiting/local-limit.ts'
import type { Tier } from '../../plugins/policies/rate-limiting/plan.ts'
import { Holdings } from '../../src/state/holdings.ts'
import { tableOf } from './tables.ts'

interface Taken {
  readonly at: number
  readonly cost: number
}

interface Limit {
  readonly limit: number
  readonly window: number
}

const sum = (some: readonly Taken[]): number => some.reduce((all, { cost }) => all + cost, 0)

/** How much may still be taken at `now`, after all that one client has taken: by definition, not by the algorithm. */
const roomOf: Readonly<Record<TimeAlgorithm, (taken: readonly Taken[], limit: Limit, now: number) => number>> = {
  /** What was in the bucket, lived through from its first request. */
  'token-bucket' (taken, { limit, window }, now) {
    let level = limit
    let before = taken[0]?.at ?? now
    for (const { at, cost } of taken) {
      level = Math.min(limit, level + (at - before) * limit / window) - cost
      before = at
    }
    return Math.min(limit, level + (now - before) * limit / window)
  },
  /** Windows begin with a request, or follow at once upon one in which there was one. */
  'sliding-window' (taken, { limit, window }, now) {
    let start = taken[0]?.at ?? now
    const step = (at: number): void => {
      if (at >= start + 2 * window) start = at
      else if (at >= start + window) start += window
    }
    for (const { at } of taken) step(at)
    step(now)
    const [previous, current] = [taken.filter(({ at }) => at >= start - window && at < start), taken.filter(({ at }) => at >= start)]
    return limit - sum(previous) * (1 - (now - start) / window) - sum(current)
  },
  /** A window begins with the first request behind the one before. */
  'fixed-window' (taken, { limit, window }, now) {
    let start = -Infinity
    for (const { at } of taken) if (at >= start + window) start = at
    return now >= start + window ? limit : limit - sum(taken.filter(({ at }) => at >= start))
  }
}

/** Divides the windows, so that times are whole and nothing is rounded. */
const some = fc.constantFrom(1, 2, 4, 5, 10)
const limits = fc.tuple(some, some).map(([short, long]): Limit[] => [{ limit: short, window: 1000 }, { limit: long * 2, window: 10_000 }])
const step = fc.record({
  after: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(0, 0, 50, 100, 250) },
    { weight: 1, arbitrary: fc.constantFrom(500, 1000, 2000, 5000, 20_000) }
  ),
  who: fc.constantFrom('ada', 'bob', 'eve'),
  cost: fc.constantFrom(1, 1, 1, 2, 3),
  /** Ask without being counted. */
  rehearse: fc.boolean()
})

suite('every algorithm', () => {
  for (const algorithm of timeAlgorithms) {
    test(`${algorithm} admits what its definition admits, for each client alone, whatever is swept and rehearsed meanwhile`, () => {
      let refused = 0
      let passed = 0
      fc.assert(fc.property(limits, fc.array(step, { maxLength: 120, size: 'max' }), (rates, steps) => {
        const rules = compileRules(algorithm, rates, undefined)
        const { table, rehearsed } = tableOf(rules, 3)
        const history = new Map<string, Taken[]>()
        let now = 0
        for (const { after, who, cost, rehearse } of steps) {
          now += after
          table.sweep(now, 2)
          const taken = history.get(who) ?? []
          const wanted = rates.every(rate => cost <= roomOf[algorithm](taken, rate, now) + 1e-6)
          if (rehearse) assert.equal(takeLocally(rehearsed(), rules, who, cost, () => now).allowed, wanted, `rehearsed at ${now}`)
          const { allowed, windows } = takeLocally(table, rules, who, cost, () => now)
          assert.equal(allowed, wanted, `${who} at ${now}`)
          if (allowed) history.set(who, [...taken, { at: now, cost }])
          const left = rates.map(rate => Math.max(0, Math.floor(roomOf[algorithm](history.get(who) ?? [], rate, now) + 1e-6)))
          assert.deepEqual(windows.map(window => window.left), left, `what is left for ${who} at ${now}`)
          if (allowed) passed++
          else refused++
        }
      }), { numRuns: 150 })
      assert.ok(passed > 500 && refused > 500, 'the histories lead somewhere')
    })
  }
})

test('concurrency counts the open requests of each client, and keeps no client without one', () => {
  const change = fc.record({ who: fc.constantFrom('ada', 'bob', 'eve'), ends: fc.boolean(), rehearse: fc.boolean() })
  const tier = { atOnce: 3 } as Tier
  fc.assert(fc.property(fc.array(change, { maxLength: 80, size: 'max' }), changes => {
    const holdings = new Holdings()
    const definition = { kind: 'concurrency', key: '', keys: 100 }
    const progress = holdings.hold().counts(definition)
    const take = takePlace(progress)
    const model: { readonly who: string, readonly release: () => void }[] = []
    const of = (who: string): number => model.filter(entry => entry.who === who).length
    for (const { who, ends, rehearse } of changes) {
      if (rehearse) void takePlace(holdings.fork().counts(definition))(tier, who, 1)
      if (ends) {
        const at = model.findIndex(entry => entry.who === who)
        if (at !== -1) model.splice(at, 1)[0]!.release()
      } else {
        const { verdict, release } = take(tier, who, 1) as Judged
        assert.equal(verdict!.allowed, of(who) < 3)
        if (release !== undefined) model.push({ who, release })
        assert.equal(verdict!.windows[0]!.left, 3 - of(who))
      }
      for (const one of ['ada', 'bob', 'eve']) assert.equal(progress.of(one), of(one))
      assert.equal(progress.size, new Set(model.map(entry => entry.who)).size)
    }
  }))
})
