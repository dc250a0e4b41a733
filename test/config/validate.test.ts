import assert from 'node:assert/strict'
import { test } from 'node:test'
import Type from '#typebox'
import type { TSchema } from '#typebox'
import { Duration, Enum, Rate, Secret, Size } from '../../src/config/schema/units.ts'
import { validate } from '../../src/config/check/validate.ts'

const closed = { additionalProperties: false }

/** `pointer message — hint`, as short as it gets. */
function complaints (schema: TSchema, value: unknown, pointer?: string, secrets?: ReadonlySet<string>): string[] {
  return validate(schema, value, pointer, secrets).problems.map((problem) => {
    const place = problem.at === 'key' ? `${problem.pointer} (key)` : problem.pointer
    return `${place} ${problem.message}${problem.hint === undefined ? '' : ` — ${problem.hint}`}`
  })
}

const Timeouts = Type.Object({ connect: Duration({ default: '5s' }), total: Duration({ default: '1m' }) }, { ...closed, default: {} })
const Target = Type.Union([
  Type.String({ pattern: '^https?://' }),
  Type.Object({ url: Type.String(), weight: Type.Integer({ default: 1, minimum: 0 }), slowStart: Duration({ default: '0s' }) }, closed)
], { expected: 'an http:// or https:// URL, or a mapping with `url`' })
const Store = Type.Union([
  Type.Object({ kind: Type.Literal('memory'), max: Size({ default: '1mb' }) }, closed),
  Type.Object({ kind: Type.Literal('redis'), url: Type.String() }, closed)
])

test('defaults are filled in, and units become numbers', () => {
  const schema = Type.Object({ timeouts: Timeouts, body: Size({ default: '1mib' }), limit: Rate({ default: '5/s' }) }, closed)
  const { value, problems } = validate(schema, { timeouts: { connect: '250ms' } })
  assert.deepEqual(problems, [])
  assert.deepEqual(value, { timeouts: { connect: 250, total: 60_000 }, body: 1_048_576, limit: { limit: 5, window: 1000 } })
})

test('the value that is checked stays as it was', () => {
  const value = { connect: '1s' }
  validate(Timeouts, value)
  assert.deepEqual(value, { connect: '1s' })
})

test('defaults and units work inside the alternative that fits', () => {
  const { value, problems } = validate(Type.Array(Target), ['http://a', { url: 'http://b', slowStart: '2s' }])
  assert.deepEqual(problems, [])
  assert.deepEqual(value, ['http://a', { url: 'http://b', slowStart: 2000, weight: 1 }])
})

test('a schema may have a default for the whole value', () => {
  assert.deepEqual(validate(Timeouts, undefined), { value: { connect: 5000, total: 60_000 }, problems: [] })
})

test('a tagged alternative is chosen by its tag', () => {
  assert.deepEqual(validate(Store, { kind: 'memory' }).value, { kind: 'memory', max: 1_000_000 })
  assert.deepEqual(complaints(Store, { kind: 'redis' }), [' (key) missing key "url"'])
  assert.deepEqual(
    complaints(Store, { kind: 'redsi', url: 'x' }),
    ['/kind expected one of memory, redis, got "redsi" — did you mean "redis"?']
  )
  assert.deepEqual(complaints(Store, {}), [' (key) missing key "kind"'])
})

test('a word or a duration is one or the other', () => {
  const schema = Type.Object({ wait: Type.Union([Type.Literal('off'), Duration()]) })
  assert.deepEqual(validate(schema, { wait: 'off' }).value, { wait: 'off' })
  assert.deepEqual(validate(schema, { wait: '5s' }).value, { wait: 5000 })
  assert.deepEqual(complaints(schema, { wait: 'of' }), ['/wait expected "off" or a duration such as "30s", got "of" — did you mean "off"?'])
  assert.deepEqual(complaints(schema, { wait: 5 }), ['/wait expected "off" or a duration such as "30s", got 5 — write "5s" or "5ms"'])
})

test('of alternatives without a tag, the one with the fewest problems is reported', () => {
  const schema = Type.Array(Type.Union([
    Type.Object({ a: Type.Number(), b: Type.Number() }, closed),
    Type.Object({ c: Type.Number(), d: Type.Number() }, closed)
  ]))
  assert.deepEqual(
    complaints(schema, [{ a: 1, b: 'x' }, { c: 1, d: 'y' }]),
    ['/0/b expected a number, got "x"', '/1/d expected a number, got "y"']
  )
})

test('x-* keys of closed mappings are dropped, those that the schema knows stay', () => {
  const schema = Type.Object({
    headers: Type.Record(Type.String(), Type.String()),
    named: Type.Record(Type.String({ pattern: '^(?!x-)' }), Type.Object({ a: Type.Number() }, closed), closed),
    list: Type.Array(Target)
  }, closed)
  const { value, problems } = validate(schema, {
    'x-mine': 1,
    headers: { 'x-version': 'v2' },
    named: { 'x-base': { b: 1 }, one: { a: 1, 'x-note': 'why' } },
    list: [{ url: 'http://a', 'x-note': 'why' }]
  })
  assert.deepEqual(problems, [])
  assert.deepEqual(value, {
    headers: { 'x-version': 'v2' },
    named: { one: { a: 1 } },
    list: [{ url: 'http://a', weight: 1, slowStart: 0 }]
  })
})

for (const [schema, value, ...expected] of [
  [
    Type.Object({ trustProxy: Type.Boolean({ default: false }), port: Type.Number({ default: 1 }) }, closed),
    { trustProxi: true },
    '/trustProxi (key) unknown key "trustProxi" — did you mean "trustProxy"?'
  ],
  [
    Type.Object({ trustProxy: Type.Boolean({ default: false }), port: Type.Number({ default: 1 }) }, closed),
    { zebra: 1 },
    '/zebra (key) unknown key "zebra" — expected one of trustProxy, port'
  ],
  [Type.Object({ url: Type.String() }, closed), { ulr: 'x' }, '/ulr (key) unknown key "ulr" — did you mean "url"?'],
  [Type.Object({ url: Type.String() }, closed), {}, ' (key) missing key "url"'],
  [Type.Number(), 'x', ' expected a number, got "x"'],
  [Type.Number(), '5', ' expected a number, got "5" — write it without quotes: 5'],
  [Type.String(), 5, ' expected text, got 5 — put it in quotes: "5"'],
  [Type.String(), null, ' expected text, got nothing — write a value, or remove the key'],
  [Type.String(), { a: 1 }, ' expected text, got a mapping'],
  [Type.String(), 'x'.repeat(500)],
  [Type.Number(), 'x'.repeat(500), ` expected a number, got "${'x'.repeat(59)}…`],
  [Type.Boolean(), 'yes', ' expected true or false, got "yes" — write true, without quotes'],
  [Type.Boolean(), 'off', ' expected true or false, got "off" — write false, without quotes'],
  [Type.Array(Type.String()), 'GET', ' expected a list, got "GET" — write a list: ["GET"]'],
  [Type.Array(Type.String()), null, ' expected a list, got nothing — write its items below it, or remove the key'],
  [Timeouts, null, ' expected a mapping, got nothing — write its keys below it, indented, or {} for the defaults'],
  [
    Type.Object({ url: Type.String() }, closed),
    null,
    ' expected a mapping, got nothing — write its keys below it, indented, or remove the key'
  ],
  [
    Type.Object({ a: Type.Optional(Type.Number()) }, closed),
    null,
    ' expected a mapping, got nothing — write its keys below it, indented, or {} for the defaults'
  ],
  [Type.Integer({ minimum: 1, maximum: 10 }), 'x', ' expected a whole number from 1 to 10, got "x"'],
  [Type.Integer({ minimum: 1, maximum: 10 }), 11, ' expected a whole number from 1 to 10, got 11'],
  [Type.Integer(), 1.5, ' expected a whole number, got 1.5'],
  [Type.Number({ minimum: 0 }), -1, ' expected at least 0, got -1'],
  [Type.Number({ exclusiveMinimum: 0 }), 0, ' expected more than 0, got 0'],
  [Type.Number({ multipleOf: 5 }), 7, ' expected a multiple of 5, got 7'],
  [Enum(['round-robin', 'hash']), 'hsh', ' expected one of round-robin, hash, got "hsh" — did you mean "hash"?'],
  [Type.Union([Type.Literal('a-word'), Type.Literal('b-word')]), 'c', ' expected one of a-word, b-word, got "c"'],
  [Duration(), 30, ' expected a duration such as "30s", got 30 — write "30s" or "30ms"'],
  [Duration(), '30', ' expected a duration such as "30s", got "30" — write "30s" or "30ms"'],
  [Duration(), '30x', ' expected a duration such as "30s", got "30x" — write it like "250ms", "30s", "1m30s"'],
  [Duration({ minimum: '1s' }), '5ms', ' expected at least 1s, got "5ms"'],
  [Duration({ maximum: '1h' }), '2h', ' expected at most 1h, got "2h"'],
  [Size(), 64, ' expected a size such as "64kb", got 64 — write "64kb" or "64b"'],
  [Rate(), 5, ' expected a rate such as "100/m", got 5 — write "5/s" or "5/m"'],
  [Rate({ maximum: '100/s' }), '101/s', ' expected at most 100/s, got "101/s"'],
  [Type.String({ minLength: 1 }), '', ' must not be empty'],
  [Type.String({ pattern: '^a' }), 'b', ' expected text like ^a, got "b"'],
  [Type.String({ pattern: '^a', expected: 'a name that starts with a' }), 'b', ' expected a name that starts with a, got "b"'],
  [Type.String({ format: 'uri' }), 'x', ' expected a URL, got "x"'],
  [Type.String({ format: 'cidr' }), '10.0.0.0/33', ' expected an IP address or a range such as 10.0.0.0/8, got "10.0.0.0/33"'],
  [Type.String({ format: 'ip' }), '10.0.0', ' expected an IP address, got "10.0.0"'],
  [Type.String({ format: 'regex' }), '(', ' expected a regular expression, got "("'],
  [Type.String({ format: 'hostname' }), 'a_b', ' expected a host name, got "a_b"'],
  [Type.Array(Type.String(), { minItems: 1 }), [], ' needs at least one item'],
  [Type.Array(Type.String(), { maxItems: 1 }), ['a', 'b'], ' can have at most 1 item'],
  [Type.Array(Type.String(), { uniqueItems: true }), ['a', 'b', 'a'], '/2 repeats item 1 of the list'],
  [
    Type.Record(Type.String({ pattern: '^[a-z]+$' }), Type.Number(), closed),
    { A: 1 },
    '/A (key) unknown key "A" — expected a name like ^[a-z]+$'
  ],
  [Target, 'ftp://x', ' expected an http:// or https:// URL, or a mapping with `url`, got "ftp://x"'],
  [Target, 5, ' expected an http:// or https:// URL, or a mapping with `url`, got 5'],
  [Target, { ulr: 'x', weight: -1 }, '/ulr (key) unknown key "ulr" — did you mean "url"?', '/weight expected at least 0, got -1'],
  [Type.Union([Type.String(), Type.Number()]), [], ' expected text or a number, got a list']
] as const) {
  const shown = JSON.stringify(value)
  test(`${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown} is met with: ${expected.join('; ') || 'nothing'}`, () => {
    assert.deepEqual(complaints(schema, value), expected)
  })
}

test('every problem is reported, below the given pointer', () => {
  const schema = Type.Object({ a: Type.Number(), b: Type.Object({ c: Duration() }, closed) }, closed)
  assert.deepEqual(complaints(schema, { a: 'x', b: { c: 5, d: 1 } }, '/policies/p'), [
    '/policies/p/a expected a number, got "x"',
    '/policies/p/b/d (key) unknown key "d" — expected c',
    '/policies/p/b/c expected a duration such as "30s", got 5 — write "5s" or "5ms"'
  ])
})

test('a secret is in no message, whether the schema or its origin makes it one', () => {
  const schema = Type.Object({
    key: Secret({ minLength: 8 }),
    number: Secret(),
    either: Type.Union([Secret(), Type.Object({})]),
    port: Type.Number(),
    mode: Enum(['hunter3', 'b']),
    wait: Duration()
  }, closed)
  const value = { key: 'hunter2', number: 1234567, either: 7654321, port: 'hunter2', mode: 'hunter2', wait: '1234567' }
  const { problems } = validate(schema, value, '/p', new Set(['/p/port', '/p/mode', '/p/wait']))
  assert.deepEqual(problems.map(({ pointer }) => pointer).toSorted(), ['/p/either', '/p/key', '/p/mode', '/p/number', '/p/port', '/p/wait'])
  assert.doesNotMatch(JSON.stringify(problems), /hunter2|1234567|7654321/)
  assert.ok(problems.every(({ secret }) => secret === true))
})

test('a schema with a keyword that does not exist is a fault of its author', () => {
  assert.throws(() => validate(Type.Number({ minimun: 1 }), 1), /unknown keyword: "minimun"/)
})

test('a schema is left as it was', () => {
  const before = JSON.stringify(Target)
  validate(Target, 'http://a')
  assert.equal(JSON.stringify(Target), before)
})
