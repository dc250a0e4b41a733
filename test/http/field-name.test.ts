/** Spellings of field names are remembered for speed, and no client can fill that memory or take it from others. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFieldName, rememberedNames } from '../../src/http/field-name.ts'

test('a client that makes up names fills nothing for good, and what is in use is still remembered', () => {
  let fresh = 0
  for (let i = 0; i < 20_000; i++) {
    readFieldName(`X-Made-Up-${i}`)
    if (i % 100 === 0) {
      const known = readFieldName('User-Agent')
      if (readFieldName('User-Agent') !== known) fresh++
    }
    assert.ok(rememberedNames() <= 1000)
  }
  assert.equal(fresh, 0)
})

test('a name in use survives the change of generations', () => {
  const known = readFieldName('X-In-Use')
  for (let i = 0; i < 5000; i++) {
    readFieldName(`X-Other-${i}`)
    if (i % 400 === 0) assert.equal(readFieldName('X-In-Use'), known)
  }
})

test('long names are read and not remembered', () => {
  const before = rememberedNames()
  for (let i = 0; i < 100; i++) assert.equal(readFieldName(`X-${'a'.repeat(70)}${i}`).role, 'pass')
  assert.equal(rememberedNames(), before)
})

test('each spelling has the role of its name', () => {
  for (const [name, role] of [
    ['Connection', 'drop'], ['VIA', 'drop'], ['x-forwarded-FOR', 'drop'], [':path', 'drop'], ['Content-Length', 'once'],
    ['X_User', 'underscore'], ['CF-Connecting-IP', 'origin'], ['X-Original-Url', 'origin'], ['Accept', 'pass']
  ] as const) {
    assert.deepEqual(readFieldName(name), { lower: name.toLowerCase(), role })
  }
})
