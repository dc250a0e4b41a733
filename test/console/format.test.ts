/** Figures as the console shows them. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { format } from './client.ts'

const { ago, bytes, counted, figure, lasting, milliseconds, percent } = format

test('a rate has three digits that matter, and a letter when it is large', () => {
  assert.deepEqual([0, 0.254, 12.54, 99.96, 950.4, 9999, 10_000, 12_345, 3_400_000].map(figure), [
    '0', '0.25', '12.5', '100', '950', '9999', '10k', '12.3k', '3.4M'
  ])
})

test('a figure that is not there is a dash and not a 0', () => {
  assert.deepEqual([figure(null), figure(undefined), milliseconds(null), bytes(undefined), percent(null)], ['–', '–', '–', '–', '–'])
})

test('durations and sizes have the unit that fits', () => {
  assert.deepEqual([0.04, 0.44, 9.96, 12.4, 999.4, 999.6, 61_000].map(milliseconds), [
    '0 ms', '0.4 ms', '10 ms', '12 ms', '999 ms', '1 s', '61 s'
  ])
  assert.deepEqual([0, 512, 1536, 430_000_000].map(bytes), ['0 B', '512 B', '1.5 KiB', '410 MiB'])
  assert.equal(percent(0.3333), '33.3 %')
})

test('a time that lasts has its two largest units', () => {
  assert.deepEqual([0, 999, 59_000, 60_000, 3_661_000, 90_000_000, 86_400_000 + 61_000].map(lasting), [
    '0 s', '0 s', '59 s', '1 min', '1 h 1 min', '1 d 1 h', '1 d'
  ])
  assert.deepEqual([ago(1000, 1500), ago(1000, 13_000), ago(null, 1)], ['just now', '12 s ago', '–'])
  assert.deepEqual([counted(1, 'thread'), counted(0, 'thread')], ['1 thread', '0 threads'])
})
