import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Leases } from '../../src/state/leases.ts'

const counter = (options: unknown = {}, closed: string[] = []) => ({
  kind: 'counter', key: 'a', options, create: () => ({ count: 0 }), fork: (state: {
    count: number
  }) => ({ ...state }), close: (state: { count: number }) => { closed.push(`closed at ${state.count}`) }
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

test('after a renewal a fork sees the state as it is by then, by what was taken before', async () => {
  const leases = new Leases()
  const live = leases.hold().take(counter())
  const fork = leases.fork()
  const copy = fork.take(counter())
  for (const count of [0, 5, 7]) {
    await fork.renew()
    live.count = count
    assert.equal(copy.count, count)
    copy.count++
    assert.equal(copy.count, count + 1)
    live.count = 100
    assert.equal(copy.count, count + 1, 'a copy is of one moment')
  }
  assert.equal(fork.renewable, true)
})

test('a renewal closes what was created since the last one, and nothing that was not used', async () => {
  const closed: string[] = []
  const fork = new Leases().fork()
  const taken = fork.take(counter({}, closed))
  taken.count = 1
  await fork.renew()
  await fork.renew()
  assert.deepEqual(closed, ['closed at 1'])
  // What is set while a plugin registers is set in every copy.
  taken.count += 2
  await fork.renew()
  assert.deepEqual(closed, ['closed at 1', 'closed at 3'])
  await fork.release()
  assert.equal(closed.length, 2)
})

class Tally {
  readonly #names: string[]
  constructor (names: readonly string[] = []) {
    this.#names = [...names]
  }

  get size (): number {
    return this.#names.length
  }

  add (name: string): this {
    this.#names.push(name)
    return this
  }

  copy (): Tally {
    return new Tally(this.#names)
  }
}

test('state of any kind is forked: of a class with private members, a map, a list', async () => {
  const leases = new Leases()
  const tally = { kind: 'tally', key: '', create: () => new Tally(), fork: (state: Tally) => state.copy() }
  const map = { kind: 'map', key: '', create: () => new Map<string, number>(), fork: (state: Map<string, number>) => new Map(state) }
  const list = { kind: 'list', key: '', create: (): number[] => [], fork: (state: number[]) => [...state] }
  const holder = leases.hold()
  const fork = leases.fork()
  const [one, two, three] = [fork.take(tally), fork.take(map), fork.take(list)]
  await fork.renew()
  holder.take(tally).add('a')
  holder.take(map).set('a', 1)
  holder.take(list).push(1)
  assert.deepEqual(
    [one.add('b').size, one instanceof Tally, [...two.set('b', 2)], two.size, three.concat(2), Array.isArray(three)],
    [2, true, [['a', 1], ['b', 2]], 2, [1, 2], true]
  )
  assert.deepEqual(three, [1])
  assert.deepEqual(Object.keys(fork.take(counter())), ['count'])
  await fork.renew()
  assert.deepEqual([one.size, two.has('b'), 'length' in three], [1, false, true])
  assert.equal(fork.renewable, true)
})

test('state that is its own copy is handed out itself', async () => {
  const leases = new Leases()
  const shared = { ...counter(), fork: (state: { count: number }) => state }
  const live = leases.hold().take(shared)
  const fork = leases.fork()
  assert.equal(fork.take(shared), live)
  const closed: string[] = []
  const alone = { ...counter({ alone: true }, closed), fork: (state: { count: number }) => state }
  fork.take(alone).count = 3
  await fork.renew()
  assert.equal(fork.take(alone).count, 3)
  await fork.release()
  assert.deepEqual([closed, fork.renewable], [['closed at 3'], true])
})

test('a fork whose state was taken apart while plugins registered cannot be renewed', async () => {
  const nested = {
    kind: 'nested',
    key: '',
    create: () => ({ inner: { count: 0 } }),
    fork: (state: { inner: { count: number } }) => structuredClone(state)
  }
  const uses: Record<string, (fork: ReturnType<Leases['fork']>) => unknown> = {
    'a part is read': fork => fork.take(nested).inner,
    'a method is called': fork => fork.take({ kind: 'map', key: '', create: () => new Map([['a', {}]]) }).get('a'),
    'it is a function': fork => fork.take({ kind: 'function', key: '', create: () => () => 1 })(),
    'it is a buffer': fork => fork.take({ kind: 'buffer', key: '', create: () => Buffer.alloc(1) })
  }
  for (const [use, apply] of Object.entries(uses)) {
    const fork = new Leases().fork()
    apply(fork)
    assert.equal(fork.renewable, false, use)
  }
  const later = new Leases().fork()
  const taken = later.take(nested)
  await later.renew()
  assert.deepEqual([taken.inner, later.renewable], [{ count: 0 }, true])
})
