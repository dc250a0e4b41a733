/** What the view of the limits keeps. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recentKeys } from './client.ts'

const answer = (...keys: string[]): object[] => [
  { policy: 'per-client', algorithm: 'token-bucket', limited: keys.map(key => ({ key, left: 0, retryAfterMs: 100, resetMs: 400 })) }
]

const seen = (rows: readonly { key: string, limited: boolean }[]): string[] => rows.map(({ key, limited }) => `${key} ${limited}`)

test('a key stays for half a minute after it was limited, and says that it is not any more', () => {
  const first = recentKeys.withAnswer([], answer('a', 'b'), 1000)
  assert.deepEqual(seen(first), ['a true', 'b true'])
  const next = recentKeys.withAnswer(first, answer('b'), 2000)
  assert.deepEqual(seen(next), ['b true', 'a false'])
  assert.deepEqual(next.map(row => [row.seen, row.freeAt, row.fullAt]), [[2000, 2100, 2400], [1000, 1100, 1400]])
  assert.deepEqual(seen(recentKeys.withAnswer(next, answer(), 31_000)), ['b false'])
})

test('a key that is limited again is there once, and five hundred are kept at most', () => {
  const first = recentKeys.withAnswer([], answer('a'), 1000)
  assert.deepEqual(seen(recentKeys.withAnswer(recentKeys.withAnswer(first, answer(), 2000), answer('a'), 3000)), ['a true'])
  const many = Array.from({ length: 600 }, (_, index) => `key ${index}`)
  assert.equal(recentKeys.withAnswer(first, answer(...many), 2000).length, 500)
})
