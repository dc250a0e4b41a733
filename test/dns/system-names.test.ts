/** Names where the file names no servers: the search list, the servers of the system, its other sources, and its addresses. */

import assert from 'node:assert/strict'
import { promises as dns } from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import os, { type NetworkInterfaceInfo } from 'node:os'
import { test, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { nameAsker } from '../../src/dns/ask-name.ts'
import type { NameAnswer } from '../../src/dns/query.ts'
import { systemLookup } from '../../src/dns/system-lookup.ts'

type Given = readonly string[] | string | undefined

/** A system with these records (a code: it fails with it; undefined: it never responds), further names, and network addresses. */
function systemOf (t: TestContext, records: Readonly<Record<string, Given>>, options: {
  readonly others?: Readonly<Record<string, readonly string[]>>
  readonly here?: readonly string[]
  readonly hosts?: ReadonlyMap<string, readonly string[]>
} = {}) {
  const asked: string[] = []
  let cancelled = 0
  const query = (six: boolean) => async (name: string): Promise<{ address: string, ttl: number }[]> => {
    asked.push(`${six ? 'AAAA' : 'A'} ${name}`)
    const given = name in records ? records[name] : 'ENOTFOUND'
    if (given === undefined) return await new Promise(() => {})
    if (typeof given === 'string') throw Object.assign(new Error(given), { code: given })
    return given.filter(address => address.includes(':') === six).map(address => ({ address, ttl: 7 }))
  }
  t.mock.method(dns.Resolver.prototype, 'resolve4', query(false) as never)
  t.mock.method(dns.Resolver.prototype, 'resolve6', query(true) as never)
  t.mock.method(dns.Resolver.prototype, 'cancel', () => { cancelled++ })
  t.mock.method(dns, 'lookup', (async (name: string) => {
    asked.push(`getaddrinfo ${name}`)
    const found = options.others?.[name]
    if (found === undefined) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' })
    return found.map(address => ({ address, family: 4 }))
  }) as never)
  const { here = ['192.0.2.1'], hosts = new Map<string, readonly string[]>() } = options
  t.mock.method(os, 'networkInterfaces', () => ({
    lo: [{ address: '127.0.0.1', family: 'IPv4', internal: true }, { address: '::1', family: 'IPv6', internal: true }],
    eth0: [...here, 'fe80::1'].map(address => ({ address, family: address.includes(':') ? 'IPv6' : 'IPv4', internal: false }))
  }) as unknown as NodeJS.Dict<NetworkInterfaceInfo[]>)
  syncBuiltinESMExports()
  t.after(() => {
    t.mock.restoreAll()
    syncBuiltinESMExports()
  })
  const searchList = () => ({ domains: ['shop.test', 'test'], ndots: 1 })
  return { asked, cancelled: () => cancelled, ask: nameAsker({ resolvers: [], hosts: () => hosts, searchList }) }
}

test('a short name is completed by the search list, and the first name that has addresses counts', async t => {
  const { ask, asked } = systemOf(t, { 'users.test': ['10.0.0.1'], users: ['10.0.0.2'] })
  assert.deepEqual(await ask('Users'), { addresses: ['10.0.0.1'], ttl: 7000 })
  assert.deepEqual(asked, ['A users.shop.test', 'A users.test'])
})

test('a name that DNS does not know is looked for in the other sources of the system, as it is written', async t => {
  const { ask, asked } = systemOf(t, {}, { others: { printer: ['10.0.0.9'] } })
  assert.deepEqual(await ask('printer'), { addresses: ['10.0.0.9'], ttl: 5000 })
  assert.deepEqual(asked, ['A printer.shop.test', 'A printer.test', 'A printer', 'getaddrinfo printer'])
  assert.deepEqual(await ask('nobody'), { addresses: [], ttl: 0 })
})

test('a server that fails for one name hides neither the next one nor the other sources, and is told when nothing is found', async t => {
  const { ask } = systemOf(
    t,
    { 'users.shop.test': 'ESERVFAIL', 'users.test': ['10.0.0.1'], 'printer.test': 'ESERVFAIL', 'x.shop.test': 'EREFUSED', x: 'ESERVFAIL' },
    { others: { printer: ['10.0.0.9'] } }
  )
  assert.deepEqual(await ask('users'), { addresses: ['10.0.0.1'], ttl: 7000 })
  assert.deepEqual(await ask('printer'), { addresses: ['10.0.0.9'], ttl: 5000 })
  assert.deepEqual(await ask('x'), { failure: 'EREFUSED' })
})

test('when the servers do not respond, the system is not asked, because it would wait for the same ones', async t => {
  const { ask, asked } = systemOf(t, { 'users.shop.test': 'ETIMEOUT' }, { others: { users: ['10.0.0.9'] } })
  assert.deepEqual(await ask('users'), { failure: 'ETIMEOUT' })
  assert.ok(!asked.includes('getaddrinfo users'))
})

test('a look-up ends after five seconds: its queries are cancelled, and no further name is asked for', async t => {
  const { ask, asked, cancelled } = systemOf(t, { 'users.shop.test': undefined })
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let answer: NameAnswer | undefined
  void ask('users').then(found => { answer = found })
  const settle = async (): Promise<void> => { for (let tick = 0; tick < 5; tick++) await setImmediate() }
  await settle()
  t.mock.timers.tick(4999)
  await settle()
  assert.deepEqual([answer, cancelled()], [undefined, 0])
  t.mock.timers.tick(1)
  await settle()
  assert.deepEqual([answer, cancelled()], [{ failure: 'ETIMEOUT' }, 1])
  assert.deepEqual(asked, ['A users.shop.test'])
})

test('the other sources are asked one after the other, also after one that failed', async t => {
  const open: { name: string, fail: (error: Error) => void, find: (address: string) => void }[] = []
  systemOf(t, {})
  t.mock.method(dns, 'lookup', (async (name: string) => await new Promise((resolve, fail) => {
    open.push({ name, fail, find: address => { resolve([{ address, family: 4 }]) } })
  })) as never)
  syncBuiltinESMExports()
  const first = systemLookup('a')
  const second = systemLookup('b', { family: 4 })
  await setImmediate()
  assert.deepEqual(open.map(({ name }) => name), ['a'])
  open[0]!.fail(new Error('away'))
  await assert.rejects(first, /away/)
  await setImmediate()
  open[1]!.find('10.0.0.2')
  assert.deepEqual(await second, ['10.0.0.2'])
})

for (const [here, asked, first] of [
  [['192.0.2.1'], ['A'], '10.0.0.1'],
  [['2001:db8::1'], ['AAAA'], '2001:db8::5'],
  [['192.0.2.1', '2001:db8::1'], ['AAAA', 'A'], '2001:db8::5'],
  [[], ['A', 'AAAA'], '10.0.0.1']
] as const) {
  test(`a machine with ${here.join(' and ') || 'no address'} asks for ${asked.join(' and ')}, and tries ${first} first`, async t => {
    const six = ['2001:db8::9', '2001:db8::8']
    const four = ['10.9.9.9', '10.9.9.8']
    const hosts = new Map([['known', [four[0]!, six[0]!, four[1]!, six[1]!]]])
    const system = systemOf(t, { 'users.shop.test': ['10.0.0.1', '2001:db8::5'] }, { here, hosts })
    const found = await system.ask('users')
    assert.deepEqual(system.asked, asked.map(type => `${type} users.shop.test`))
    assert.equal('addresses' in found && found.addresses[0], first)
    assert.deepEqual(await system.ask('known'), { addresses: first.includes(':') ? [...six, ...four] : [...four, ...six], ttl: 5000 })
  })
}
