import assert from 'node:assert/strict'
import { test } from 'node:test'
import { takeProgress } from '../../plugins/policies/rate-limiting/counts.ts'
import { explain, takePlace, type Judgement } from '../../plugins/policies/rate-limiting/limiter.ts'
import type { Tier } from '../../plugins/policies/rate-limiting/plan.ts'
import { Holdings } from '../../src/state/holdings.ts'
import { startGateway } from '../helpers/gateway.ts'

test('a place that is taken is none of those left, and is free again when its request is done', async () => {
  const take = takePlace(new Holdings().hold().counts({ kind: 'concurrency', key: '', keys: 10 }))
  const tier = { atOnce: 2 } as Tier
  const first = await take(tier, 'a', 1)
  const second = await take(tier, 'a', 1)
  const third = await take(tier, 'a', 1)
  assert.deepEqual(
    [first, second, third].map(({ verdict }) => [verdict!.allowed, verdict!.windows[0]!.left]),
    [[true, 1], [true, 0], [false, 0]]
  )
  assert.equal(third.release, undefined)
  first.release!()
  assert.equal((await take(tier, 'a', 1)).verdict!.allowed, true)
})

test('a wait is told in milliseconds, rounded up', () => {
  const judgement = {
    verdict: { allowed: false, retryAfter: 0.2, windows: [{ left: 0, fullAfter: 1, wait: 0.2 }] },
    tier: { name: undefined, promised: [{ capacity: 5 }] },
    who: () => 'ada'
  } as unknown as Judgement
  assert.equal(explain(judgement), 'none of 5 left for ada, the next in 1ms')
})

test('what a rehearsal takes is not charged', async () => {
  const live = new Holdings()
  const holder = live.hold()
  const options = { policy: 'limit', algorithm: 'concurrency', limit: 1, key: 'global', maxKeys: 10 } as never
  const progress = takeProgress(holder, options)
  const fork = live.fork()
  assert.equal((await takePlace(takeProgress(fork, options))({ atOnce: 1 } as Tier, 'a', 1)).verdict!.allowed, true)
  assert.equal(progress.of('a'), 0)
  await fork.release()
  await holder.release()
})

test('of more clients than are counted separately, further ones share one number', async () => {
  const take = takePlace(new Holdings().hold().counts({ kind: 'concurrency', key: '', keys: 2 }))
  const allowed = []
  for (const key of ['a', 'b', 'c', 'd', 'a']) allowed.push((await take({ atOnce: 1 } as Tier, key, 1)).verdict!.allowed)
  assert.deepEqual(allowed, [true, true, true, false, false])
})

test('a policy that only reports says so once a second, and how often since it said so last', async t => {
  const time = { now: 10_000 }
  const { url, logs } = await startGateway(
    t,
    'policies: { limit: { plugin: rate-limiting, limit: 1/h, mode: report } }\nroutes: [{ path: /, respond: {}, policies: [limit] }]',
    { clock: { now: () => time.now, wall: () => Date.now() } }
  )
  for (const now of [10_000, 10_000, 10_500, 10_999, 11_000, 11_001, 12_000]) {
    time.now = now
    assert.equal((await fetch(url)).status, 200)
  }
  assert.deepEqual(logs.filter(({ msg }) => msg === 'rate limit would refuse').map(line => line['count']), [1, 3, 2])
})
