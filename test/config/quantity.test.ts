import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Duration, formatDuration, formatRate, formatSize, parseDuration, parseRate, parseSize } from '../../src/config/schema/units.ts'

for (const [text, ms] of [
  ['0s', 0], ['250ms', 250], ['5s', 5000], ['1m30s', 90_000], ['2h', 7_200_000], ['1d', 86_400_000], ['0.5s', 500], ['1.5h', 5_400_000], [
    '1d2h3m4s5ms',
    93_784_005
  ],
  ['5', undefined], ['', undefined], ['s', undefined], ['5 s', undefined], ['-5s', undefined], [
    '30s1m',
    undefined
  ], ['1s1s', undefined], ['5S', undefined],
  ['1w', undefined], ['.5s', undefined], ['1e3s', undefined], ['9'.repeat(30) + 's', undefined], ['5s\n', undefined]
] as const) {
  test(`${JSON.stringify(text)} ${ms === undefined ? 'is no duration' : `is ${ms} ms`}`, () => assert.equal(parseDuration(text), ms))
}

for (const [text, bytes] of [
  ['0b', 0], ['512b', 512], ['64kb', 64_000], ['64kib', 65_536], ['1mb', 1_000_000], ['1mib', 1_048_576], ['1.5MB', 1_500_000], [
    '2GiB',
    2_147_483_648
  ], ['1tb', 1e12],
  ['5', undefined], ['5k', undefined], ['5 kb', undefined], ['-1b', undefined], ['1ib', undefined], ['b', undefined], [
    '9'.repeat(30) + 'b',
    undefined
  ]
] as const) {
  test(`${JSON.stringify(text)} ${bytes === undefined ? 'is no size' : `is ${bytes} bytes`}`, () => assert.equal(parseSize(text), bytes))
}

for (const [text, limit, window] of [
  ['5/s', 5, 1000], ['100/m', 100, 60_000], [
    '1000/h',
    1000,
    3_600_000
  ], ['1/10s', 1, 10_000], ['0/s', 0, 1000], ['7/1m30s', 7, 90_000], ['2/ms', 2, 1]
] as const) {
  test(`${text} is ${limit} in ${window} ms`, () => assert.deepEqual(parseRate(text), { limit, window }))
}

for (const text of ['5', '5/', '/s', '5/0s', '1.5/s', '-1/s', '5/x', '5 / s', '5/s/s']) {
  test(`"${text}" is no rate`, () => assert.equal(parseRate(text), undefined))
}

test('what is formatted is read back as the same value', () => {
  fc.assert(fc.property(fc.nat(1e12), (value) => {
    assert.equal(parseDuration(formatDuration(value)), value)
    assert.equal(parseSize(formatSize(value)), value)
    const rate = { limit: value, window: value % 100_000 + 1 }
    assert.deepEqual(parseRate(formatRate(rate)), rate)
  }))
})

test('values are formatted as people write them', () => {
  assert.deepEqual([
    formatDuration(90_000),
    formatDuration(0),
    formatSize(65_536),
    formatSize(64_000),
    formatSize(0),
    formatRate({ limit: 5, window: 1000 }),
    formatRate({ limit: 1, window: 10_000 })
  ],
    ['1m30s', '0s', '64kib', '64kb', '0b', '5/s', '1/10s'])
})

test('a schema with a default that is no duration is refused when it is built', () => {
  assert.throws(() => Duration({ default: '5' }), { name: 'RangeError', message: '"5" is not a duration' })
})

test('what is not nothing is never rounded to nothing', () => {
  assert.equal(parseDuration('0.4ms'), undefined)
  assert.equal(parseDuration('0.5ms'), 1)
  assert.equal(parseDuration('0.0ms'), 0)
  assert.equal(parseSize('0.3b'), undefined)
  assert.equal(parseRate('5/0.3ms'), undefined)
})
