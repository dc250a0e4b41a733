/** Tokens that have been verified: how many are remembered, and which. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { VerifiedTokenCache } from '../../plugins/policies/jwt-auth/verified-token-cache.ts'

test('never more tokens than the maximum are kept, and the latest half of them always', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 8 }), fc.array(
    fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 20 })),
    { maxLength: 60 }
  ), (half, steps) => {
    const cache = new VerifiedTokenCache<number>(half * 2)
    const latest: string[] = []
    for (const [asks, number] of steps) {
      const token = `t${number}`
      if (asks) {
        const found = cache.get(token)
        assert.ok(found === undefined || found === number)
        if (found === undefined) continue
      } else cache.set(token, number)
      if (latest.includes(token)) latest.splice(latest.indexOf(token), 1)
      latest.push(token)
      assert.ok(cache.size <= half * 2, `${cache.size}`)
    }
    for (const token of latest.slice(-half)) assert.notEqual(cache.get(token), undefined, token)
  }))
})

test('as many tokens as the maximum are kept, each of them once, also when it is used', () => {
  const cache = new VerifiedTokenCache<number>(8)
  for (let number = 0; number < 8; number++) cache.set(`t${number}`, number)
  assert.equal(cache.size, 8)
  const used = new VerifiedTokenCache<number>(8)
  for (let number = 0; number < 5; number++) used.set(`t${number}`, number)
  assert.deepEqual([used.get('t0'), used.size], [0, 5])
})

test('a token in use stays, however many others come', () => {
  const cache = new VerifiedTokenCache<string>(4)
  cache.set('used', 'kept')
  for (let count = 0; count < 50; count++) {
    cache.set(`other ${count}`, '')
    assert.equal(cache.get('used'), 'kept')
  }
  assert.equal(cache.get('other 0'), undefined)
})

test('the last value of a token counts, and one that is deleted is gone, wherever it is kept', () => {
  const cache = new VerifiedTokenCache<string>(4)
  for (const others of [0, 1, 2]) {
    cache.set('token', 'first')
    for (let count = 0; count < others; count++) cache.set(`other ${count}`, '')
    cache.set('token', 'second')
    assert.equal(cache.get('token'), 'second')
    cache.delete('token')
    assert.equal(cache.get('token'), undefined)
  }
})

test('0 keeps none, and a token of more than 4096 characters is not kept', () => {
  const none = new VerifiedTokenCache<string>(0)
  none.set('token', 'value')
  assert.deepEqual([none.get('token'), none.size], [undefined, 0])
  const some = new VerifiedTokenCache<string>(10)
  some.set('a'.repeat(4096), 'kept')
  some.set('a'.repeat(4097), 'too long')
  assert.deepEqual([some.get('a'.repeat(4096)), some.get('a'.repeat(4097)), some.size], ['kept', undefined, 1])
})
