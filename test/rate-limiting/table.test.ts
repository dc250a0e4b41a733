import assert from 'node:assert/strict'
import { test } from 'node:test'
import { takeLocally } from '../../plugins/policies/rate-limiting/local-limit.ts'
import { overflow, Table } from '../../plugins/policies/rate-limiting/table.ts'
import { tokenBucket } from '../../plugins/policies/rate-limiting/token-bucket.ts'
import { tableOf } from './tables.ts'

interface Bucket {
  fullAt: number
}

const bucketsOf = (maxKeys: number): Table<Bucket> => new Table(maxKeys, ({ fullAt }) => fullAt)

/** Keeps a bucket for a key that is full again at `fullAt`. */
function use (buckets: Table<Bucket>, key: string, fullAt: number, now: number): string {
  const slot = buckets.slot(key, now)
  buckets.set(slot, { fullAt })
  return slot
}

test('a bucket in use is never thrown out, whatever else comes', () => {
  const buckets = bucketsOf(100)
  use(buckets, 'mine', 5000, 0)
  for (let i = 0; i < 10_000; i++) use(buckets, `other-${i}`, 5000, i / 10)
  assert.equal(buckets.slot('mine', 1000), 'mine')
  assert.equal(buckets.get('mine')?.fullAt, 5000)
})

test('the number of buckets stays under the cap', () => {
  const buckets = bucketsOf(1000)
  for (let i = 0; i < 100_000; i++) use(buckets, `key-${i}`, 1e9, 0)
  assert.ok(buckets.size <= 1001)
})

test('new keys share one bucket while the table is full of buckets in use', () => {
  const buckets = bucketsOf(2)
  use(buckets, 'a', 1000, 0)
  use(buckets, 'b', 1000, 0)
  assert.equal(use(buckets, 'c', 900, 0), overflow)
  assert.equal(buckets.slot('d', 0), overflow)
  assert.equal(buckets.get(overflow)?.fullAt, 900)
  assert.equal(buckets.slot('a', 0), 'a')
})

test('there is room for new keys as soon as buckets are full again', () => {
  const buckets = bucketsOf(2)
  use(buckets, 'a', 1000, 0)
  use(buckets, 'b', 2000, 0)
  assert.equal(buckets.slot('c', 999), overflow)
  assert.equal(buckets.slot('c', 1000), 'c')
  assert.equal(buckets.get('a')?.fullAt, undefined)
  assert.equal(buckets.get('b')?.fullAt, 2000)
})

test('keys that are used once do not pile up, although they are never used again', () => {
  const buckets = bucketsOf(100_000)
  for (let i = 0; i < 50_000; i++) use(buckets, `once-${i}`, i + 100, i)
  assert.ok(buckets.size < 300, `${buckets.size} buckets`)
})

test('sweeping empties an unused table', () => {
  const buckets = bucketsOf(10_000)
  for (let i = 0; i < 10_000; i++) use(buckets, `key-${i}`, 1000, 0)
  for (let i = 0; i < 3; i++) buckets.sweep(2000, 5000)
  assert.equal(buckets.size, 0)
})

test('S1-42 S2-053 S2-056 of a million clients no more are kept than the table may hold, and none when they have been idle', () => {
  const rules = [tokenBucket({ limit: 5, window: 1000 })]
  const { table } = tableOf(rules, 100_000)
  let most = 0
  for (let i = 0; i < 1_000_000; i++) {
    takeLocally(table, rules, `client-${i}`, 1, () => i / 1000)
    most = Math.max(most, table.size)
  }
  assert.equal(most, 100_001)
  for (let i = 0; i < 21; i++) table.sweep(1_000_000, 5000)
  assert.equal(table.size, 0)
})

test('a key whose first request is refused is not kept', () => {
  const rules = [tokenBucket({ limit: 1, window: 1000 })]
  const { table } = tableOf(rules, 10)
  assert.equal(takeLocally(table, rules, 'a', 2, () => 0).allowed, false)
  assert.equal(table.size, 0)
  assert.equal(takeLocally(table, rules, 'a', 1, () => 0).allowed, true)
  assert.equal(table.size, 1)
})

test('new keys share one row while the table is full of rows in use, and have their own as soon as there is room', () => {
  const rules = [tokenBucket({ limit: 1, window: 1000 })]
  const { table } = tableOf(rules, 2)
  const allowed = (key: string, now: number): boolean => takeLocally(table, rules, key, 1, () => now).allowed
  assert.deepEqual(['a', 'b', 'c', 'd', 'a'].map(key => allowed(key, 0)), [true, true, true, false, false])
  assert.equal(table.size, 3)
  assert.deepEqual(['d', 'e', 'd'].map(key => allowed(key, 1000)), [true, true, false])
})
