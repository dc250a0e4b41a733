/** What a line of a file shows when something in it is wrong and something else is secret. */

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import Type from '#typebox'
import { readDocument } from '../../src/config/read/document.ts'
import { maskedSource } from '../../src/config/show/secret-places.ts'
import { Secret } from '../../src/config/schema/units.ts'
import { folder } from './folder.ts'

const schema = Type.Object({
  keys: Type.Optional(Type.Array(Type.Object({ name: Type.String(), hash: Secret() }))),
  users: Type.Optional(Type.Record(Type.String(), Secret())),
  one: Type.Optional(Type.Union([Secret(), Type.Object({ secret: Secret() })]))
})

function masked (t: TestContext, yaml: string): string {
  const file = join(folder(t, { 'a.yaml': yaml }), 'a.yaml')
  return maskedSource(readDocument(file, { env: {} }).document!, schema)(file)!
}

test('secrets of lists, of mappings with free names and of alternatives become stars, as long as they are', t => {
  assert.equal(masked(
    t,
    'keys:\n  - { name: a, hash: abc, teir: x }\n  - hash: "q w"\n    name: b\nusers: { ada: pass, "b c": word }\none: { secret: s1 }\n'
  ),
    'keys:\n  - { name: a, hash: ***, teir: x }\n  - hash: *****\n    name: b\nusers: { ada: ****, "b c": **** }\none: { secret: ** }\n')
  assert.equal(masked(t, 'one: text\n'), 'one: ****\n')
})

test('whatever stands in the place of a secret is starred out, numbers and mappings too', t => {
  const text = masked(t, 'users: { ada: 1234, bob: { password: hunter2 } }\n')
  assert.doesNotMatch(text, /1234|hunter2/)
})

test('of a secret on several lines nothing is left', t => {
  const text = masked(t, 'users:\n  ada: |\n    first\n    second\n  bob: "third\n    fourth"\nkeys: []\n')
  assert.doesNotMatch(text, /first|second|third|fourth/)
  assert.match(text, /\nkeys: \[\]\n/)
})
