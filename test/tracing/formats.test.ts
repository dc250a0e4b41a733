import assert from 'node:assert/strict'
import { lookup } from 'node:dns'
import { test } from 'node:test'
import { readSeveral, readSingle } from '../../plugins/core/tracing/b3.ts'
import { readBaggage } from '../../plugins/core/tracing/baggage.ts'
import { exceptionEvent, extraEvents } from '../../plugins/core/tracing/events.ts'
import { HttpTransport, pause } from '../../plugins/core/tracing/http-transport.ts'
import { hrTime } from '../../plugins/core/tracing/recorded-span.ts'
import { loadSerializer, rejectedSpans, type Serializer } from '../../plugins/core/tracing/serializer.ts'
import { targetAttributes } from '../../plugins/core/tracing/target-attributes.ts'
import { reasons } from '../../src/contract/errors.ts'
import type { Attempt } from '../../src/contract/target.ts'
import { startCollector } from './collector.ts'

const trace = 'a'.repeat(32)
const span = 'b'.repeat(16)

test('a mark of B3 decides in each of its spellings, with ids and without', () => {
  assert.deepEqual(['0', '1', 'd', 'x'].map(b3 => readSingle({ b3 })?.flags), [0, 1, 1, undefined])
  assert.deepEqual(['0', '1', 'd', 'x'].map(mark => readSingle({ b3: `${trace}-${span}-${mark}` })?.flags), [0, 1, 1, undefined])
  assert.deepEqual(
    ['0', '1', 'true', 'false', 'd', 'x'].map(sampled => readSeveral({ 'x-b3-sampled': sampled })?.flags),
    [0, 1, 1, 0, 1, undefined]
  )
  assert.equal(readSeveral({ 'x-b3-sampled': '0', 'x-b3-flags': '1', 'x-b3-traceid': trace, 'x-b3-spanid': span })?.flags, 1)
  for (const [traceId, spanId] of [['0'.repeat(32), span], [trace, '0'.repeat(16)], [trace.toUpperCase(), span], [trace, 'b']] as const) {
    assert.equal(readSingle({ b3: `${traceId}-${spanId}-1` }), undefined)
    assert.equal(readSeveral({ 'x-b3-traceid': traceId, 'x-b3-spanid': spanId }), undefined)
  }
})

test('baggage goes on up to 8192 bytes, separators included', () => {
  const member = (length: number): string => `k=${'v'.repeat(length - 2)}`
  assert.deepEqual([member(8191), member(8192)].map(value => readBaggage(value)?.length), [8191, undefined])
  assert.equal(readBaggage(`${member(4000)},${member(4190)}`)?.length, 8191)
  assert.equal(readBaggage(`${member(4000)},${member(4191)}`)?.length, 4000)
})

test('a further attempt is marked with what went wrong before it; a hedge with nothing but that it was slow', () => {
  const attempt = (
    kind: string,
    more: object
  ): Attempt => ({ kind, startedAt: 0, target: { url: 'http://a' }, ...more }) as unknown as Attempt
  const events = extraEvents(
    [
      attempt('first', { failure: reasons['connection-refused'] }),
      attempt('hedge', { statusCode: 503 }),
      attempt('retry', {}),
      attempt('retry', {})
    ],
    0
  )
  assert.deepEqual(
    events.map(({ name, attributes }) => [name, attributes!['onedoor.attempt'], attributes!['onedoor.reason']]),
    [['hedge', 2, 'slow'], ['retry', 3, 'status 503'], ['retry', 4, undefined]]
  )
  assert.equal((exceptionEvent(new Error('x'.repeat(2000)), 0).attributes!['exception.message'] as string).length, 1024)
})

test('the response of a collector over HTTP decides whether the same batch may come again', async t => {
  let status = 200
  const collector = await startCollector(t, response => { response.writeHead(status, { 'retry-after': '7', location: '/' }).end() })
  const serializer = loadSerializer('http/protobuf')
  const settings = {
    protocol: 'http/protobuf',
    url: `http://${collector.address}/v1/traces`,
    headers: {},
    timeout: 5000,
    resource: {},
    batch: { size: 1, delay: 1, queue: 1 }
  } as const
  const transport = new HttpTransport(settings, serializer, { now: () => 0, wall: () => 0 }, { lookup, doubt () {} })
  t.after(async () => await transport.close())
  const results: unknown[] = []
  for (status of [200, 202, 302, 400, 401, 429, 500, 502, 503, 504]) {
    const result = await transport.send(serializer.serializeRequest([])!)
    results.push([status, result.taken ? 'taken' : result.again ? result.after : 'never'])
  }
  assert.deepEqual(
    results,
    [
      [200, 'taken'], [202, 'taken'], [302, 'never'], [400, 'never'], [401, 'never'], [429, 7000], [500, 'never'],
      [502, 7000], [503, 7000], [504, 7000]
    ]
  )
})

test('Retry-After is seconds or a date, and nothing else', () => {
  const wall = Date.parse('2026-11-27T21:33:00Z')
  assert.deepEqual(
    ['7', 'Fri, 27 Nov 2026 21:33:10 GMT', 'Fri, 27 Nov 2026 21:32:00 GMT', 'soon', undefined, ['1', '2']].map(value => pause(value, wall)),
    [7000, 10_000, 0, 0, 0, 0]
  )
})

test('times are seconds and nanoseconds, of which there is never a whole second', () => {
  assert.deepEqual(
    [0, 1.5, 1999.9999999, 1_800_000_000_123].map(hrTime),
    [[0, 0], [0, 1_500_000], [1, 999_999_999], [1_800_000_000, 123_000_000]]
  )
})

test('how many spans a collector has thrown away is a number from 0 on, whatever it says', () => {
  const saying = (rejected: number | string | undefined): Serializer => ({
    serializeRequest: () => undefined,
    deserializeResponse: () => ({ partialSuccess: rejected === undefined ? {} : { rejectedSpans: rejected } })
  })
  assert.deepEqual([3, '3', 0, -1, 'many', undefined].map(rejected => rejectedSpans(saying(rejected), Buffer.alloc(1))), [3, 3, 0, 0, 0, 0])
  assert.equal(rejectedSpans(saying(3), Buffer.alloc(0)), 0)
})

test('the port of a target is that of its scheme where none is written, and an IPv6 address has no brackets', () => {
  const said = (origin: string): unknown[] => {
    const attributes = targetAttributes({ origin, url: origin, upstream: { name: 'users' } } as never)
    return [attributes['server.address'], attributes['server.port'], attributes['url.scheme']]
  }
  assert.deepEqual(
    ['https://a.example', 'http://a.example', 'http://[::1]:8080'].map(said),
    [['a.example', 443, 'https'], ['a.example', 80, 'http'], ['::1', 8080, 'http']]
  )
})
