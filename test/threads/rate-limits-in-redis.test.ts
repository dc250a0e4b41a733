/** A limit in Redis for a gateway with several threads: to Redis, and while it is away, they are one gateway. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { launchGateway } from '../cli/running.ts'
import { send } from '../helpers/client.ts'
import { startRedis } from '../helpers/redis.ts'

const yaml = (redis: string): string => `server: { host: 127.0.0.1, port: 0, threads: 2 }
admin: { port: 0 }
accessLog: { enabled: false }
policies:
  shared: { plugin: rate-limiting, key: global, limit: 40/h, store: { redis: "${redis}", timeout: 5s, lease: 0s } }
  leased: { plugin: rate-limiting, key: global, limit: 400/h, store: { redis: "${redis}", timeout: 5s, lease: 200ms } }
routes:
  - { path: /, respond: {}, policies: [shared] }
  - { path: /leased, respond: {}, policies: [leased] }
`

/** Sends so many requests, each over a connection of its own, ten at once. Returns how many passed. */
async function passedOf (base: string, count: number, path = '/'): Promise<number> {
  let passed = 0
  for (let sent = 0; sent < count; sent += 10) {
    const answers = await Promise.all(Array.from({ length: 10 }, async () => await send(base, path)))
    passed += answers.filter(({ status }) => status === 200).length
  }
  return passed
}

interface SharedLimit {
  readonly policy: string
  readonly store: { readonly up: boolean, readonly gateways: number }
  readonly limited: readonly { readonly key: string, readonly left: number }[]
}

async function limitOf (admin: string, policy: string): Promise<SharedLimit> {
  return (JSON.parse((await send(admin, '/limits')).text) as SharedLimit[]).find(limit => limit.policy === policy)!
}

test('threads are one gateway to Redis', async t => {
  const redis = await startRedis(t)
  const gateway = await launchGateway(t, yaml(redis.url))
  const { proxy, admin } = gateway

  await t.test('they count as one among the gateways, and pass the limit together', async () => {
    assert.equal(await passedOf(proxy, 20), 20)
    assert.equal((await redis.command('ZCARD', 'onedoor:{gateways}')), 1)
    assert.equal((await limitOf(admin, 'shared')).store.gateways, 1)
  })

  await t.test('what they take in advance is no more than the limit, and whom Redis rejects is shown', async () => {
    const passed = await passedOf(proxy, 500, '/leased')
    assert.ok(passed <= 400, `${passed} passed`)
    // What is taken in advance and not used is lost: a tenth of the limit at most, each time that a thread stands still.
    assert.ok(passed >= 300, `${passed} passed`)
    assert.deepEqual((await limitOf(admin, 'leased')).limited.map(({ key, left }) => [key, left]), [['everybody', 0]])
  })

  await t.test('they have its share together while Redis is away, and say once that it is, and that it is back', async () => {
    await redis.kill()
    await gateway.line('rate limit store does not respond')
    while ((await limitOf(admin, 'shared')).store.up) { /* The control thread has a connection of its own. */ }
    assert.equal(await passedOf(proxy, 40), 20)
    await redis.restart()
    for (let policy = 0; policy < 2; policy++) await gateway.line('rate limit store responds again')
    assert.equal(await passedOf(proxy, 40), 0)
    const told = JSON.parse((await send(admin, '/events')).text) as { readonly type: string }[]
    assert.deepEqual(
      ['limit-store-unavailable', 'limit-store-available'].map(type => told.filter(event => event.type === type).length),
      [2, 2]
    )
  })
})
