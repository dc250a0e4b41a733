/** Who is let through when a limit is reached. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { gradientCells } from '../../plugins/core/overload/gradient.ts'
import { Limiter, waitingOf, type LimiterOptions } from '../../plugins/core/overload/limiter.ts'
import type { Rank } from '../../plugins/core/overload/priority.ts'
import type { Holder } from '../../src/contract/holder.ts'
import { Holdings } from '../../src/state/holdings.ts'
import { LocalMemory } from '../../src/state/local-memory.ts'

const options = { initial: 10, min: 10, max: 10, tolerance: 1.5, window: 100, shares: { low: 0, normal: 0.1, high: 0.2, critical: 0.3 } }
const [low, normal, high, critical] = [0, 1, 2, 3] as const

function limiterOf (given: LimiterOptions = options): Limiter {
  return new Limiter(given, waitingOf(() => new LocalMemory().count()))
}

function fill (limiter: Limiter, rank: Rank): number {
  let count = 0
  for (; limiter.admits(rank); count++) limiter.enter(rank)
  return count
}

test('as long as there is room everybody may use it', () => {
  assert.equal(fill(limiterOf(), low), 10)
  assert.equal(fill(limiterOf(), critical), 10)
})

test('when the limit is reached, each priority still has its share, and low has none', () => {
  const limiter = limiterOf()
  fill(limiter, low)
  assert.deepEqual([low, normal, high, critical].map(rank => fill(limiter, rank)), [0, 1, 2, 3])
})

test('who used up the share waits like everybody', () => {
  const limiter = limiterOf()
  fill(limiter, critical)
  assert.equal(limiter.admits(critical), false)
  limiter.leave(critical, undefined, 0)
  assert.equal(limiter.admits(low), true)
})

test('whatever comes and goes, never more than limit and all shares together are let through', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom<Rank>(0, 1, 2, 3), fc.boolean())), steps => {
    const limiter = limiterOf()
    const open: Rank[] = []
    for (const [rank, ends] of steps) {
      if (ends && open.length > 0) limiter.leave(open.shift()!, undefined, 0)
      else if (limiter.admits(rank)) {
        limiter.enter(rank)
        open.push(rank)
      }
      assert.equal(limiter.active, open.length)
      assert.ok(open.length <= 16)
    }
  }))
})

test('a place that is given back is one of its own priority', () => {
  const limiter = limiterOf()
  fill(limiter, low)
  fill(limiter, high)
  limiter.leave(high, undefined, 0)
  assert.deepEqual([high, normal].map(rank => fill(limiter, rank)), [1, 1])
})

test('a copy knows who waits, and learns nothing for the one that it was made from', () => {
  const wide = { ...options, max: 200 }
  const holdings = new Holdings()
  const identity = { kind: 'limiter', key: '' }
  const take = ({ count, state }: Holder): Limiter => {
    const waiting = waitingOf(name => count({ ...identity, options: name }))
    return new Limiter(wide, waiting, state({ ...identity, cells: gradientCells(wide) }))
  }
  const limiter = take(holdings.hold())
  fill(limiter, critical)
  const copy = take(holdings.fork())
  assert.deepEqual([copy.active, copy.admits(critical), copy.admits(high)], [10, false, true])
  for (let now = 0; now < 5000; now += 10) {
    copy.enter(low)
    copy.leave(low, 50, now)
  }
  assert.deepEqual([copy.limit > 10, limiter.limit], [true, 10])
})

test('how much of a limit is used is counted with the request that ends', () => {
  const limiter = limiterOf({ ...options, max: 200 })
  for (let count = 0; count < 6; count++) limiter.enter(low)
  for (let now = 0; now < 1000; now += 10) {
    limiter.leave(low, 50, now)
    limiter.enter(low)
  }
  // Five of ten are half of it, six of eleven too.
  assert.ok(limiter.limit > 10)
})
