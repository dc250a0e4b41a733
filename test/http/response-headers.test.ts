/** Which fields of an upstream's response reach the client. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { stripResponseHeaders } from '../../src/http/response-headers.ts'

test('hop-by-hop fields of the upstream stay behind, all others pass and repeated ones stay apart', () => {
  const cookies = ['a=1', 'b=2', 'c=3']
  assert.deepEqual(stripResponseHeaders({
    'connection': 'keep-alive',
    'keep-alive': 'timeout=5',
    'proxy-authenticate': 'Basic',
    'proxy-connection': 'close',
    'te': 'x',
    'trailer': 'x',
    'transfer-encoding': 'chunked',
    'upgrade': 'h2c',
    'content-length': '5', 'set-cookie': cookies, 'www-authenticate': ['Basic', 'Bearer'], 'server': 'x', 'absent': undefined
  }), { 'content-length': '5', 'set-cookie': cookies, 'www-authenticate': ['Basic', 'Bearer'], 'server': 'x' })
})

test('what the upstream nominates in Connection stays behind, save the length of the body', () => {
  assert.deepEqual(
    stripResponseHeaders({ 'connection': 'close, X-Internal, Content-Length', 'x-internal': '1', 'content-length': '5', 'x': 'y' }),
    { 'content-length': '5', 'x': 'y' }
  )
  assert.deepEqual(stripResponseHeaders({ 'connection': ['close', 'x-internal'], 'x-internal': '1' }), {})
})

test('a field named __proto__ changes nothing about the object', () => {
  const headers = stripResponseHeaders(JSON.parse('{"__proto__":["x"],"a":"b"}') as Record<string, string>)
  assert.equal(Object.getPrototypeOf(headers), Object.prototype)
  assert.deepEqual(Object.keys(headers), ['a'])
})

test('the object that was given is left as it was', () => {
  const headers = { connection: 'close', a: 'b' }
  stripResponseHeaders(headers)
  assert.deepEqual(headers, { connection: 'close', a: 'b' })
})
