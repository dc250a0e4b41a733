/** W3C Trace Context: the cases of the public test harness, as values, and a few of the specification's own. */
import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'
import test from 'node:test'
import fc from 'fast-check'
import { childTraceparent, parseTraceparent, parseTracestate, randomFlag, sampledFlag } from '../../src/http/trace-context.ts'
import { createIds } from '../../src/http/trace-ids.ts'

const traceId = '12345678901234567890123456789012'
const parentId = '1234567890123456'
const rest = `${traceId}-${parentId}-01`

test('a valid traceparent is read, with white space around it too', () => {
  for (const value of [`00-${rest}`, ` 00-${rest}`, `\t00-${rest}`, `00-${rest} `, `00-${rest}\t`, `\t 00-${rest} \t`]) {
    assert.deepEqual(parseTraceparent(value), { version: 0, traceId, parentId, flags: 1 }, JSON.stringify(value))
  }
})

test('a later version is read as far as it is known', () => {
  assert.equal(parseTraceparent(`cc-${rest}`)?.traceId, traceId)
  assert.equal(parseTraceparent(`cc-${rest}-what-the-future-will-be-like`)?.traceId, traceId)
  assert.equal(parseTraceparent(`01-${rest}-`)?.version, 1)
})

test('an invalid traceparent starts a new trace', () => {
  const invalid = [
    undefined, '', ' ', '-', rest, `00-${rest}.`, `00-${rest}-what-the-future-will-be-like`, `cc-${rest}.what-the-future-will-be-like`,
    `ff-${rest}`, `.0-${rest}`, `0.-${rest}`, `000-${rest}`, `0000-${rest}`, `0-${rest}`,
    `00-${'0'.repeat(32)}-${parentId}-01`, `00-.${traceId.slice(1)}-${parentId}-01`,
    `00-${traceId.slice(1)}.-${parentId}-01`, `00-${traceId}3-${parentId}-01`, `00-${traceId.slice(1)}-${parentId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`, `00-${traceId}-.${parentId.slice(1)}-01`,
    `00-${traceId}-${parentId.slice(1)}.-01`, `00-${traceId}-${parentId}7-01`, `00-${traceId}-${parentId.slice(1)}-01`,
    `00-${traceId}-${parentId}-.0`, `00-${traceId}-${parentId}-0.`, `00-${traceId}-${parentId}-001`, `00-${traceId}-${parentId}-1`,
    `00-${rest}, 00-${rest}`, `cc-${rest}, cc-${rest}`, `00-ABCDEF78901234567890123456789012-${parentId}-01`,
    `00-${traceId}-ABCDEF7890123456-01`, `0A-${rest}`, `00-${traceId}-${parentId}-0A`,
    `00_${traceId}_${parentId}_01`, `\u00a000-${rest}`
  ]
  for (const value of invalid) assert.equal(parseTraceparent(value), undefined, value)
})

test('what is sent on keeps the trace, names the new span and knows only the sampled and the random flag', () => {
  assert.equal(childTraceparent(traceId, 'aaaaaaaaaaaaaaaa', sampledFlag), `00-${traceId}-aaaaaaaaaaaaaaaa-01`)
  assert.equal(childTraceparent(traceId, 'aaaaaaaaaaaaaaaa', randomFlag), `00-${traceId}-aaaaaaaaaaaaaaaa-02`)
  assert.equal(childTraceparent(traceId, 'aaaaaaaaaaaaaaaa', 0xff), `00-${traceId}-aaaaaaaaaaaaaaaa-03`)
})

test('every id that is made goes through a traceparent and comes back', () => {
  const ids = createIds(buffer => { randomFillSync(buffer) })
  fc.assert(fc.property(fc.integer({ min: 0, max: 3 }), flags => {
    const trace = ids.traceId()
    const span = ids.spanId()
    assert.deepEqual(parseTraceparent(childTraceparent(trace, span, flags)), { version: 0, traceId: trace, parentId: span, flags })
  }))
})

test('ids are all different, also across the refilling of the pool, and the source is asked seldom', () => {
  let fills = 0
  const ids = createIds(buffer => {
    fills++
    randomFillSync(buffer)
  })
  const made = new Set<string>()
  for (let i = 0; i < 1000; i++) made.add(ids.traceId()).add(ids.spanId())
  assert.equal(made.size, 2000)
  assert.ok(fills < 10)
})

test('an id is never all zero, even when the source gives nothing else', () => {
  const ids = createIds(buffer => { buffer.fill(0) })
  assert.match(ids.traceId(), /^0{31}1$/)
  assert.match(ids.spanId(), /^0{15}1$/)
})

test('a valid tracestate is passed on, lines combined, white space and empty members left out', () => {
  const key = 'abcdefghijklmnopqrstuvwxyz0123456789_-*/'
  const value = Array.from({ length: 0x7f - 0x20 }, (_, i) => String.fromCharCode(0x20 + i)).filter(c => c !== ',' && c !== '=').join('')
  const cases: ReadonlyArray<readonly [string | readonly string[], string]> = [
    ['foo=1', 'foo=1'], ['foo=1,bar=2', 'foo=1,bar=2'], [['foo=1,bar=2', 'rojo=1,congo=2', 'baz=3'], 'foo=1,bar=2,rojo=1,congo=2,baz=3'],
    [['foo=1', ''], 'foo=1'], [['', 'foo=1'], 'foo=1'], ['foo=1, , bar=2,', 'foo=1,bar=2'],
    ['foo=1 \t , \t bar=2, \t baz=3', 'foo=1,bar=2,baz=3'], [
      'foo=1\t \t,\t \tbar=2,\t \tbaz=3',
      'foo=1,bar=2,baz=3'
    ], [' foo=1', 'foo=1'], ['\t foo=1 \t', 'foo=1'],
    [`${key}=${value}`, `${key}=${value}`], [`${key}@a-z0-9_-*/=${value}`, `${key}@a-z0-9_-*/=${value}`],
    [['foo=1', `${'z'.repeat(256)}=1`], `foo=1,${'z'.repeat(256)}=1`], [
      ['foo=1', `${'t'.repeat(241)}@${'v'.repeat(14)}=1`],
      `foo=1,${'t'.repeat(241)}@${'v'.repeat(14)}=1`
    ],
    ['0t@v=1', '0t@v=1'], [`a=${'x'.repeat(256)}`, `a=${'x'.repeat(256)}`]
  ]
  for (const [header, expected] of cases) assert.equal(parseTracestate(header), expected, JSON.stringify(header))
})

test('32 members are passed on and 33 are not', () => {
  const members = Array.from({ length: 33 }, (_, i) => `bar${i}=${i}`)
  assert.equal(parseTracestate(members.slice(0, 32)), members.slice(0, 32).join(','))
  assert.equal(parseTracestate(members), undefined)
})

test('one fault discards the whole tracestate', () => {
  const invalid = [
    undefined, '', ' ', ',', 'foo =1', 'FOO=1', 'foo.bar=1', '@foo=1,bar=2',
    ['foo=1', `${'z'.repeat(257)}=1`], 'foo=bar=baz', 'foo=,bar=3', 'foo', '=1', `a=${'x'.repeat(257)}`, 'a=\x7f', 'a=b\tc', 'a=\xe9'
  ]
  for (const header of invalid) assert.equal(parseTracestate(header), undefined, JSON.stringify(header))
})

test('a key that comes twice is passed on once, as it came first', () => {
  assert.equal(parseTracestate('foo=1,foo=2,bar=3'), 'foo=1,bar=3')
  assert.equal(parseTracestate(['foo=1', 'foo=1']), 'foo=1')
})

test('keys of level 2 of the specification are passed on', () => {
  for (const key of ['foo@', 'foo@@bar', 'foo@bar@baz', `${'t'.repeat(242)}@v`, `t@${'v'.repeat(15)}`, '1a', 'a@1']) {
    assert.equal(parseTracestate(`${key}=1,bar=2`), `${key}=1,bar=2`, key)
  }
})
