/** Keys that one thread fetches and others use. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyFetching, type KeysState, type PublishedKeys } from '../../plugins/policies/jwt-auth/key-fetching.ts'
import type { KeyMaterial } from '../../plugins/policies/jwt-auth/key.ts'
import { RemoteKeys } from '../../plugins/policies/jwt-auth/remote-keys.ts'
import { linkedHoldings } from '../threads/linked.ts'
import type { Holdings } from '../../src/state/holdings.ts'
import { LookupSkipped } from '../../src/service/lookup-cache.ts'
import type { TestContext } from 'node:test'

const keyOf = (kid: string): KeyMaterial => ({ kid, key: kid, algorithms: ['RS256'] })

/** A control thread and two more; the issuer publishes what `issuer.kids` says. */
async function start (t: TestContext) {
  const time = { now: 0 }
  const issuer = { kids: ['a'], fetches: 0, away: false }
  const { control, join, arrived } = linkedHoldings(t)
  const made: string[] = []
  const known = (holdings: Holdings, thread: number): RemoteKeys => {
    const keys = new RemoteKeys({
      async make (material) {
        made.push(`${thread} ${material.kid}`)
        return await Promise.resolve({ ...material, verify: () => ({}) })
      },
      now: () => time.now
    })
    const holder = holdings.hold()
    const { ask } = holder.task<KeysState, void>({
      kind: 'keys',
      key: '',
      start (publish) {
        const fetching = new KeyFetching({
          async fetch (): Promise<PublishedKeys> {
            issuer.fetches++
            const { kids, away } = issuer
            await new Promise(setImmediate)
            if (away) throw new Error('away')
            return { keys: kids.map(keyOf), freshFor: 600_000 }
          },
          check: async found => await keys.prepare(found),
          staleFor: 0,
          coolDown: 30_000,
          now: () => time.now,
          random: () => 0.5,
          after: () => () => {},
          failed () {},
          recovered () {}
        }, publish)
        fetching.load().catch(() => {})
        return { stop: () => fetching.close(), answer: async () => await fetching.look() }
      },
      learn: state => keys.learn(state)
    })
    keys.ask = async () => await ask()
    holder.start()
    return keys
  }
  const all = [known(control, 0), known(join().holdings, 1), known(join().holdings, 2)]
  await Promise.all(all.map(async keys => await keys.fetched))
  return { time, issuer, all, made, arrived }
}

const kids = async (keys: RemoteKeys, kid: string): Promise<unknown> => (await keys.search({ alg: 'RS256', kid })).map(key => key.kid)

test('S1-28 keys are fetched once for all threads, and each makes them ready once', async t => {
  const { all, issuer, made } = await start(t)
  assert.deepEqual(await Promise.all(all.map(async keys => await kids(keys, 'a'))), [['a'], ['a'], ['a']])
  assert.deepEqual([issuer.fetches, made.toSorted()], [1, ['0 a', '1 a', '2 a']])
})

test('S1-28 a new key that all threads meet at once is one fetch, and no request is refused', async t => {
  const { all, issuer, made } = await start(t)
  issuer.kids = ['a', 'b']
  const requests = Array.from({ length: 300 }, async (_, index) => await kids(all[index % 3]!, 'b'))
  assert.ok((await Promise.all(requests)).every(found => String(found) === 'b'))
  assert.deepEqual([issuer.fetches, made.length], [2, 6])
})

test('S1-28 made-up keys are one fetch in a cool-down, and then no thread asks another one', async t => {
  const { all, issuer, time, arrived } = await start(t)
  assert.deepEqual(await Promise.all(all.map(async keys => await kids(keys, 'x'))), [[], [], []])
  assert.equal(issuer.fetches, 2)
  await arrived()
  for (const keys of all) keys.ask = async () => assert.fail('a thread was asked')
  time.now = 29_999
  for (const keys of all) assert.deepEqual(await kids(keys, 'y'), [])
})

test('a thread without good keys says that the issuer is away, and then when to come back, without asking', async t => {
  const { all, issuer, time } = await start(t)
  issuer.away = true
  time.now = 700_000
  const [, keys] = all
  await assert.rejects(kids(keys!, 'a'), { name: 'ServiceUnavailable', message: 'away' })
  keys!.ask = async () => assert.fail('a thread was asked')
  await assert.rejects(kids(keys!, 'a'), LookupSkipped)
  assert.equal(issuer.fetches, 2)
})

test('a key that is no longer published verifies nothing in any thread, and one that stays is the same', async t => {
  const { all, issuer, time, arrived } = await start(t)
  const find = async (kid: string) => await Promise.all(all.map(async keys => (await keys.search({ alg: 'RS256', kid }))[0]!))
  issuer.kids = ['a', 'b']
  const [b, a] = [await find('b'), await find('a')]
  issuer.kids = ['b']
  time.now = 1000
  await all[1]!.ask()
  await arrived()
  assert.equal(issuer.fetches, 3)
  assert.deepEqual(all.map((keys, thread) => [keys.holds(a[thread]!), keys.holds(b[thread]!)]), all.map(() => [false, true]))
  assert.deepEqual((await find('b')).map((key, thread) => key === b[thread]), [true, true, true])
})
