/** Counting over the last while. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SlidingWindow, windowCells } from '../../src/collections/sliding-window.ts'

const requests = 0
const failures = 1

/** Counts one request, and its failure if it failed. */
function record (window: SlidingWindow, failed: boolean, now: number): void {
  window.add(requests, now)
  if (failed) window.add(failures, now)
}

test('counts what is in the window and forgets what is not', () => {
  const window = new SlidingWindow(1000, 2)
  record(window, true, 5000)
  record(window, false, 5450)
  assert.deepEqual([window.total(requests, 5450), window.total(failures, 5450)], [2, 1])
  assert.deepEqual([window.total(requests, 5999), window.total(failures, 5999)], [2, 1])
  assert.deepEqual([window.total(requests, 6000), window.total(failures, 6000)], [1, 0])
  assert.deepEqual([window.total(requests, 6400), window.total(failures, 6400)], [0, 0])
})

test('forgets everything after a long silence', () => {
  const window = new SlidingWindow(1000, 2)
  for (let now = 0; now < 1000; now++) record(window, true, now)
  assert.equal(window.total(requests, 9_999_999), 0)
})

test('holds all of the last nine tenths of the span and nothing older than the span', () => {
  const steps = fc.array(fc.record({ after: fc.integer({ min: 0, max: 700 }), failed: fc.boolean() }), { maxLength: 80 })
  fc.assert(fc.property(steps, list => {
    const window = new SlidingWindow(1000, 2)
    const past: { at: number, failed: boolean }[] = []
    let now = 3
    for (const { after, failed } of list) {
      now += after
      record(window, failed, now)
      past.push({ at: now, failed })
      const within = (age: number) => past.filter(({ at }) => now - at <= age)
      assert.ok(window.total(requests, now) >= within(900).length)
      assert.ok(window.total(requests, now) <= within(1000).length)
      assert.ok(window.total(failures, now) >= within(900).filter(one => one.failed).length)
      assert.ok(window.total(failures, now) <= within(1000).filter(one => one.failed).length)
    }
  }))
})

test('tells when a state will hold, and it does hold then and not before', () => {
  const steps = fc.array(fc.record({ after: fc.integer({ min: 0, max: 300 }), failed: fc.boolean() }), { minLength: 1, maxLength: 60 })
  fc.assert(fc.property(steps, fc.integer({ min: 1, max: 20 }), (list, limit) => {
    const cells = new Float64Array(windowCells(2))
    const window = new SlidingWindow(1000, 2, cells)
    const copy = (): SlidingWindow => new SlidingWindow(1000, 2, cells.slice())
    let now = 7
    for (const { after, failed } of list) record(window, failed, now += after)
    const when = window.when(([, failed = 0]) => failed < limit, now)
    assert.ok(copy().total(failures, when) < limit)
    if (when > now) assert.ok(copy().total(failures, when - 0.001) >= limit)
  }))
})

test('a copy goes its own way', () => {
  const cells = new Float64Array(windowCells(2))
  const window = new SlidingWindow(1000, 2, cells)
  record(window, true, 100)
  const copy = new SlidingWindow(1000, 2, cells.slice())
  record(copy, true, 100)
  assert.deepEqual([window.total(requests, 100), copy.total(requests, 100)], [1, 2])
})
