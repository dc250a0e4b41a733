/** When certificates are renewed. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { pauseAfter, renewalTime } from '../../src/acme/renewal-time.ts'
import { readRetryAfter } from '../../src/acme/retry-after.ts'

const hour = 3_600_000
const day = 24 * hour
const lifetime = { from: 0, to: 90 * day }
const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

test('without a suggestion a certificate is renewed when two thirds of its life are over', () => {
  assert.equal(renewalTime({ lifetime, window: undefined, fraction: 0 }), 60 * day)
  assert.equal(renewalTime({ lifetime, window: undefined, fraction: 0.5 }), 61.5 * day)
})

test('with a suggestion it is renewed inside the window, and a window that is not usable is ignored', () => {
  const window = { start: 10 * day, end: 12 * day }
  assert.equal(renewalTime({ lifetime, window, fraction: 0.5 }), 11 * day)
  for (const bad of [{ start: 12 * day, end: 10 * day }, { start: 80 * day, end: 91 * day }]) {
    assert.equal(renewalTime({ lifetime, window: bad, fraction: 0 }), 60 * day)
  }
})

test('a certificate is always renewed before it ends', () => {
  const suggestions = fc.option(fc.tuple(fc.nat(), fc.nat()))
  fc.assert(fc.property(fc.nat(), fc.integer({ min: 1 }), suggestions, fraction, (from, life, suggested, random) => {
    const window = suggested === null ? undefined : { start: suggested[0], end: suggested[1] }
    assert.ok(renewalTime({ lifetime: { from, to: from + life }, window, fraction: random }) < from + life)
  }))
})

const refused = { unreachable: false, retryAfter: undefined }

test('a directory that refuses is asked less than five times in an hour, and one that is away more often', () => {
  const pauses = (failure: typeof refused): number[] => [1, 2, 3, 4, 5, 6, 50].map(failures => pauseAfter(failures, failure, () => 0))
  assert.deepEqual(pauses(refused), [1, 4, 16, 64, 256, 360, 360].map(minutes => minutes * 60_000))
  assert.deepEqual(pauses({ ...refused, unreachable: true }), [10, 20, 40, 80, 160, 320, 600].map(seconds => seconds * 1000))
})

test('a pause is never shorter than the directory asks, and never longer than a week and a quarter', () => {
  const [counts, waits] = [fc.integer({ min: 1, max: 1000 }), fc.option(fc.nat({ max: 30 * day }))]
  fc.assert(fc.property(counts, fc.boolean(), waits, fraction, (failures, unreachable, asked, random) => {
    const pause = pauseAfter(failures, { unreachable, retryAfter: asked ?? undefined }, () => random)
    assert.ok(pause >= Math.min(asked ?? 0, 7 * day))
    assert.ok(pause <= 7 * day * 1.25)
  }))
})

test('Retry-After is seconds or a date', () => {
  const now = Date.parse('2026-11-29T12:00:00Z')
  const dates = ['Sun, 29 Nov 2026 12:01:00 GMT', 'Sun, 29 Nov 2026 11:00:00 GMT']
  assert.deepEqual(['120', '0', ...dates].map(value => readRetryAfter(value, now)), [120_000, 0, 60_000, 0])
  for (const value of ['soon', '-1', '1e3', undefined, ['1']]) assert.equal(readRetryAfter(value, now), undefined)
})
