/** What is told of a store that several threads use, each through a connection of its own. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gatewayId } from '../../plugins/policies/rate-limiting/store.ts'
import { StoreStatus } from '../../plugins/policies/rate-limiting/store-status.ts'
import { Holdings } from '../../src/state/holdings.ts'

const identity = { kind: 'store', key: 'limit' }

test('a store that stops responding is news once, and that it responds again when it does to every thread', () => {
  const holdings = new Holdings()
  const [one, two] = [new StoreStatus(holdings.hold(), identity), new StoreStatus(holdings.hold(), identity)]
  assert.deepEqual([one.note(true), two.note(true)], [false, false])
  assert.deepEqual([one.note(false), two.note(false), two.note(false)], [true, false, false])
  assert.deepEqual([one.note(true), one.note(true), two.note(true)], [false, false, true])
  assert.equal(two.note(false), true)
})

test('a thread that looks no longer does not keep the others from saying that the store responds', () => {
  const holdings = new Holdings()
  const [one, two] = [new StoreStatus(holdings.hold(), identity), new StoreStatus(holdings.hold(), identity)]
  assert.deepEqual([one.note(false), two.note(false)], [true, false])
  one.leave()
  one.leave()
  assert.equal(two.note(true), true)
})

test('all threads of a gateway have one name in Redis, and two gateways have two', () => {
  const holdings = new Holdings()
  const [one, two] = [gatewayId(holdings.hold()), gatewayId(holdings.hold())]
  assert.equal(one, two)
  assert.notEqual(one, gatewayId(new Holdings().hold()))
})
