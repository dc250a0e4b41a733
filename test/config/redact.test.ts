import assert from 'node:assert/strict'
import { test } from 'node:test'
import Type from '#typebox'
import { redact } from '../../src/config/show/redact.ts'
import { Secret } from '../../src/config/schema/units.ts'

const gone = '[redacted]'

test('what the schema calls secret is redacted, wherever it is nested', () => {
  const schema = Type.Object({
    token: Secret(),
    keys: Type.Array(Type.Union([Secret(), Type.Object({ value: Secret(), id: Type.String() })])),
    named: Type.Record(Type.String(), Type.Object({ pass: Secret() }))
  })
  assert.deepEqual(redact(schema, { token: 'a', keys: ['b', { value: 'c', id: 'd' }], named: { x: { pass: 'e' } } }, new Set()), {
    token: gone, keys: [gone, { value: gone, id: 'd' }], named: { x: { pass: gone } }
  })
})

test('what came from a secret file is redacted, whatever the schema says', () => {
  assert.deepEqual(
    redact(Type.Object({ a: Type.String(), b: Type.Array(Type.String()) }), { a: 'x', b: ['y', 'z'] }, new Set(['/a', '/b/1'])),
    { a: gone, b: ['y', gone] }
  )
})

test('under no schema a telling name is enough', () => {
  const options = {
    secret: 'a',
    PASSWORD: 'b',
    token: ['c'],
    privateKey: { d: 'e' },
    api_key: 'f',
    clientSecret: 'g',
    plain: 'h',
    nested: { apiKey: 5 },
    empty: { password: null }
  }
  assert.deepEqual(redact(Type.Object({ policies: Type.Record(Type.String(), Type.Unknown()) }), { policies: { p: options } }, new Set()), {
    policies: { p: {
      secret: gone,
      PASSWORD: gone,
      token: gone,
      privateKey: gone,
      api_key: gone,
      clientSecret: gone,
      plain: 'h',
      nested: { apiKey: gone },
      empty: { password: null }
    } }
  })
})

test('a described value that only has a telling name is shown', () => {
  assert.deepEqual(redact(Type.Object({ token: Type.Number() }), { token: 5 }, new Set()), { token: 5 })
})

test('the password of a URL is redacted', () => {
  assert.deepEqual(redact(
    Type.Array(Type.String()),
    ['redis://user:hunter2@host:6379/0', 'http://host:80/a:b@c', 'postgres://:p@h'],
    new Set()
  ), [
    `redis://user:${gone}@host:6379/0`, 'http://host:80/a:b@c', `postgres://:${gone}@h`
  ])
})

test('the value itself is left alone', () => {
  const value = { list: [{ token: 'x' }] }
  const copy = redact(Type.Unknown(), value, new Set()) as typeof value
  assert.equal(value.list[0]!.token, 'x')
  assert.notEqual(copy.list, value.list)
})
