import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Leases } from '../../src/state/leases.ts'

const counter = (options: unknown = {}, closed: string[] = []) => ({
  kind: 'counter', key: 'a', options, create: () => ({ count: 0 }), fork: (state: { count: number }) => ({ ...state }), close: (state: { count: number }) => { closed.push(`closed at ${state.count}`) }
})

test('the same identity and the same options give the same state to a later holder', () => {
  const leases = new Leases()
  leases.hold().take(counter({ limit: 5, per: 'ip' })).count = 3
  assert.equal(leases.hold().take(counter({ per: 'ip', limit: 5 })).count, 3)
})

test('other options give fresh state', () => {
  const leases = new Leases()
  leases.hold().take(counter({ limit: 5 })).count = 3
  assert.equal(leases.hold().take(counter({ limit: 6 })).count, 0)
})

test('state is closed once, when the last holder lets go, however often each took it', async () => {
  const leases = new Leases()
  const closed: string[] = []
  const [first, second] = [leases.hold(), leases.hold()]
  first.take(counter({}, closed))
  first.take(counter({}, closed)).count = 7
  second.take(counter({}, closed))
  await first.release()
  await first.release()
  assert.deepEqual(closed, [])
  await second.release()
  assert.deepEqual(closed, ['closed at 7'])
  assert.equal(leases.size, 0)
})

test('a fork sees today\'s state and its changes are seen by nobody else', async () => {
  const leases = new Leases()
  const live = leases.hold().take(counter())
  live.count = 3
  const fork = leases.fork()
  const copy = fork.take(counter())
  assert.equal(copy.count, 3)
  copy.count = 9
  assert.equal(fork.take(counter()), copy)
  assert.equal(live.count, 3)
  await fork.release()
  assert.equal(leases.size, 1)
})

test('a fork closes what it had to create and not what it copied', async () => {
  const leases = new Leases()
  const closed: string[] = []
  leases.hold().take(counter({}, closed))
  const fork = leases.fork()
  fork.take(counter({}, closed)).count = 1
  fork.take(counter({ other: true }, closed)).count = 2
  await fork.release()
  assert.deepEqual(closed, ['closed at 2'])
})

test('two concerns may call their state alike', () => {
  const leases = new Leases()
  const holder = leases.hold()
  holder.take(counter()).count = 3
  assert.equal(holder.take({ ...counter(), kind: 'other' }).count, 0)
})

test('an inner holder lets go by itself or with the one that it is in, once', async () => {
  const leases = new Leases()
  const closed: string[] = []
  const outer = leases.hold()
  const [early, late] = [outer.hold(), outer.hold()]
  early.take(counter({ n: 1 }, closed)).count = 1
  late.take(counter({ n: 2 }, closed)).count = 2
  await early.release()
  assert.deepEqual(closed, ['closed at 1'])
  await outer.release()
  await late.release()
  assert.deepEqual(closed, ['closed at 1', 'closed at 2'])
})

test('state that cannot be closed is told, and keeps no other open', async () => {
  const leases = new Leases()
  const closed: string[] = []
  const holder = leases.hold()
  holder.take({ ...counter({ n: 1 }), close: () => { throw new Error('stuck') } })
  holder.take(counter({ n: 2 }, closed))
  await assert.rejects(holder.release(), /stuck/)
  assert.deepEqual([closed, leases.size], [['closed at 0'], 0])
})

test('a fork of what cannot be copied is fresh, closes what it drops, and what is inside it keeps it', async () => {
  const leases = new Leases()
  const closed: string[] = []
  const { fork: _, ...plain } = counter({}, closed)
  leases.hold().take(plain).count = 3
  const fork = leases.fork()
  assert.equal(fork.take(plain).count, 0)
  await fork.hold().release()
  assert.deepEqual(closed, [])
  await fork.drop(plain as never)
  assert.deepEqual(closed, ['closed at 0'])
})
