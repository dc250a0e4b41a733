/** What an exchange promises to plugins: whether it has a body, when it is over, and which fields it gives the upstream. */

import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { HttpExchange, setUpstreamField } from '../../src/exchange/exchange.ts'
import { localClient } from '../helpers/local-client.ts'

function exchangeWith (headers: Readonly<Record<string, string>> = {}): HttpExchange {
  return new HttpExchange({ method: 'POST', headers, socket: {} } as IncomingMessage, 0, localClient, '127.0.0.1')
}

const unexpected = (): never => assert.fail('no listener has thrown')

test('a request has a body when it declares one that is longer than nothing', () => {
  for (const [headers, expected] of [
    [{}, false],
    [{ 'content-length': '0' }, false],
    [{ 'content-length': '1' }, true],
    [{ 'transfer-encoding': 'chunked' }, true]
  ] as const) assert.equal(exchangeWith(headers).hasBody, expected, JSON.stringify(headers))
})

test('listeners of the end are called once, in their order, and at once when it is over already', () => {
  const exchange = exchangeWith()
  const calls: string[] = []
  exchange.onClose(() => calls.push('first'))
  exchange.onClose(() => calls.push('second'))
  assert.deepEqual([exchange.over, calls], [false, []])
  exchange.close(5, unexpected)
  assert.deepEqual([exchange.over, exchange.closedAt, calls], [true, 5, ['first', 'second']])
  exchange.onClose(() => calls.push('late'))
  assert.deepEqual(calls, ['first', 'second', 'late'])
  exchange.close(9, unexpected)
  assert.deepEqual([exchange.closedAt, calls], [5, ['first', 'second', 'late']])
})

test('a listener that is added while the others are called is called too, and finds the exchange over', () => {
  const exchange = exchangeWith()
  const calls: boolean[] = []
  exchange.onClose(() => exchange.onClose(() => calls.push(exchange.over)))
  exchange.close(0, unexpected)
  assert.deepEqual(calls, [true])
})

test('a listener that throws is told of, and keeps no other from being called', () => {
  const exchange = exchangeWith()
  const calls: string[] = []
  const failures: unknown[] = []
  const broken = new Error('broken')
  exchange.onClose(() => { throw broken })
  exchange.onClose(() => calls.push('second'))
  exchange.close(0, (of, error) => failures.push(of, error))
  assert.deepEqual([failures, calls], [[exchange, broken], ['second']])
})

test('a field for the upstream takes the place of an earlier one of its name, and of no other', () => {
  const exchange = exchangeWith()
  setUpstreamField(exchange, 'x-user', 'x-role')
  setUpstreamField(exchange, 'x-role', 'admin')
  setUpstreamField(exchange, 'x-user', 'ada')
  setUpstreamField(exchange, 'x-user', 'bob')
  assert.deepEqual(exchange.upstreamFields, ['x-user', 'bob', 'x-role', 'admin'])
})
