/** From records to targets, and from a response to the time of the next question. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AddressBook, Addresses } from '../../plugins/core/target-discovery/address-book.ts'
import { createDnsResolver } from '../../plugins/core/target-discovery/dns-resolver.ts'
import { pauseAfter } from '../../plugins/core/target-discovery/interval.ts'
import { foundEntry } from '../../plugins/core/target-discovery/options.ts'
import { createSrvResolver, toFound, type SrvResolver } from '../../plugins/core/target-discovery/srv-resolver.ts'

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

test('targets do not depend on the order of the records', () => {
  const records = [[1, 'b', 1], [0, 'b', 2], [0, 'b', 1], [0, 'a', 9]]
    .map(([priority, name, port]) => ({ name: `${name}.test`, port: Number(port), weight: 1, priority: Number(priority) }))
  const books = new Map([['a.test', known('10.0.0.1')], ['b.test', known('10.0.0.2')]])
  const urls = (given: typeof records) => toFound(given, books, common).members!.map(({ url }) => url)
  assert.deepEqual(urls(records), ['https://a.test:9/base', 'https://b.test:1/base', 'https://b.test:2/base', 'https://b.test:1/base'])
  assert.deepEqual(urls(records.toReversed()), urls(records))
})

/** An SRV resolver over records that the test changes; a code stands for a failure. */
function srvOf (state: { records: readonly { name: string }[] | string }) {
  const kept: string[][] = []
  const book = {
    find: async (name: string) => known(`10.0.0.${name.length}`),
    keep: (names: readonly string[]) => { kept.push([...names]) }
  }
  const resolver: SrvResolver = {
    async resolveSrv (name) {
      assert.equal(name, '_users._tcp.test')
      if (typeof state.records === 'string') throw Object.assign(new Error('no'), { code: state.records })
      return state.records.map(record => ({ port: 80, weight: 1, priority: 0, ...record }))
    }
  }
  const look = createSrvResolver('http://_users._tcp.test/base', {}, resolver, book as unknown as AddressBook)
  return { look, kept }
}

test('the hosts of SRV records are looked up once each, others are forgotten, and a record that names no host is none', async () => {
  const { look, kept } = srvOf({ records: [{ name: 'a' }, { name: 'a' }, { name: '.' }, { name: '' }] })
  const { members, validFor } = await look()
  assert.deepEqual(members?.map(({ url, address }) => [url, address]), [['http://a/base', '10.0.0.1'], ['http://a/base', '10.0.0.1']])
  assert.equal(validFor, 30_000)
  assert.deepEqual(kept, [['a']])
})

test('that there are no SRV records is a response, and a server that fails leaves what was known', async () => {
  for (const code of ['ENOTFOUND', 'ENODATA']) {
    assert.deepEqual(await srvOf({ records: code }).look(), { members: [], validFor: undefined, failure: undefined })
  }
  assert.deepEqual(await srvOf({ records: 'ESERVFAIL' }).look(), { members: undefined, failure: 'ESERVFAIL' })
  assert.deepEqual((await srvOf({ records: [{ name: '.' }] }).look()).members, [])
})

test('the addresses of a name are targets that keep its URL; without a response nothing is known', async () => {
  const look = async (addresses: Addresses) => {
    const find = async (name: string): Promise<Addresses> => {
      assert.equal(name, 'users.test')
      return addresses
    }
    return await createDnsResolver('http://users.test:3000', { weight: 2 }, { find } as unknown as AddressBook)()
  }
  const url = 'http://users.test:3000'
  assert.deepEqual(await look(known('10.0.0.1', '::1')), {
    members: [{ url, address: '10.0.0.1', settings: { weight: 2 } }, { url, address: '::1', settings: { weight: 2 } }],
    validFor: 30_000,
    failure: undefined
  })
  const lost = { addresses: undefined, ttl: undefined, failure: 'ETIMEOUT' }
  assert.deepEqual(await look(lost), { members: undefined, validFor: undefined, failure: 'ETIMEOUT' })
})

test('an entry of a list is one that is looked up, or says itself where its target is', () => {
  assert.deepEqual([foundEntry('http://a.test'), foundEntry({ url: 'http://a.test', weight: 2 })], [undefined, undefined])
  const defaults = { refresh: 30_000, minRefresh: 1000, family: 'any', settings: {} }
  assert.deepEqual(foundEntry({ dns: 'http://a.test' }), { kind: 'dns', at: 'http://a.test', ...defaults })
  assert.deepEqual(foundEntry({ srv: 'http://_a.test' }), { kind: 'srv', at: 'http://_a.test', ...defaults })
  assert.deepEqual(foundEntry({ file: './a.yaml' }), { kind: 'file', at: './a.yaml', ...defaults })
  assert.deepEqual(
    foundEntry({ dns: 'http://a.test', refresh: 5000, minRefresh: 200, family: 'ipv6', weight: 3 }),
    { kind: 'dns', at: 'http://a.test', refresh: 5000, minRefresh: 200, family: 'ipv6', settings: { weight: 3 } }
  )
})

const bounds = { minRefresh: 1000, refresh: 30_000 }

test('the next look is due when the response expires, within the bounds', () => {
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
