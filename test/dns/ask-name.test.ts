/** Where a name is looked for, and in which order; with a name server on loopback. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameAsker } from '../../src/dns/ask-name.ts'
import { serverAddressProblem } from '../../src/dns/server-address.ts'
import { systemLookup } from '../../src/dns/system-lookup.ts'
import { nothing, queryAddresses, type AddressResolver } from '../../src/dns/query.ts'
import { startNameServer } from '../helpers/name-server.ts'

const hosts = () => new Map([['users', ['10.9.9.9']], ['dead.internal', ['10.9.9.8']]])

test('the hosts file comes before DNS, in any spelling', async t => {
  const server = await startNameServer(t, { users: { a: ['10.0.0.1'] }, 'good.internal': { a: ['10.0.0.2'], ttl: 7 } })
  const ask = nameAsker({ resolvers: [server.address], hosts })
  assert.deepEqual(await ask('USERS'), { addresses: ['10.9.9.9'], ttl: 5000 })
  assert.deepEqual(await ask('users.'), { addresses: ['10.9.9.9'], ttl: 5000 })
  assert.deepEqual(server.questions, [])
  assert.deepEqual(await ask('good.internal'), { addresses: ['10.0.0.2'], ttl: 7000 })
})

test('localhost and what is below it is loopback, and invalid is nowhere, without a question (RFC 6761)', async t => {
  const server = await startNameServer(t, {})
  const ask = nameAsker({ resolvers: [server.address], hosts: () => new Map() })
  for (const name of ['localhost', 'shop.localhost', 'LOCALHOST.']) {
    const answer = await ask(name)
    assert.deepEqual('addresses' in answer && answer.addresses.toSorted(), ['127.0.0.1', '::1'])
  }
  assert.deepEqual(await ask('users.invalid'), nothing)
  assert.deepEqual(server.questions, [])
  for (const name of ['notinvalid', 'notlocalhost']) assert.deepEqual(await ask(name), nothing)
  assert.deepEqual(
    new Set(server.questions.map(String).map(question => /not\w+/.exec(question)?.[0])),
    new Set(['notinvalid', 'notlocalhost'])
  )
})

test('no such name is an answer, SERVFAIL is none', async t => {
  const server = await startNameServer(t, { 'six.internal': { a: [] } })
  const ask = nameAsker({ resolvers: [server.address], hosts })
  assert.deepEqual(await ask('nobody.internal'), { addresses: [], ttl: 0 })
  assert.deepEqual(await ask('six.internal'), { addresses: [], ttl: 0 })
  server.failing = true
  assert.deepEqual(await ask('nobody.internal'), { failure: 'ESERVFAIL' })
})

test('a name that is not answered ends by itself, and no other waits for it', async t => {
  const server = await startNameServer(t, { 'good.internal': { a: ['10.0.0.2'] } })
  server.silent.add('dead')
  const ask = nameAsker({ resolvers: [server.address], hosts })
  const order: string[] = []
  const dead = Promise.all(Array.from(
    { length: 40 },
    async (_, index) => { order.push('failure' in await ask(`n${index}.dead`) ? 'dead' : '?') }
  ))
  assert.deepEqual(await ask('good.internal'), { addresses: ['10.0.0.2'], ttl: 60_000 })
  assert.deepEqual(order, [])
  await dead
  assert.equal(order.length, 40)
})

/** A resolver with these answers; undefined: it never answers. */
function resolverOf (a: readonly string[] | string | undefined, aaaa: readonly string[] | string | undefined): AddressResolver {
  const answer = (given: typeof a) => async () => {
    if (given === undefined) return await new Promise<never>(() => {})
    if (typeof given === 'string') throw Object.assign(new Error(given), { code: given })
    return given.map((address, index) => ({ address, ttl: 10 + index }))
  }
  return { resolve4: answer(a), resolve6: answer(aaaa) }
}

for (const [what, a, aaaa, expected] of [
  ['both', ['10.0.0.1', '10.0.0.2'], ['::1'], { addresses: ['10.0.0.1', '10.0.0.2', '::1'], ttl: 10_000 }],
  ['an AAAA that is never answered', ['10.0.0.1'], undefined, { addresses: ['10.0.0.1'], ttl: 10_000 }],
  ['an A that is never answered', undefined, ['::1'], { addresses: ['::1'], ttl: 10_000 }],
  ['one that fails beside one that is there', ['10.0.0.1'], 'ESERVFAIL', { addresses: ['10.0.0.1'], ttl: 10_000 }],
  ['one that fails beside one that is not there', 'ENODATA', 'ESERVFAIL', { failure: 'ESERVFAIL' }],
  ['neither', 'ENOTFOUND', 'ENOTFOUND', { addresses: [], ttl: 0 }],
  ['silence', 'ETIMEOUT', 'ETIMEOUT', { failure: 'ETIMEOUT' }]
] as const) {
  test(`A and AAAA: ${what}`, async () => {
    const answer = await queryAddresses(resolverOf(a, aaaa), 'users', [4, 6])
    assert.deepEqual('addresses' in answer ? { ...answer, addresses: answer.addresses.toSorted() } : answer, expected)
  })
}

test('names are complete where the file names the servers, whatever the machine would add', async t => {
  const server = await startNameServer(t, { 'users.internal': { a: ['10.0.0.2'] } })
  const ask = nameAsker({ resolvers: [server.address], hosts, searchList: () => ({ domains: ['internal'], ndots: 1 }) })
  assert.deepEqual(await ask('orders'), nothing)
  assert.deepEqual(await ask('users.internal'), { addresses: ['10.0.0.2'], ttl: 60_000 })
  assert.ok(!server.questions.map(String).join(' ').includes('orders.internal'))
})

/** A resolver that answers each kind of record after so many turns of the event loop. */
function slowResolver (
  a: [turns: number, answer: readonly string[] | string],
  aaaa: [turns: number, answer: readonly string[] | string]
): AddressResolver {
  const answer = ([turns, given]: typeof a) => async () => {
    const end = performance.now() + turns
    while (performance.now() < end) await new Promise(setImmediate)
    if (typeof given === 'string') throw Object.assign(new Error(given), { code: given })
    return given.map((address, index) => ({ address, ttl: turns + index }))
  }
  return { resolve4: answer(a), resolve6: answer(aaaa) }
}

test('what is there is waited for, however soon it is said that the other kind is not', async () => {
  for (const refusal of ['ENODATA', 'ESERVFAIL']) {
    assert.deepEqual(await queryAddresses(
      slowResolver([0, refusal], [150, ['::1']]),
      'users',
      [4, 6]
    ), { addresses: ['::1'], ttl: 150_000 })
  }
})

test('the second kind has a moment to come when the first is there, and the shortest time to live counts', async () => {
  const answer = await queryAddresses(slowResolver([20, ['10.0.0.1']], [5, ['::1']]), 'users', [4, 6])
  assert.deepEqual(answer, { addresses: ['::1', '10.0.0.1'], ttl: 5000 })
  assert.deepEqual(await queryAddresses(
    slowResolver([3, ['10.0.0.1', '10.0.0.2']], [0, 'ENODATA']),
    'users',
    [4, 6]
  ), { addresses: ['10.0.0.1', '10.0.0.2'], ttl: 3000 })
})

test('a machine with addresses of one family asks for those', async () => {
  const both = resolverOf(['10.0.0.1'], ['::1'])
  assert.deepEqual(await queryAddresses(both, 'users', [4]), { addresses: ['10.0.0.1'], ttl: 10_000 })
  assert.deepEqual(await queryAddresses(both, 'users', [6]), { addresses: ['::1'], ttl: 10_000 })
  assert.deepEqual(await queryAddresses(resolverOf('ENOTFOUND', undefined), 'users', [4]), nothing)
})

test('addresses of name servers are IP addresses, with a port that there is', () => {
  for (const address of ['127.0.0.1', '::1', '127.0.0.1:53', '[::1]:53', '127.0.0.1:1', '[::1]:1', '127.0.0.1:65535']) {
    assert.equal(serverAddressProblem(address), undefined, address)
  }
  for (const address of [
    '', 'localhost', 'localhost:53', '127.0.0.1:0', '127.0.0.1:65536', '127.0.0.256:53', '[127.0.0.1:53', '[users]:53',
    '127.0.0.1:', '127.0.0.1:000053', '127.0.0.1:100000'
  ]) assert.notEqual(serverAddressProblem(address), undefined, address)
})

test('a lookup of the system without a waiting caller is not started, and delays no other', async () => {
  await assert.rejects(systemLookup('localhost', { signal: AbortSignal.abort() }), { name: 'AbortError' })
  assert.ok((await systemLookup('localhost', { signal: new AbortController().signal })).length > 0)
})
