import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileRequestTrailers } from '../../src/http/request-trailers.ts'

test('a trailer of a client passes, unless it would not pass as a header field, or trailers must not have it', () => {
  const select = compileRequestTrailers({ via: 'onedoor', trusted: () => true, host: 'target', remove: ['X-User'], origin: ['x-client'] })
  const passed = ['Grpc-Status', 'x-sum']
  const dropped = [
    'x-user', 'X-Client', 'x_sum', 'x_user', 'connection', 'te', 'Transfer-Encoding', 'content-length', 'host', 'via', 'authorization',
    'x-forwarded-for', 'x-real-ip', 'forwarded', 'cookie', 'proxy-authorization', ':path', 'upgrade', 'expect', 'proxy'
  ]
  assert.deepEqual(select([...passed, ...dropped].flatMap(name => [name, '1'])), ['grpc-status', '1', 'x-sum', '1'])
})
