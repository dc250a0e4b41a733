/** From records to targets, and from an answer to the time of the next question. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Addresses } from '../../plugins/core/target-discovery/address-book.ts'
import { pauseAfter } from '../../plugins/core/target-discovery/interval.ts'
import { toFound } from '../../plugins/core/target-discovery/srv-resolver.ts'

const known = (...addresses: string[]): Addresses => ({ addresses, ttl: 30, failure: undefined })
const common = { protocol: 'https:', pathname: '/base', settings: {} }

test('every address of every record is a target of that record\'s port, weight and priority', () => {
  const records = [{ name: 'b.test', port: 2, weight: 0, priority: 10 }, { name: 'a.test', port: 1, weight: 5, priority: 0 }]
  const { members, validFor } = toFound(
    records,
    new Map([['a.test', known('10.0.0.1', '10.0.0.2')], ['b.test', known('10.0.0.3')]]),
    common
  )
  assert.deepEqual(members, [
    { url: 'https://a.test:1/base', address: '10.0.0.1', settings: { weight: 5, priority: 0 } },
    { url: 'https://a.test:1/base', address: '10.0.0.2', settings: { weight: 5, priority: 0 } },
    { url: 'https://b.test:2/base', address: '10.0.0.3', settings: { weight: 1, priority: 10 } }
  ])
  assert.equal(validFor, 30_000)
})

test('a host that cannot be looked up does not take the others away, and is told', () => {
  const records = [{ name: 'a.test', port: 1, weight: 1, priority: 0 }, { name: 'b.test', port: 1, weight: 1, priority: 0 }]
  const lost = { addresses: undefined, ttl: undefined, failure: 'ETIMEOUT' }
  const found = toFound(records, new Map([['a.test', known('10.0.0.1')], ['b.test', lost]]), common)
  assert.deepEqual([found.members!.length, found.failure], [1, 'b.test: ETIMEOUT'])
  assert.equal(toFound(records, new Map([['a.test', lost], ['b.test', lost]]), common).members, undefined)
})

test('a host whose name fits in no URL is left out', () => {
  assert.deepEqual(toFound([{ name: 'a b', port: 1, weight: 1, priority: 0 }], new Map([['a b', known('10.0.0.1')]]), common).members, [])
})

const bounds = { minRefresh: 1000, refresh: 30_000 }

test('the next look is due when the answer expires, within the bounds', () => {
  const pause = (validFor: number | undefined): number => pauseAfter({ validFor }, 0, bounds, () => 0)
  assert.deepEqual([0, 5000, 86_400_000, undefined].map(pause), [1000, 5000, 30_000, 30_000])
})

test('after failures the pause doubles, up to the longest', () => {
  assert.deepEqual(
    [1, 2, 3, 5, 6, 1000].map(failures => pauseAfter({ validFor: undefined }, failures, bounds, () => 0)),
    [1000, 2000, 4000, 16_000, 30_000, 30_000]
  )
})

test('chance takes off up to a tenth, and never goes below the shortest pause', () => {
  assert.equal(pauseAfter({ validFor: 10_000 }, 0, bounds, () => 0.5), 9500)
  assert.equal(pauseAfter({ validFor: 0 }, 0, bounds, () => 0.99), 1000)
})
