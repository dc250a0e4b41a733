import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Buckets, overflow, type BucketStore } from '../../plugins/rate-limiting/buckets.ts'
import { full } from '../../plugins/rate-limiting/token-bucket.ts'

/** Keeps a bucket for a key that is full again at `tat`. */
function use (buckets: BucketStore, key: string, tat: number, now: number): string {
  const slot = buckets.slot(key, now)
  buckets.set(slot, tat)
  return slot
}

test('a bucket in use is never thrown out, whatever else comes', () => {
  const buckets = new Buckets(100)
  use(buckets, 'mine', 5000, 0)
  for (let i = 0; i < 10_000; i++) use(buckets, `other-${i}`, 5000, i / 10)
  assert.equal(buckets.slot('mine', 1000), 'mine')
  assert.equal(buckets.get('mine'), 5000)
})

test('the number of buckets stays under the cap', () => {
  const buckets = new Buckets(1000)
  for (let i = 0; i < 100_000; i++) use(buckets, `key-${i}`, 1e9, 0)
  assert.ok(buckets.size <= 1001)
})

test('new keys share one bucket while the table is full of buckets in use', () => {
  const buckets = new Buckets(2)
  use(buckets, 'a', 1000, 0)
  use(buckets, 'b', 1000, 0)
  assert.equal(use(buckets, 'c', 900, 0), overflow)
  assert.equal(buckets.slot('d', 0), overflow)
  assert.equal(buckets.get(overflow), 900)
  assert.equal(buckets.slot('a', 0), 'a')
})

test('there is room for new keys as soon as buckets are full again', () => {
  const buckets = new Buckets(2)
  use(buckets, 'a', 1000, 0)
  use(buckets, 'b', 2000, 0)
  assert.equal(buckets.slot('c', 999), overflow)
  assert.equal(buckets.slot('c', 1000), 'c')
  assert.equal(buckets.get('a'), full)
  assert.equal(buckets.get('b'), 2000)
})

test('keys that are used once do not pile up, although nobody asks for them again', () => {
  const buckets = new Buckets(100_000)
  for (let i = 0; i < 50_000; i++) use(buckets, `once-${i}`, i + 100, i)
  assert.ok(buckets.size < 300, `${buckets.size} buckets`)
})

test('sweeping empties a table that nobody uses any more', () => {
  const buckets = new Buckets(10_000)
  for (let i = 0; i < 10_000; i++) use(buckets, `key-${i}`, 1000, 0)
  for (let i = 0; i < 3; i++) buckets.sweep(2000, 5000)
  assert.equal(buckets.size, 0)
})

test('a fork sees the buckets as they are and keeps what it takes to itself', () => {
  const buckets = new Buckets(2)
  use(buckets, 'a', 1000, 0)
  const fork = buckets.fork()
  assert.equal(fork.get(fork.slot('a', 0)), 1000)
  use(fork, 'a', 1500, 0)
  use(fork, 'b', 1500, 0)
  assert.equal(fork.slot('c', 0), overflow)
  assert.equal(fork.get('a'), 1500)
  assert.equal(fork.size, 2)
  assert.equal(buckets.get('a'), 1000)
  assert.equal(buckets.get('b'), full)
  assert.equal(buckets.size, 1)
})
