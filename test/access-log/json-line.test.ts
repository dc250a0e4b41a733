/** The JSON line and its parts, by themselves. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileCombinedLine, combinedUnread } from '../../plugins/core/access-log/combined-line.ts'
import { extraField } from '../../plugins/core/access-log/extra-fields.ts'
import { usualFields } from '../../plugins/core/access-log/fields.ts'
import { compileJsonLine } from '../../plugins/core/access-log/json-line.ts'
import { LineLimit } from '../../plugins/core/access-log/line-limit.ts'
import { milliseconds } from '../../plugins/core/access-log/milliseconds.ts'
import { quote } from '../../plugins/core/access-log/quote.ts'
import { compileLine } from '../../plugins/core/access-log/render.ts'
import { compileSampling } from '../../plugins/core/access-log/sampling.ts'
import { compileUnread } from '../../plugins/core/access-log/rejected-input.ts'
import { reasons } from '../../src/contract/errors.ts'
import { askedPath } from '../../src/exchange/answer.ts'
import { readRedaction } from '../../src/logging/log-redaction.ts'
import { redactQuery } from '../../src/logging/redact-query.ts'
import type { Attempt } from '../../src/contract/target.ts'
import { defaultConfig } from '../helpers/config.ts'
import { sampleExchange } from './sample-exchange.ts'

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map(code => String.fromCharCode(code)) })
)

test('any text is read back from its JSON string as it was', () => {
  fc.assert(fc.property(text, value => { assert.equal(JSON.parse(quote(value)), value) }))
})

test('no text, however odd, can end a line or reach a terminal as a command', () => {
  fc.assert(fc.property(text, value => { assert.doesNotMatch(quote(value), /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/) }))
  assert.equal(quote('a\n\u009b31m"\\\u2028é'), '"a\\n\\u009b31m\\"\\\\\\u2028é"')
})

test('a span is written as the number it is, to a thousandth', () => {
  fc.assert(fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), span => {
    assert.equal(milliseconds(span), String(JSON.parse(milliseconds(span))))
    assert.ok(Math.abs(Number(milliseconds(span)) - span) <= 0.000_501)
  }))
  assert.deepEqual([0, -1, 15.909, 15.9, 16, 0.0004, 1.9996].map(milliseconds), ['0', '0', '15.909', '15.9', '16', '0', '2'])
})

test('any line of any exchange is one JSON object with the values of its fields', () => {
  const render = compileJsonLine(Object.entries(usualFields))
  fc.assert(fc.property(text, text, text, fc.boolean(), (path, query, sub, failed) => {
    const exchange = sampleExchange({ path: `/${path}`, query: `?${query}`, sub, failed })
    const line = render(exchange, 'warn', 1015.909, 1795255424711)
    assert.equal(line.indexOf('\n'), line.length - 1)
    const { level, time, msg, path: shown, sub: who, durationMs, upstreamMs, code } = JSON.parse(line) as Record<string, unknown>
    assert.deepEqual(
      [level, time, msg, shown, who, durationMs, upstreamMs, code],
      ['warn', 1795255424711, 'request completed', `/${path}`, sub, 15.909, 8.283, failed ? 'connection-refused' : undefined]
    )
  }))
})

test('a name of a field may be anything', () => {
  fc.assert(fc.property(text.filter(name => !['level', 'time', 'msg', '__proto__'].includes(name)), name => {
    const line = JSON.parse(compileJsonLine([[name, usualFields.method]])(sampleExchange(), 'info', 0, 0)) as Record<string, unknown>
    assert.equal(line[name], 'GET')
  }))
})

test('the combined line is that of Apache, without what could break its columns', () => {
  const render = compileCombinedLine(undefined)
  const wall = Date.UTC(2026, 10, 27, 21, 33, 4)
  assert.equal(
    render(sampleExchange(), 'info', 1016, wall),
    '203.0.113.0 - - [27/Nov/2026:21:33:04 +0000] "GET /users/0 HTTP/1.1" 200 58 "https://shop.example/cart" "curl/8.14.1"\n'
  )
  const odd = sampleExchange({ path: '/"\\', headers: { 'user-agent': 'a"b\\c\u0001é', referer: '' }, sub: 'alice "the" first' })
  assert.equal(
    render(odd, 'info', 1016, wall),
    '203.0.113.0 - alice\\x20\\"the\\"\\x20first [27/Nov/2026:21:33:04 +0000] "GET /\\"\\\\ HTTP/1.1" 200 58 "" ' +
      '"a\\"b\\\\c\\x01\\xc3\\xa9"\n'
  )
  assert.match(
    compileCombinedLine(readRedaction([]))(sampleExchange(), 'info', 1016, wall),
    /"GET \/users\/0\?page=2&token=\[redacted\] HTTP\/1\.1"/
  )
  assert.match(render(sampleExchange(), 'info', 1016, Date.UTC(2027, 0, 3, 4, 5, 6)), / \[03\/Jan\/2027:04:05:06 \+0000\] /)
  assert.equal(combinedUnread('10.0.0.1', 400, wall), '10.0.0.1 - - [27/Nov/2026:21:33:04 +0000] "-" 400 - "-" "-"\n')
})

test('secrets of a query are found however their names are written', () => {
  const { parameters } = readRedaction(['query:Email'])
  assert.equal(redactQuery('a=1&TOKEN=x&%74oken=x&token[]=x&token[a]=x&email=x&page=2&token&=x&a=%zz&%zz=1', parameters),
    'a=1&TOKEN=[redacted]&%74oken=[redacted]&token[]=[redacted]&token[a]=[redacted]&email=[redacted]&page=2&token&=x&a=%zz&%zz=1')
})

test('sampling leaves out what went well and was fast, and nothing else', () => {
  const sampled = compileSampling(0.5, 100, () => 0.7)!
  assert.equal(sampled(sampleExchange(), 1010), false)
  assert.equal(sampled(sampleExchange(), 1100), true)
  assert.equal(sampled(sampleExchange({ failed: true }), 1010), true)
  // A response of the service itself: no reason of the gateway's speaks for it.
  for (const [status, kept] of [[399, false], [400, true], [404, true], [499, true], [500, true], [304, false], [200, false]] as const) {
    assert.equal(sampled(sampleExchange({ status }), 1010), kept, String(status))
  }
  assert.equal(compileSampling(0.5, 100, () => 0.3)!(sampleExchange(), 1010), true)
  // A response that was cut had a good status.
  assert.equal(sampled(sampleExchange({ failed: true, status: 200 }), 1010), true)
  assert.equal(compileSampling(0, 100, () => 0)!(sampleExchange(), 1010), false)
  assert.equal(compileSampling(1, 100, () => 0.7), undefined)
})

test('a flood of lines is cut to so many a second, and the next one says how many were left out', () => {
  const limit = new LineLimit(2)
  assert.deepEqual([0, 1, 2, 999, 1000, 1001, 1002].map(now => limit.take(now)), [0, 0, undefined, undefined, 2, 0, undefined])
})

test('a text of a client is cut after 1024 characters, not before', () => {
  for (const [length, shown] of [[1024, 'x'.repeat(1024)], [1025, `${'x'.repeat(1024)}…`]] as const) {
    assert.equal(
      extraField('userAgent', readRedaction([])).read(sampleExchange({ headers: { 'user-agent': 'x'.repeat(length) } }), 0),
      shown
    )
  }
})

test('a header that is redacted is, however the field that asks for it is written', () => {
  const redaction = readRedaction(['header:x-tenant'])
  for (const name of ['header:x-tenant', 'header:X-Tenant']) {
    assert.equal(extraField(name, redaction).read(sampleExchange(), 0), '[redacted]')
  }
})

test('the path is the one that was read, and what the client wrote only where none was', () => {
  const read = (path: string, originalUrl: string): string => askedPath({ path, request: { originalUrl } } as never)
  assert.deepEqual([read('/a', 'http://shop.example/a?b'), read('', '/%zz?b'), read('', '/%zz')], ['/a', '/%zz', '/%zz'])
})

test('attempts are told one by one from the second on', () => {
  const attempt = (startedAt: number, more: object): object => ({
    target: { url: 'http://a' },
    kind: 'first',
    statusCode: undefined,
    failure: undefined,
    startedAt,
    answeredAt: undefined,
    endedAt: undefined,
    ...more
  })
  const read = (...attempts: object[]): unknown => {
    const text = usualFields.tries.read(Object.assign(sampleExchange(), { attempts: attempts as unknown as Attempt[] }), 30)
    return text === undefined ? undefined : JSON.parse(text)
  }
  const first = attempt(0, { failure: { code: 'connection-refused' }, endedAt: 2 })
  assert.equal(read(first), undefined)
  assert.deepEqual(read(first, attempt(5, { kind: 'retry', statusCode: 200, answeredAt: 9, endedAt: 20 })), [
    { target: 'http://a', kind: 'first', reason: 'connection-refused', ms: 2 }, { target: 'http://a', kind: 'retry', status: 200, ms: 4 }
  ])
  assert.equal(
    usualFields.upstreamMs.read(
      Object.assign(sampleExchange(), { attempts: [
        first,
        attempt(5, { answeredAt: 9, endedAt: 20 }),
        attempt(20, {})
      ] as unknown as Attempt[] }),
      30
    ),
    '16'
  )
})

test('a subject that is no text is none', () => {
  const sub = (value: unknown): unknown => usualFields.sub.read({ request: { claims: { sub: value } } } as never, 0)
  assert.deepEqual([sub('ada'), sub(7), sub(['a']), sub(undefined)], ['ada', undefined, undefined, undefined])
})

test('every fraction of a millisecond is written as the number that it is', () => {
  for (let micros = 0; micros < 3000; micros++) assert.equal(Number(milliseconds(micros / 1000)), micros / 1000)
})

test('a plus in the name of a parameter is a space', () => {
  assert.equal(
    redactQuery('my+key=x&my%20key=y&mykey=z', readRedaction(['query:my key']).parameters),
    'my+key=[redacted]&my%20key=[redacted]&mykey=z'
  )
})

test('a combined line has the query only where the file asks for it', () => {
  const { accessLog } = defaultConfig()
  const line = (include: string[]): string => compileLine(
    { ...accessLog, format: 'combined', fields: { ...accessLog.fields, include } },
    readRedaction([])
  )(sampleExchange(), 'info', 1016, 0)
  assert.match(line([]), /"GET \/users\/0 HTTP/)
  assert.match(line(['query']), /"GET \/users\/0\?page=2&token=\[redacted\] HTTP/)
})

test('a line about what was no request says how many were left out before it', () => {
  const line = compileUnread('json')
  const at = (now: number): unknown => {
    const text = line({ reason: reasons['bad-request'], peer: '10.0.0.1', why: undefined }, now, 0)
    return text === undefined ? undefined : (JSON.parse(text) as { omitted?: number }).omitted ?? 0
  }
  assert.deepEqual(Array.from({ length: 13 }, (_, index) => at(index)), [...Array<number>(10).fill(0), undefined, undefined, undefined])
  assert.deepEqual([at(1000), at(1001)], [3, 0])
})
