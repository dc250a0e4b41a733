/** Keys that an issuer publishes: when they are fetched, what becomes of tokens meanwhile, and what strangers can cause. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyFetching, type PublishedKeys } from '../../plugins/policies/jwt-auth/key-fetching.ts'
import { RemoteKeys } from '../../plugins/policies/jwt-auth/remote-keys.ts'
import { LookupSkipped } from '../../src/service/lookup-cache.ts'

interface Fetch { answer: (kids: string[], freshFor?: number) => void, fail: () => void }

function setUp () {
  const time = { now: 0 }
  const fetches: Fetch[] = []
  const timers: { at: number, call: () => void }[] = []
  const told: string[] = []
  const keys = new RemoteKeys({ make: async material => ({ ...material, verify: () => ({}) }), now: () => time.now })
  const fetching = new KeyFetching({
    fetch: async () => await new Promise<PublishedKeys>((resolve, reject) => {
      fetches.push({
        answer: (kids, freshFor = 600_000) => resolve({ keys: kids.map(kid => ({ kid, key: kid, algorithms: ['RS256'] })), freshFor }),
        fail: () => reject(new Error('away'))
      })
    }),
    check: async found => await keys.prepare(found),
    staleFor: 3_600_000,
    coolDown: 30_000,
    now: () => time.now,
    random: () => 0.5,
    after (wait, call) {
      const timer = { at: time.now + wait, call }
      timers.push(timer)
      return () => { timers.splice(timers.indexOf(timer), 1) }
    },
    failed: (error, keysLeft, row) => { told.push(`${row}: ${(error as Error).message}, ${keysLeft} left`) },
    recovered: () => { told.push('recovered') }
  }, state => keys.learn(state))
  keys.ask = async () => await fetching.look()
  /** Lets time pass, timers included. */
  const pass = (wait: number): void => {
    time.now += wait
    for (const timer of timers.filter(({ at }) => at <= time.now)) {
      timers.splice(timers.indexOf(timer), 1)
      timer.call()
    }
  }
  const find = async (kid: string): Promise<string[]> => (await keys.search({ alg: 'RS256', kid })).map(key => key.key)
  const start = async (...kids: string[]): Promise<void> => {
    const loading = fetching.load()
    fetches[0]!.answer(kids)
    await loading
  }
  return { time, fetches, timers, told, fetching, keys, pass, find, start }
}

test('S1-28 a hundred requests with a new key are one fetch, and none of them is refused', async () => {
  const { fetches, find, start } = setUp()
  await start('old')
  const found = Promise.all(Array.from({ length: 100 }, async () => await find('new')))
  assert.equal(fetches.length, 2)
  fetches[1]!.answer(['old', 'new'])
  assert.deepEqual(new Set((await found).flat()), new Set(['new']))
  assert.equal((await found).flat().length, 100)
})

test('S1-28 requests that come while an older response is on its way wait for one that was asked for later', async () => {
  const { fetches, pass, find, start } = setUp()
  await start('old')
  pass(480_000)
  assert.equal(fetches.length, 2)
  const found = Promise.all([find('new'), find('new'), find('new')])
  fetches[1]!.answer(['old'])
  while (fetches.length < 3) await new Promise(setImmediate)
  fetches[2]!.answer(['old', 'new'])
  assert.deepEqual((await found).flat(), ['new', 'new', 'new'])
  assert.equal(fetches.length, 3)
})

test('S1-28 ten thousand tokens with made-up keys are one fetch in a cool-down and push out no good key', async () => {
  const { fetches, pass, find, start } = setUp()
  await start('good')
  const flood = Promise.all(Array.from({ length: 5000 }, async (_, index) => await find(`x${index}`)))
  fetches[1]!.answer(['good'])
  assert.deepEqual((await flood).flat(), [])
  for (let i = 5000; i < 10_000; i++) assert.deepEqual(await find(`x${i}`), [])
  assert.equal(fetches.length, 2)
  assert.deepEqual(await find('good'), ['good'])
  pass(29_999)
  assert.deepEqual(await find('x'), [])
  assert.equal(fetches.length, 2)
  pass(1)
  const later = find('x')
  assert.equal(fetches.length, 3)
  fetches[2]!.answer(['good'])
  assert.deepEqual(await later, [])
})

test('S1-28 a fetch that brings a new key is no reason to wait for the next one, but for a second', async () => {
  const { fetches, pass, find, start } = setUp()
  await start('a')
  const b = find('b')
  fetches[1]!.answer(['a', 'b'])
  assert.deepEqual(await b, ['b'])
  pass(999)
  assert.deepEqual(await find('c'), [])
  assert.equal(fetches.length, 2)
  pass(1)
  const c = find('c')
  fetches[2]!.answer(['b', 'c'])
  assert.deepEqual(await c, ['c'])
  pass(1000)
  const made = find('made up')
  fetches[3]!.answer(['b', 'c'])
  assert.deepEqual(await made, [])
  pass(29_999)
  assert.deepEqual(await find('made up too'), [])
  assert.equal(fetches.length, 4)
})

test('S1-28 keys are fetched again before they are old, without a request waiting', async () => {
  const { fetches, pass, find, start } = setUp()
  await start('a')
  pass(479_999)
  assert.equal(fetches.length, 1)
  pass(1)
  assert.equal(fetches.length, 2)
  assert.deepEqual(await find('a'), ['a'])
})

test('S1-28 while the issuer is away the last good keys serve, for as long as the file says, and then it is asked for again', async () => {
  const { time, fetches, timers, pass, find, start } = setUp()
  await start('a')
  while (time.now < 4_199_000) {
    pass(timers[0]!.at - time.now)
    fetches.at(-1)!.fail()
    await new Promise(setImmediate)
    if (time.now < 4_200_000) assert.deepEqual(await find('a'), ['a'])
  }
  pass(4_200_000 - time.now)
  fetches.at(-1)!.fail()
  await new Promise(setImmediate)
  await assert.rejects(find('a'), LookupSkipped)
  const { length } = fetches
  pass(timers[0]!.at - time.now)
  assert.equal(fetches.length, length + 1)
  fetches.at(-1)!.answer(['a'])
  await new Promise(setImmediate)
  assert.deepEqual(await find('a'), ['a'])
})

test('without keys a request waits for the fetch, and the next ones are told at once when to come back', async () => {
  const { fetches, pass, find } = setUp()
  const first = find('a')
  fetches[0]!.fail()
  await assert.rejects(first, /away/)
  await assert.rejects(find('a'), LookupSkipped)
  assert.equal(fetches.length, 1)
  pass(1000)
  assert.equal(fetches.length, 2)
  fetches[1]!.answer(['a'])
  await new Promise(setImmediate)
  assert.deepEqual(await find('a'), ['a'])
})

test('S1-28 without good keys an issuer that is back is asked within five seconds, however long it was away', async () => {
  const { time, fetches, timers, pass, find, start } = setUp()
  await start('a')
  while (time.now < 4_250_000) {
    pass(timers[0]!.at - time.now)
    fetches.at(-1)!.fail()
    await new Promise(setImmediate)
  }
  assert.ok(timers[0]!.at - time.now <= 5000)
  const { length } = fetches
  await assert.rejects(find('a'), (error: LookupSkipped) => error instanceof LookupSkipped && error.wait <= 5000)
  time.now += 5000
  const found = find('a')
  assert.equal(fetches.length, length + 1)
  fetches.at(-1)!.answer(['a'])
  assert.deepEqual(await found, ['a'])
})

test('a key that is no longer published verifies nothing, and one that stays is the same', async () => {
  const { fetches, pass, keys, start } = setUp()
  await start('a', 'b')
  const [a] = await keys.search({ alg: 'RS256', kid: 'a' })
  const [b] = await keys.search({ alg: 'RS256', kid: 'b' })
  pass(480_000)
  fetches[1]!.answer(['b'])
  await new Promise(setImmediate)
  assert.equal(keys.holds(a!), false)
  assert.equal(keys.holds(b!), true)
  assert.equal((await keys.search({ alg: 'RS256', kid: 'b' }))[0], b)
})

test('a token whose algorithm is not that of the key it names is no reason to ask', async () => {
  const { fetches, keys, start } = setUp()
  await start('a')
  assert.deepEqual(await keys.search({ alg: 'HS256', kid: 'a' }), [])
  assert.equal(fetches.length, 1)
})

test('a key holds until its time and the time beyond it are over, and not a moment longer', async () => {
  const { pass, keys, start, fetches } = setUp()
  await start('a')
  const [a] = await keys.search({ alg: 'RS256', kid: 'a' })
  pass(480_000)
  fetches[1]!.fail()
  await new Promise(setImmediate)
  pass(600_000 + 3_600_000 - 480_000 - 1)
  assert.deepEqual([keys.holds(a!), keys.knows({ alg: 'RS256', kid: 'a' })], [true, true])
  pass(1)
  assert.deepEqual([keys.holds(a!), keys.knows({ alg: 'RS256', kid: 'a' })], [false, false])
})

test('what is known of a token is known without asking: its key, or that the key it names is for another algorithm', async () => {
  const { fetches, keys, start } = setUp()
  assert.equal(keys.knows({ alg: 'RS256', kid: 'a' }), false)
  await start('a')
  assert.deepEqual(['a', 'b'].map(kid => keys.knows({ alg: 'RS256', kid })), [true, false])
  assert.equal(keys.knows({ alg: 'HS256', kid: 'a' }), true)
  assert.equal(fetches.length, 1)
})

test('after a fetch that failed no unknown key is a reason to ask before the pause is over', async () => {
  const { fetches, pass, find, start, timers } = setUp()
  await start('a')
  pass(480_000)
  fetches[1]!.fail()
  await new Promise(setImmediate)
  // The next fetch by itself is due after a second; it is not let run here.
  timers.length = 0
  pass(999)
  assert.deepEqual(await find('b'), [])
  assert.equal(fetches.length, 2)
  pass(1)
  const found = find('b')
  assert.equal(fetches.length, 3)
  fetches[2]!.answer(['a', 'b'])
  assert.deepEqual(await found, ['b'])
})

test('a token that names no key is tried with the one key there is, which takes one fetch', async () => {
  const { fetches, keys } = setUp()
  const head = { alg: 'RS256', kid: undefined }
  assert.equal(keys.knows(head), false)
  const found = keys.search(head)
  fetches[0]!.answer(['a'])
  assert.deepEqual((await found).map(({ kid }) => kid), ['a'])
  assert.deepEqual([keys.knows(head), fetches.length], [true, 1])
})

test('a fetch that an unknown key causes takes the place of the planned one', async () => {
  const { fetches, timers, pass, find, start } = setUp()
  await start('a')
  pass(400_000)
  const found = find('b')
  fetches[1]!.answer(['a', 'b'])
  await found
  assert.equal(timers.length, 1)
  pass(80_000)
  assert.equal(fetches.length, 2)
})

test('pauses between failed fetches double up to half a minute; each failure is told, and the first success after them', async () => {
  const { time, fetches, timers, told, pass, start } = setUp()
  await start('a', 'b')
  pass(480_000)
  const pauses: number[] = []
  for (let row = 1; row <= 7; row++) {
    fetches.at(-1)!.fail()
    await new Promise(setImmediate)
    pauses.push(timers[0]!.at - time.now)
    pass(pauses.at(-1)!)
  }
  assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
  for (let round = 0; round < 2; round++) {
    fetches.at(-1)!.answer(['a', 'b'])
    await new Promise(setImmediate)
    pass(480_000)
  }
  fetches.at(-1)!.fail()
  await new Promise(setImmediate)
  assert.deepEqual(told, [1, 2, 3, 4, 5, 6, 7, 'recovered', 1].map(row => row === 'recovered' ? row : `${row}: away, 2 left`))
  assert.equal(timers[0]!.at - time.now, 1000)
})

for (const outcome of ['comes', 'fails'] as const) {
  test(`keys that are not needed any more are not fetched again, also where a response ${outcome} after that`, async () => {
    const { fetches, timers, fetching, start } = setUp()
    await start('a')
    assert.equal(timers.length, 1)
    fetching.close()
    assert.equal(timers.length, 0)
    const last = fetching.load().catch(() => {})
    if (outcome === 'comes') fetches[1]!.answer(['a'])
    else fetches[1]!.fail()
    await last
    assert.equal(timers.length, 0)
  })
}
