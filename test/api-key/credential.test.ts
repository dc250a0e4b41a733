import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { inHeader, inQuery } from '../../plugins/policies/api-key/credential.ts'
import type { Exchange } from '../../src/contract/exchange.ts'
import { RequestFields } from '../../src/http/request-fields.ts'

const withHeaders = (...rawHeaders: string[]): Exchange => {
  const raw = { rawHeaders, headers: { [rawHeaders[0]!.toLowerCase()]: rawHeaders[1] } } as unknown as IncomingMessage
  return { raw, fields: new RequestFields(raw) } as unknown as Exchange
}

test('a key is visible ASCII of at most 4096 characters', () => {
  const kindOf = (value: string): string => inHeader('x-key').read(withHeaders('X-Key', value)).kind
  assert.deepEqual(
    ['', 'k'.repeat(4096), 'k'.repeat(4097), 'a b', 'a\tb', '!~', 'sch\u00f6n'].map(kindOf),
    ['missing', 'key', 'malformed', 'malformed', 'malformed', 'key', 'malformed']
  )
})

test('a key that is dropped from its header is in no list of fields any more', () => {
  const exchange = withHeaders('X-Key', 'one', 'other', '2')
  inHeader('x-key').drop(exchange)
  assert.deepEqual([exchange.raw.rawHeaders, exchange.raw.headers], [['other', '2'], {}])
})

test('a key that is dropped from the query is in no form of the query any more', () => {
  const exchange = {
    query: '?a=1&key=k',
    path: '/p',
    raw: { url: '/p?a=1&key=k' },
    request: { query: { a: '1', key: 'k' } }
  } as unknown as Exchange
  inQuery('key').drop(exchange)
  assert.deepEqual([exchange.query, exchange.raw.url, exchange.request!.query], ['?a=1', '/p?a=1', { a: '1' }])
})
