/** What can be a token, before it is decoded. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bounded, judged } from '../../plugins/policies/jwt-auth/token-text.ts'

const longest = 'a'.repeat(16_384)

test('a token has at most 16384 characters, wherever it is found', () => {
  assert.deepEqual([bounded({ kind: 'token', token: longest }).kind, judged([longest]).kind], ['token', 'token'])
  const tooLong = { kind: 'malformed', why: 'longer than 16384 characters' }
  assert.deepEqual([bounded({ kind: 'token', token: `${longest}a` }), judged([`${longest}a`])], [tooLong, tooLong])
})

test('a token is one text of the letters of a token', () => {
  assert.deepEqual(judged(['aZ09_-.x']), { kind: 'token', token: 'aZ09_-.x' })
  assert.deepEqual([judged([]), judged([''])], [{ kind: 'missing' }, { kind: 'missing' }])
  for (const text of ['a b', ' a', 'a=', 'a+b', 'a/b', 'ä', 'a,b']) {
    assert.deepEqual(judged([text]), { kind: 'malformed', why: 'not of the letters of a token' }, text)
  }
  for (const values of [['a', 'b'], ['a', 'a'], ['', 'a'], ['a', '']]) {
    assert.deepEqual(judged(values), { kind: 'malformed', why: 'more than one token' }, String(values))
  }
})

test('what is missing or malformed stays so', () => {
  for (const bearer of [{ kind: 'missing' }, { kind: 'malformed', why: 'w' }] as const) assert.equal(bounded(bearer), bearer)
})
