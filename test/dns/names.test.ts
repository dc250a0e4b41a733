/** The cache of names: one lookup for all callers, doubt after a failure, stale addresses while no server responds. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NameError, Names } from '../../src/dns/names.ts'
import type { NameAnswer } from '../../src/dns/query.ts'
import { takeNames, type NamesContext } from '../../src/dns/take-names.ts'
import { Holdings } from '../../src/state/holdings.ts'
import { startNameServer } from '../helpers/name-server.ts'

const minute = 60_000

/** Names over a server that a test plays: `answer` answers the oldest question. */
function namesOf () {
  const open: ((answer: NameAnswer) => void)[] = []
  const told: string[] = []
  const state = { time: 0, asked: 0 }
  const names = new Names({
    ask: async () => await new Promise(resolve => {
      state.asked++
      open.push(resolve)
    }),
    now: () => state.time,
    changed: (name, failure) => told.push(`${name} ${failure ?? 'back'}`)
  })
  const answer = async (given: NameAnswer): Promise<void> => {
    open.shift()!(given)
    await new Promise(resolve => setImmediate(resolve))
  }
  /** What a name is known as when the server says this. */
  const learnt = async (name: string, given: NameAnswer): Promise<readonly string[] | string> => {
    const found = names.find(name).catch((error: NameError) => error.code)
    await answer(given)
    return await found
  }
  return { names, state, told, answer, learnt, open }
}

const good = { addresses: ['10.0.0.1'], ttl: 10_000 }
const silence = { failure: 'ETIMEOUT' }

test('all who ask for one name at one time are one question, and other names do not wait for it', async () => {
  const { names, state, answer, learnt, open } = namesOf()
  const dead = Array.from({ length: 40 }, async () => await names.find('dead').catch((error: NameError) => error.code))
  const [first] = open.splice(0)
  assert.deepEqual(await learnt('good', good), ['10.0.0.1'])
  assert.equal(state.asked, 2)
  open.unshift(first!)
  await answer(silence)
  assert.deepEqual(new Set(await Promise.all(dead)), new Set(['EAI_AGAIN']))
})

for (const [ttl, remembered] of [[0, 1000], [500, 1000], [10_000, 10_000], [600_000, 30_000], [Infinity, 30_000]] as const) {
  test(`a time to live of ${ttl} ms is remembered for ${remembered}`, async () => {
    const { names, state, learnt } = namesOf()
    await learnt('a', { addresses: ['10.0.0.1'], ttl })
    state.time = remembered - 1
    await names.find('a')
    assert.equal(state.asked, 1)
    state.time = remembered
    assert.deepEqual(await learnt('a', { addresses: ['10.0.0.2'], ttl }), ['10.0.0.2'])
    assert.equal(state.asked, 2)
  })
}

test('that there is no such name is an answer: remembered for two seconds, and good addresses are forgotten', async () => {
  const { names, state, learnt } = namesOf()
  await learnt('a', good)
  state.time = 10_000
  assert.equal(await learnt('a', { addresses: [], ttl: 0 }), 'ENOTFOUND')
  state.time = 11_999
  await assert.rejects(names.find('a'), { code: 'ENOTFOUND' })
  assert.equal(state.asked, 2)
  state.time = 12_000
  assert.deepEqual(await learnt('a', good), ['10.0.0.1'])
})

test('a failure is remembered for one second, then two, then four, then five', async () => {
  const { names, state, learnt } = namesOf()
  for (const pause of [1000, 2000, 4000, 5000, 5000]) {
    assert.equal(await learnt('a', silence), 'EAI_AGAIN')
    const { asked } = state
    state.time += pause - 1
    await assert.rejects(names.find('a'), { code: 'EAI_AGAIN', syscall: 'lookup', hostname: 'a' })
    assert.equal(state.asked, asked)
    state.time += 1
  }
})

test('after a success the next failure is remembered for one second again', async () => {
  const { names, state, answer, learnt } = namesOf()
  await learnt('a', good)
  for (const failures of [1, 2, 3]) {
    state.time += 10_000
    assert.deepEqual(await learnt('a', silence), ['10.0.0.1'], `${failures}`)
  }
  state.time += 10_000
  const old = names.find('a')
  await answer({ addresses: ['10.0.0.2'], ttl: 10_000 })
  assert.deepEqual(await old, ['10.0.0.1'])
  state.time += 10_000
  assert.deepEqual(await learnt('a', silence), ['10.0.0.2'])
  state.time += 999
  const { asked } = state
  await names.find('a')
  assert.equal(state.asked, asked)
  state.time += 1
  await learnt('a', silence)
  assert.equal(state.asked, asked + 1)
})

test('an error tells a name that does not exist from one that cannot be looked up', async () => {
  const { names, learnt } = namesOf()
  await learnt('a', silence)
  await assert.rejects(names.find('a'), { code: 'EAI_AGAIN', message: 'a cannot be looked up: ETIMEOUT' })
  await learnt('b', { addresses: [], ttl: 0 })
  await assert.rejects(names.find('b'), { code: 'ENOTFOUND', message: 'there is no name b' })
})

test('that a name cannot be looked up is an event, and that it can be again, once for several threads', async t => {
  const server = await startNameServer(t, { 'users.internal': { a: ['10.0.0.1'], ttl: 1 } })
  const time = { now: 0 }
  const events: unknown[] = []
  const { table } = new Holdings().hold()
  const [names, others] = Array.from({ length: 2 }, () => takeNames({
    config: { dns: { resolvers: [server.address] } },
    resource: ({ create }: { create: () => Names }) => create(),
    table,
    clock: { now: () => time.now },
    events: { emit: (event: unknown) => { events.push(event) } }
  } as unknown as NamesContext)) as [Names, Names]
  server.failing = true
  for (const each of [names, others]) await assert.rejects(each.find('users.internal'), { code: 'EAI_AGAIN' })
  assert.deepEqual(events, [{ type: 'name-lookup-failed', name: 'users.internal', why: 'ESERVFAIL' }])
  server.failing = false
  time.now = 1000
  for (const each of [names, others]) assert.deepEqual(await each.find('users.internal'), ['10.0.0.1'])
  assert.deepEqual(events.slice(1), [{ type: 'name-lookup-recovered', name: 'users.internal' }])
})

test('while no server responds, known addresses are used for an hour, at once from the second time on', async () => {
  const { names, state, told, answer, learnt } = namesOf()
  await learnt('a', good)
  state.time = 10_000
  assert.deepEqual(await learnt('a', silence), ['10.0.0.1'])
  assert.deepEqual(told, ['a ETIMEOUT'])
  state.time += minute
  const found = names.find('a')
  assert.equal(await Promise.race([found.then(() => 'at once'), new Promise(setImmediate)]), 'at once')
  await answer(silence)
  state.time = 60 * minute + 29_999
  assert.deepEqual(await learnt('a', silence), ['10.0.0.1'])
  state.time = 60 * minute + 35_000
  assert.equal(await learnt('a', silence), 'EAI_AGAIN')
  state.time += minute
  assert.deepEqual(await learnt('a', good), ['10.0.0.1'])
  assert.deepEqual(told, ['a ETIMEOUT', 'a back'])
})

test('a first query without a response does not delay callers with older addresses for long', async () => {
  const { names, state, learnt } = namesOf()
  await learnt('a', good)
  state.time = 10_000
  // No server responds: the timeout ends the wait.
  assert.deepEqual(await names.find('a'), ['10.0.0.1'])
})

test('a name whose addresses take no connection is asked for again, at most once a second', async () => {
  const { names, state, learnt } = namesOf()
  await learnt('a', good)
  names.doubt('a')
  state.time = 999
  await names.find('a')
  assert.equal(state.asked, 1)
  state.time = 1000
  assert.deepEqual(await learnt('a', { addresses: ['10.0.0.2'], ttl: 10_000 }), ['10.0.0.2'])
  names.doubt('never heard of')
})

test('a doubt asks servers that do not answer no more often than they are asked anyway', async () => {
  const { names, state, learnt } = namesOf()
  await learnt('a', good)
  state.time = 10_000
  await learnt('a', silence)
  names.doubt('a')
  state.time = 10_999
  await names.find('a')
  assert.equal(state.asked, 2)
})

test('connections begin with another address each time, within the first family', async () => {
  const { names, learnt } = namesOf()
  const addresses = ['::1', '::2', '10.0.0.1', '10.0.0.2']
  assert.deepEqual(await learnt('a', { addresses, ttl: 1000 }), addresses)
  assert.deepEqual(await names.find('a'), ['::2', '::1', '10.0.0.1', '10.0.0.2'])
  for (const first of ['::1', '::2', '::1', '::2']) {
    assert.deepEqual(await names.find('a'), first === '::1' ? addresses : ['::2', '::1', '10.0.0.1', '10.0.0.2'])
  }
})

test('memory is bounded', async () => {
  const names = new Names({ ask: async () => good, now: () => 0 })
  for (let index = 0; index < 10_005; index++) await names.find(`n${index}`)
  assert.equal(names.size, 10_000)
})

test('as a lookup function: one address, all of them, one family, an error', async () => {
  const { names, learnt } = namesOf()
  await learnt('a', { addresses: ['::1', '10.0.0.1'], ttl: 10_000 })
  const look = async (
    name: string,
    options: object
  ): Promise<unknown[]> => await new Promise(resolve => { names.lookup(name, options, (...result) => resolve(result)) })
  assert.deepEqual(await look('a', {}), [null, '::1', 6])
  assert.deepEqual(await look('a', { all: true }), [null, [{ address: '::1', family: 6 }, { address: '10.0.0.1', family: 4 }]])
  assert.deepEqual(await look('a', { family: 4 }), [null, '10.0.0.1', 4])
  assert.deepEqual(await look('a', { all: true, family: 'IPv6' }), [null, [{ address: '::1', family: 6 }]])
  await learnt('four', good)
  assert.equal(((await look('four', { family: 6 }))[0] as NameError).code, 'ENOTFOUND')
  await learnt('none', { addresses: [], ttl: 0 })
  const [error] = await look('none', { all: true })
  assert.ok(error instanceof NameError)
  assert.equal(error.code, 'ENOTFOUND')
})
