/** How threads share the connections to a target. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareOf } from '../../src/upstream/upstreams.ts'

test('threads share connections evenly, and together they have as many as one thread', () => {
  for (const all of [1, 2, 3, 7, 10, 1024]) {
    for (let count = 1; count <= 8; count++) {
      const shares = Array.from({ length: count }, (_, index) => shareOf(all, { number: index + 1, count }))
      assert.equal(shares.reduce((sum, share) => sum + share), Math.max(all, count), `${all} over ${count}`)
      assert(Math.max(...shares) - Math.min(...shares) <= 1)
    }
    assert.equal(shareOf(all, { number: 0, count: 1 }), all, 'a thread that is alone')
  }
})
