/** The pure parts of gRPC: status codes, deadlines, messages, media types, frames, health messages and names of methods. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readOnlyMessage, writeFrame, writeTrailersFrame } from '../../src/http/grpc/frames.ts'
import { readHealthResponse, servingStatus, writeHealthRequest } from '../../src/http/grpc/health.ts'
import { grpcForm, grpcMediaTypes, withGrpcForm } from '../../src/http/grpc/media-type.ts'
import { readGrpcMessage, writeGrpcMessage } from '../../src/http/grpc/message.ts'
import { grpcPathPattern, grpcPattern, readGrpcPath } from '../../src/http/grpc/method.ts'
import {
  grpcStatus, grpcStatusName, grpcStatusOfHttp, grpcStatusOfReset, httpStatusOf, readGrpcStatus
} from '../../src/http/grpc/status.ts'
import { readGrpcTimeout, writeGrpcTimeout } from '../../src/http/grpc/timeout.ts'

test('every code has a name and an HTTP status, and the names are those of the table', () => {
  for (const [name, code] of Object.entries(grpcStatus)) {
    assert.equal(grpcStatusName(code), name)
    assert.ok(httpStatusOf(code) >= 200)
  }
  assert.equal(grpcStatusName(17), undefined)
})

test('a status that is no code is UNKNOWN, as clients take it', () => {
  const rows: [string | string[] | undefined, number | undefined][] = [
    ['0', 0], ['14', 14], ['16', 16], ['17', 2], ['-1', 2], ['', 2], ['1x', 2], ['9999', 2], [['0', '5'], 5], [undefined, undefined]
  ]
  for (const [value, code] of rows) assert.equal(readGrpcStatus(value), code, String(value))
})

test('statuses of HTTP and error codes of HTTP/2 mean what the specification says', () => {
  const statuses: [number, number][] = [
    [400, 13], [401, 16], [403, 7], [404, 12], [429, 14], [502, 14], [503, 14], [504, 14], [200, 2], [418, 2], [500, 2]
  ]
  for (const [status, code] of statuses) assert.equal(grpcStatusOfHttp(status), code, String(status))
  const resets: [number, number][] = [[0, 13], [1, 13], [2, 13], [3, 13], [6, 13], [7, 14], [8, 1], [9, 13], [11, 8], [12, 7]]
  for (const [reset, code] of resets) assert.equal(grpcStatusOfReset(reset), code, String(reset))
})

test('only codes that speak of the target count as its failure', () => {
  const failures = Object.values(grpcStatus).filter(code => httpStatusOf(code) >= 500)
  assert.deepEqual(failures, [grpcStatus.UNKNOWN, grpcStatus.INTERNAL, grpcStatus.UNAVAILABLE, grpcStatus.DATA_LOSS])
})

test('a timeout has at most eight digits and a unit', () => {
  const rows: [string, number | undefined][] = [
    ['1H', 3_600_000], ['2M', 120_000], ['3S', 3000], ['200m', 200], ['50000u', 50], ['99999999n', 99.999999], ['0m', 0],
    ['123456789m', undefined], ['1', undefined], ['m', undefined], ['-1m', undefined], ['1.5S', undefined], ['1s', undefined],
    ['', undefined]
  ]
  for (const [text, time] of rows) assert.equal(readGrpcTimeout(text), time, text)
})

test('what is written is a timeout, is never longer than the time, and is hardly shorter', () => {
  fc.assert(fc.property(fc.double({ min: 0, max: 1e14, noNaN: true }), time => {
    const text = writeGrpcTimeout(time)
    const read = readGrpcTimeout(text)!
    assert.match(text, /^\d{1,8}[HMSmu]$/)
    // A nanosecond is the rounding error of times.
    assert.ok(read <= time + 1e-6, `${text} for ${time}`)
    assert.ok(read >= time * 0.999 - 0.001, `${text} for ${time}`)
  }))
  assert.equal(writeGrpcTimeout(-5), '0u')
  // What is left of two seconds that have just begun, on a clock that has run for a day.
  const now = 86_400_000.123_4
  assert.equal(writeGrpcTimeout(now + 2000 - now), '2000000u')
})

test('any text survives as a message, in printable ASCII without a raw percent sign', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), text => {
    const encoded = writeGrpcMessage(text)
    assert.match(encoded, /^(?:[ -$&-~]|%[0-9A-F]{2})*$/)
    assert.equal(readGrpcMessage(encoded), text)
  }))
  assert.equal(writeGrpcMessage('50 % voll\n'), '50 %25 voll%0A')
  assert.equal(writeGrpcMessage('größer'), 'gr%C3%B6%C3%9Fer')
  assert.equal(readGrpcMessage('100% of %zz'), '100% of %zz')
})

test('the media type says which form of gRPC a client speaks, for requests and for routes alike', () => {
  const rows: [string | undefined, ReturnType<typeof grpcForm>][] = [
    ['application/grpc', 'grpc'], ['application/grpc+proto', 'grpc'], ['application/grpc+json', 'grpc'], ['application/grpc;a=b', 'grpc'],
    ['application/grpc-web', 'web'], ['application/grpc-web+proto', 'web'], ['application/grpc-web-text', 'web-text'],
    ['application/grpc-web-text+proto', 'web-text'], ['application/grpcx', undefined], ['application/grpc-webx', undefined],
    ['application/grpc-web-texty', undefined], ['application/json', undefined], [undefined, undefined]
  ]
  const route = new RegExp(`^(?:${grpcMediaTypes})$`)
  for (const [type, form] of rows) {
    assert.equal(grpcForm(type), form, type)
    if (type !== undefined) assert.equal(route.test(type), form !== undefined, type)
  }
})

test('a media type keeps its message format in another form', () => {
  assert.equal(withGrpcForm('application/grpc-web-text+proto', 'grpc'), 'application/grpc+proto')
  assert.equal(withGrpcForm('application/grpc-web', 'grpc'), 'application/grpc')
  assert.equal(withGrpcForm('application/grpc+json; charset=utf-8', 'web'), 'application/grpc-web+json')
  assert.equal(withGrpcForm('application/grpc', 'web-text'), 'application/grpc-web-text')
})

test('a body with one frame has one message, any other has none', () => {
  fc.assert(fc.property(fc.uint8Array(), message => {
    const frame = writeFrame(message)
    assert.deepEqual(readOnlyMessage(frame), Buffer.from(message))
    assert.equal(readOnlyMessage(Buffer.concat([frame, frame])), undefined)
    assert.equal(readOnlyMessage(frame.subarray(0, -1)), undefined)
  }))
})

test('trailers of gRPC-Web are lines in a frame with the highest bit set', () => {
  const frame = writeTrailersFrame([['Grpc-Status', '0'], ['x-cost', '3']])
  assert.equal(frame[0], 0x80)
  assert.equal(frame.readUInt32BE(1), frame.length - 5)
  assert.equal(frame.subarray(5).toString(), 'grpc-status: 0\r\nx-cost: 3\r\n')
})

test('a health request names its service', () => {
  assert.equal(writeHealthRequest('').length, 0)
  assert.equal(writeHealthRequest('shop.Orders').toString('hex'), `0a0b${Buffer.from('shop.Orders').toString('hex')}`)
  assert.equal(writeHealthRequest('x'.repeat(200)).subarray(0, 3).toString('hex'), '0ac801')
})

test('a health response has a status, whatever later versions add to it', () => {
  const rows: [string, number | undefined][] = [
    ['', servingStatus.UNKNOWN], ['0801', servingStatus.SERVING], ['0802', servingStatus.NOT_SERVING],
    ['0803', servingStatus.SERVICE_UNKNOWN],
    ['1203616263' + '0801', servingStatus.SERVING], ['1805' + '0801', servingStatus.SERVING], ['08', undefined], ['12056162', undefined],
    ['0d01020304', undefined], ['08ffffffffffff01', undefined]
  ]
  for (const [hex, status] of rows) assert.equal(readHealthResponse(Buffer.from(hex, 'hex')), status, hex)
})

test('a path names a method where it has two parts', () => {
  assert.deepEqual(readGrpcPath('/shop.Orders/Get'), { service: 'shop.Orders', method: 'Get' })
  for (const path of ['', '/', '/shop.Orders', '/shop.Orders/', '//Get', '/a/b/c', 'a/b']) assert.equal(readGrpcPath(path), undefined, path)
})

test('a pattern of methods is a pattern of paths', () => {
  const rows: [string, string | undefined][] = [
    ['shop.Orders/Get', '/shop.Orders/Get'], ['shop.Orders/*', '/shop.Orders/:method'], ['shop.v1.*', '/shop.v1.:service/:method'],
    ['*', '/:service/:method'], ['Orders/Get', '/Orders/Get'],
    ['/shop.Orders/Get', undefined], ['shop.Orders', undefined], ['shop.*/Get', undefined], ['shop/*/x', undefined], ['', undefined]
  ]
  for (const [text, path] of rows) {
    assert.equal(new RegExp(grpcPattern).test(text), path !== undefined, text)
    if (path !== undefined) assert.equal(grpcPathPattern(text), path)
  }
})
