import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Concurrency, concurrencyCells } from '../../plugins/policies/rate-limiting/concurrency.ts'
import { takeCounts } from '../../plugins/policies/rate-limiting/counts.ts'
import { explain, takePlaces, type Judgement } from '../../plugins/policies/rate-limiting/limiter.ts'
import type { Tier } from '../../plugins/policies/rate-limiting/plan.ts'
import type { GatewayApi } from '../../src/contract/gateway-api.ts'
import type { ReleasableHolder } from '../../src/contract/holder.ts'
import { Holdings } from '../../src/state/holdings.ts'
import { startGateway } from '../helpers/gateway.ts'
import { tableOfCells } from './tables.ts'

test('a place that is taken is none of those left, and is free again when its request is done', async () => {
  const take = takePlaces({ concurrency: new Concurrency(tableOfCells(concurrencyCells, Infinity).table) })
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
  const gateway = (holder: ReleasableHolder): GatewayApi => ({
    clock: { now: () => 0 },
    ...holder,
    holder: holder,
    rehearsal: true
  }) as unknown as GatewayApi
  const counts = takeCounts(gateway(holder), options, [{ rules: [] }])
  const fork = live.fork()
  takeCounts(gateway(fork), options, [{ rules: [] }]).concurrency.enter('a')
  assert.equal(counts.concurrency.active('a'), 0)
  await fork.release()
  await holder.release()
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
