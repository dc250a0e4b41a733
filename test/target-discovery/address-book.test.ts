/** What is known of a name while servers respond, and while they do not. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AddressBook, type Family } from '../../plugins/core/target-discovery/address-book.ts'
import type { AddressResolver } from '../../src/dns/query.ts'

type Answer = readonly string[] | 'ENOTFOUND' | 'ENODATA' | 'ESERVFAIL' | 'ETIMEOUT'

/** A book over a server that a test changes. */
function bookOf (zone: { a: Answer, aaaa: Answer, ttl?: number }, family: Family = 'any', useHosts = false): AddressBook {
  const ask = (key: 'a' | 'aaaa') => async (_name: string, options: { ttl: true }) => {
    assert.deepEqual(options, { ttl: true })
    const answer = zone[key]
    if (typeof answer === 'string') throw Object.assign(new Error(answer), { code: answer })
    return answer.map(address => ({ address, ttl: zone.ttl ?? 60 }))
  }
  const resolver: AddressResolver = { resolve4: ask('a'), resolve6: ask('aaaa') }
  return new AddressBook(resolver, { family, useHosts })
}

test('the addresses of both families are found, in an order that is not the server\'s', async () => {
  const zone = { a: ['10.0.0.2', '10.0.0.1'], aaaa: ['fd00::1'], ttl: 7 }
  assert.deepEqual(await bookOf(zone).find('x'), { addresses: ['10.0.0.1', '10.0.0.2', 'fd00::1'], ttl: 7, failure: undefined })
  assert.deepEqual((await bookOf(zone, 'ipv6').find('x')).addresses, ['fd00::1'])
})

test('that a name does not exist is a response: there are no targets', async () => {
  assert.deepEqual(await bookOf({ a: 'ENOTFOUND', aaaa: 'ENODATA' }).find('x'), { addresses: [], ttl: undefined, failure: undefined })
})

test('a server that never responds for AAAA does no harm', async () => {
  assert.deepEqual(await bookOf({ a: ['10.0.0.1'], aaaa: 'ESERVFAIL' }).find('x'), { addresses: ['10.0.0.1'], ttl: 60, failure: undefined })
})

test('a server that fails keeps what was known, and says that it failed', async () => {
  const zone: { a: Answer, aaaa: Answer } = { a: ['10.0.0.1'], aaaa: [] }
  const book = bookOf(zone)
  await book.find('x')
  zone.a = 'ETIMEOUT'
  assert.deepEqual(await book.find('x'), { addresses: ['10.0.0.1'], ttl: 60, failure: 'ETIMEOUT' })
  zone.a = ['10.0.0.2']
  assert.deepEqual((await book.find('x')).addresses, ['10.0.0.2'])
})

test('a server that never responded gives no knowledge, not even that there are no targets', async () => {
  assert.deepEqual(
    await bookOf({ a: 'ETIMEOUT', aaaa: 'ETIMEOUT' }).find('x'),
    { addresses: undefined, ttl: undefined, failure: 'ETIMEOUT' }
  )
})

test('a name that DNS does not know is looked for on this machine only where the system\'s own servers are asked', async () => {
  const unknown = { a: 'ENOTFOUND', aaaa: 'ENOTFOUND' } as const
  assert.deepEqual((await bookOf(unknown, 'ipv4', true).find('localhost')).addresses, ['127.0.0.1'])
  assert.deepEqual((await bookOf(unknown, 'ipv4', false).find('localhost')).addresses, [])
})

test('addresses of this machine come without a time to live, and take none from those of DNS', async () => {
  const zone = { a: 'ENOTFOUND', aaaa: ['fd00::1'], ttl: 7 } as const
  const expected = { addresses: ['127.0.0.1', 'fd00::1'], ttl: 7, failure: undefined }
  assert.deepEqual(await bookOf(zone, 'any', true).find('localhost'), expected)
  assert.deepEqual(
    await bookOf({ a: 'ENOTFOUND', aaaa: 'ENOTFOUND' }, 'ipv4', true).find('localhost'),
    { addresses: ['127.0.0.1'], ttl: undefined, failure: undefined }
  )
})

test('that this machine has no address of a kind is no failure', async () => {
  const { failure } = await bookOf({ a: 'ENOTFOUND', aaaa: 'ENOTFOUND' }, 'ipv6', true).find('localhost')
  assert.ok(failure === undefined || failure.startsWith('EAI_'), failure)
})

test('of names that are not asked for any more nothing is kept', async () => {
  const zone: { a: Answer, aaaa: Answer } = { a: ['10.0.0.1'], aaaa: ['fd00::1'] }
  const book = bookOf(zone)
  for (const name of ['x', 'y']) await book.find(name)
  book.keep(['y', 'z'])
  zone.a = zone.aaaa = 'ETIMEOUT'
  assert.equal((await book.find('x')).addresses, undefined)
  assert.deepEqual((await book.find('y')).addresses, ['10.0.0.1', 'fd00::1'])
})

test('both names and families are apart: an address that is found twice is one, and the shorter time to live counts', async () => {
  const zone: { a: Answer, aaaa: Answer } = { a: ['10.0.0.1', '10.0.0.1'], aaaa: 'ETIMEOUT' }
  assert.deepEqual((await bookOf(zone, 'ipv4').find('x')).addresses, ['10.0.0.1'])
  assert.deepEqual((await bookOf({ a: 'ETIMEOUT', aaaa: ['fd00::1'] }, 'ipv4').find('x')).addresses, undefined)
  const times = {
    resolve4: async () => [{ address: '10.0.0.1', ttl: 60 }, { address: '10.0.0.2', ttl: 5 }],
    resolve6: async () => [{ address: 'fd00::1', ttl: 30 }]
  }
  assert.equal((await new AddressBook(times, { family: 'any', useHosts: false }).find('x')).ttl, 5)
})
