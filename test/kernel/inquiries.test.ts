/** What a service said, kept; and when it is not asked. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ExpiringCache } from '../../src/collections/expiring-cache.ts'
import { LookupCache, LookupSkipped, type LookupCacheOptions } from '../../src/service/lookup-cache.ts'
import { ServiceBreaker } from '../../src/service/service-breaker.ts'
import { unusable, UnusableAnswer } from '../../src/service/service-unavailable.ts'

function inquiries (options: Partial<LookupCacheOptions> = {}) {
  const time = { now: 0 }
  const made = new LookupCache<string>({ maximum: 2, staleFor: 0, breaker: { failures: 2, openFor: 100 }, now: () => time.now, ...options })
  const learn = async (
    key: string,
    value: string,
    good = true,
    freshFor = 10
  ): Promise<string> => await made.ask(key, async () => ({ value, good, freshFor }))
  const fail = async (key: string | undefined): Promise<unknown> => await made.ask(
    key,
    async () => { throw new Error('away') }
  ).catch((error: unknown) => error)
  return { made, time, learn, fail }
}

test('a response is known until its time is over', async () => {
  const { made, time, learn } = inquiries()
  await learn('a', 'yes')
  time.now = 9
  assert.equal(made.known('a'), 'yes')
  time.now = 10
  assert.equal(made.known('a'), undefined)
  assert.equal(made.stale('a'), undefined)
})

test('a response that holds for no time is not kept', async () => {
  const { made, learn } = inquiries()
  await learn('a', 'yes', true, 0)
  await learn('b', 'yes', true, -5)
  assert.equal(made.size, 0)
})

test('a good response that turns bad is gone, stale or not', async () => {
  const { made, time, learn } = inquiries({ staleFor: 100 })
  await learn('a', 'yes')
  time.now = 10
  assert.equal(made.stale('a'), 'yes')
  await learn('a', 'no', false)
  assert.equal(made.known('a'), 'no')
  assert.equal(made.stale('a'), undefined)
})

test('what is kept for when the service is away is not known before that', async () => {
  const { made, time, learn } = inquiries({ staleFor: 100 })
  await learn('a', 'yes')
  time.now = 10
  assert.deepEqual([made.known('a'), made.peek('a'), made.stale('a')], [undefined, undefined, 'yes'])
  time.now = 110
  assert.equal(made.stale('a'), undefined)
})

test('a bad response that turns good is gone, also when the good one is over before it', async () => {
  const { made, time, learn } = inquiries()
  await learn('a', 'no', false, 100)
  await learn('a', 'yes', true, 10)
  assert.equal(made.known('a'), 'yes')
  time.now = 10
  assert.equal(made.known('a'), undefined)
})

test('a response that says nothing is no failure: it ends a row of them, and a probe', async () => {
  const { made, time, fail } = inquiries()
  const odd = async (): Promise<unknown> => await made.ask(
    'odd',
    async () => { throw new UnusableAnswer('a page') }
  ).catch((error: unknown) => error)
  for (let n = 0; n < 3; n++) {
    await fail('a')
    assert.ok(!(await odd() instanceof LookupSkipped))
  }
  await fail('a')
  await fail('a')
  assert.ok(await odd() instanceof LookupSkipped)
  time.now = 100
  assert.ok(!(await odd() instanceof LookupSkipped))
  assert.ok(!(await odd() instanceof LookupSkipped))
})

for (const status of [429, 502, 503, 504]) {
  test(`${status} means that no request gets a response now`, () => assert.ok(!(unusable(status, '') instanceof UnusableAnswer)))
}
for (const status of [201, 302, 400, 404, 408, 500, 501, 505]) {
  test(`${status} says something about one question alone`, () => assert.ok(unusable(status, '') instanceof UnusableAnswer))
}

test('bad responses push out no good ones, and of each kind the longest unused goes first', async () => {
  const { made, learn } = inquiries()
  await learn('a', 'A')
  await learn('b', 'B')
  for (const key of ['x', 'y', 'z']) await learn(key, 'no', false)
  assert.equal(made.size, 4)
  assert.equal(made.known('a'), 'A')
  await learn('c', 'C')
  assert.deepEqual(['a', 'b', 'c'].map(key => made.known(key)), ['A', undefined, 'C'])
})

test('a response that is learnt anew takes its own place and pushes out no other', async () => {
  const { made, learn } = inquiries()
  for (const key of ['a', 'b', 'b', 'b']) await learn(key, key)
  assert.deepEqual(['a', 'b'].map(key => made.known(key)), ['a', 'b'])
  const cache = new ExpiringCache<string>(2)
  for (const key of ['a', 'b', 'a', 'c']) cache.set(key, key, 10)
  assert.deepEqual(['a', 'b', 'c'].map(key => cache.peek(key, 0)), ['a', undefined, 'c'])
})

test('a cache of no entries keeps nothing', () => {
  const cache = new ExpiringCache<string>(0)
  cache.set('a', 'A', 10)
  assert.deepEqual([cache.peek('a', 0), cache.size], [undefined, 0])
})

test('a look leaves no trace', async () => {
  const { made, learn } = inquiries()
  await learn('a', 'A')
  await learn('b', 'B')
  assert.equal(made.peek('a'), 'A')
  await learn('c', 'C')
  assert.equal(made.peek('a'), undefined)
})

test('all who ask the same at one time share one question, and one failure', async () => {
  const { made } = inquiries()
  let asked = 0
  const question = async (): Promise<never> => {
    asked++
    throw new Error('away')
  }
  const results = await Promise.allSettled([made.ask('a', question), made.ask('a', question), made.ask('b', question)])
  assert.equal(asked, 2)
  assert.ok(results.every(({ status }) => status === 'rejected'))
})

test('after failures in a row no caller asks; then one does, and its result decides', async () => {
  const { made, time, learn, fail } = inquiries()
  await fail('a')
  await learn('b', 'yes')
  await fail('a')
  await fail(undefined)
  const refused = await fail('a')
  assert.ok(refused instanceof LookupSkipped)
  assert.equal(refused.wait, 100)
  time.now = 100
  const probe = fail('a')
  assert.ok(await fail('c') instanceof LookupSkipped)
  assert.ok(!(await probe instanceof LookupSkipped))
  assert.ok(await fail('a') instanceof LookupSkipped)
  time.now = 200
  assert.equal(await learn('a', 'back'), 'back')
  assert.ok(!(await fail('c') instanceof LookupSkipped))
  assert.equal(made.known('a'), 'back')
})

test('there is an end to how many questions are on their way', async () => {
  const { made } = inquiries()
  let answer = (_value: string): void => {}
  const slow = new Promise<string>(resolve => {
    answer = resolve
  })
  const all = Array.from(
    { length: 1000 },
    async (_, n) => await made.ask(String(n), async () => ({ value: await slow, good: true, freshFor: 0 }))
  )
  await assert.rejects(made.ask('more', async () => ({ value: '', good: true, freshFor: 0 })), LookupSkipped)
  answer('done')
  await Promise.all(all)
  assert.equal(await made.ask('more', async () => ({ value: 'now', good: true, freshFor: 0 })), 'now')
})

test('a response ends the row of failures, and one to the probe lets everybody through again', () => {
  const breaker = new ServiceBreaker({ failures: 2, openFor: 100 })
  for (let n = 0; n < 5; n++) {
    breaker.failed(breaker.enter(0)!, 0)
    breaker.answered(breaker.enter(0)!)
  }
  assert.equal(breaker.enter(0), 'closed')
  for (let n = 0; n < 2; n++) breaker.failed('closed', 0)
  assert.equal(breaker.enter(99), undefined)
  const probe = breaker.enter(100)!
  assert.deepEqual([probe, breaker.wait(250)], ['probe', 0])
  breaker.answered(probe)
  assert.deepEqual([breaker.enter(100), breaker.enter(100), breaker.wait(100)], ['closed', 'closed', 0])
})

test('while a probe is on its way there is no second one, also when an older question gets a response', () => {
  const breaker = new ServiceBreaker({ failures: 1, openFor: 100 })
  const [old, other] = [breaker.enter(0)!, breaker.enter(0)!]
  breaker.failed(old, 0)
  assert.equal(breaker.enter(100), 'probe')
  breaker.failed(other, 110)
  assert.equal(breaker.enter(200), undefined)
})

test('failures of questions from before the breaker opened do not put off the probe', () => {
  const breaker = new ServiceBreaker({ failures: 1, openFor: 100 })
  const [first, second] = [breaker.enter(0)!, breaker.enter(0)!]
  breaker.failed(first, 10)
  breaker.failed(second, 90)
  assert.equal(breaker.wait(90), 20)
  assert.equal(breaker.enter(109), undefined)
  assert.equal(breaker.enter(110), 'probe')
  assert.equal(breaker.enter(110), undefined)
})

test('the breaker of several threads opens and is told once, and a probe whose thread has died is not waited for', () => {
  const cells = Float64Array.of(0, -Infinity, -Infinity)
  const [one, two] = Array.from({ length: 2 }, () => new ServiceBreaker({ failures: 3, openFor: 100 }, cells))
  assert.deepEqual([one!.failed('closed', 0), two!.failed('closed', 0), one!.failed('closed', 0)], [false, false, true])
  assert.deepEqual([two!.failed('closed', 0), two!.open, two!.wait(40)], [false, true, 60])
  assert.deepEqual([two!.enter(100), one!.enter(100), two!.enter(60_099)], ['probe', undefined, undefined])
  const probe = one!.enter(60_100)!
  assert.deepEqual([probe, one!.answered(probe), two!.answered('closed'), two!.enter(60_100)], ['probe', true, false, 'closed'])
})

test('the cache is never larger than it may be, and has nothing that is over', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat(20), fc.nat(5))), steps => {
    const cache = new ExpiringCache<number>(3)
    const last = new Map<string, { value: number, until: number }>()
    let now = 0
    for (const [index, [key, lifetime, passed]] of steps.entries()) {
      now += passed
      const found = cache.use(key, now)
      const set = last.get(key)
      if (found !== undefined) assert.ok(set !== undefined && set.value === found && now < set.until)
      cache.set(key, index, now + lifetime)
      last.set(key, { value: index, until: now + lifetime })
      assert.equal(cache.peek(key, now), lifetime === 0 ? undefined : index)
      assert.ok(cache.size <= 3)
    }
  }))
})
