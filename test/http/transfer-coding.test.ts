import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPlainlyFramed } from '../../src/http/transfer-coding.ts'

test('no Transfer-Encoding and exactly chunked are plain', () => {
  for (const value of [undefined, 'chunked', 'Chunked', 'CHUNKED']) assert.ok(isPlainlyFramed(value, '1.1'), String(value))
  assert.ok(isPlainlyFramed(undefined, '1.0'))
})

test('every list, parameter, other coding and empty value is not', () => {
  for (const value of [
    '', 'gzip', 'identity', 'gzip, chunked', 'identity, chunked', 'chunked, chunked', 'chunked;q=1', 'chunked,',
    ',chunked', 'xchunked', '"chunked"', 'chunked\x0b'
  ]) {
    assert.equal(isPlainlyFramed(value, '1.1'), false, value)
  }
})

test('nothing is plain on HTTP/1.0', () => {
  assert.equal(isPlainlyFramed('chunked', '1.0'), false)
})
