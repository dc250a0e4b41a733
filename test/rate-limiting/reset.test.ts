/** An operator resets keys of a running gateway, with one thread and with several, in memory and in Redis. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startRedis } from '../helpers/redis.ts'

interface Limits { readonly policy: string, readonly limited: readonly { readonly key: string, readonly tier?: string }[] }

/** Talks to an admin listener. */
function operator (admin: string) {
  return {
    limited: async (policy: string) => {
      const all = JSON.parse((await send(admin, '/limits')).text) as Limits[]
      return all.find(one => one.policy === policy)!.limited.map(({ key }) => key)
    },
    reset: async (policy: string, key: string, more: Record<string, string> = {}) => {
      const response = await fetch(`${admin}/limits/reset?${new URLSearchParams({ policy, key, ...more }).toString()}`, { method: 'POST' })
      return [response.status, await response.json() as { reset?: number, detail?: string }] as const
    }
  }
}

for (const threads of [1, 2]) {
  test(`with ${threads} threads a key that /limits shows is reset, one that is secret and long too, and no other`, async t => {
    const { url, admin } = await startGateway(t, `
server: { host: 127.0.0.1, port: 0, threads: ${threads} }
accessLog: { enabled: false }
policies:
  keys: { plugin: rate-limiting, limit: 2/h, key: "header:x-api-key" }
  global: { plugin: rate-limiting, limit: 1/h, key: global }
routes: [{ path: /global, respond: {}, policies: [global] }, { path: /*, respond: {}, policies: [keys] }]
`, { threaded: true })
    const { limited, reset } = operator(admin)
    const ask = async (key: string) => (await send(url, '/', { headers: { 'x-api-key': key } })).status
    const secret = 'a-secret-that-is-longer-than-what-a-row-keeps-of-it'
    for (const status of [200, 200, 429]) assert.equal(await ask(secret), status)
    const [shown] = await limited('keys')
    for (const status of [200, 200, 429]) assert.equal(await ask('another'), status)
    assert.deepEqual(await reset('keys', shown!, { reason: 'ticket 7' }), [200, { policy: 'keys', key: shown, reset: 1 }])
    assert.equal(await ask('another'), 429)
    const [other, ...none] = await limited('keys')
    assert.ok(other !== shown && none.length === 0)
    for (const status of [200, 200, 429]) assert.equal(await ask(secret), status)

    for (const status of [200, 429]) assert.equal((await send(url, '/global')).status, status)
    const rehearsed = async () => {
      const { decisions } = JSON.parse((await send(admin, '/explain?url=/global')).text) as { decisions: { by: string, verdict: string }[] }
      return decisions.find(({ by }) => by === 'global')?.verdict
    }
    assert.equal(await rehearsed(), 'refused')
    assert.equal((await reset('global', 'everybody'))[0], 200)
    assert.equal(await rehearsed(), 'allowed')
    const events = JSON.parse((await send(admin, '/events?type=limit-reset')).text) as Record<string, unknown>[]
    assert.deepEqual(events.map(event => [event['policy'], event['key'], event['by'], event['reason']]), [
      ['keys', shown, '127.0.0.1', 'ticket 7'],
      ['global', 'everybody', '127.0.0.1', undefined]
    ])
  })
}

test('with two threads a key in Redis is reset for all of them, and there', async t => {
  const redis = await startRedis(t)
  const { url, admin } = await startGateway(t, `
server: { host: 127.0.0.1, port: 0, threads: 2 }
accessLog: { enabled: false }
policies: { shared: { plugin: rate-limiting, key: global, limit: 4/h, store: { redis: "${redis.url}", timeout: 5s, lease: 0s } } }
routes: [{ path: /*, respond: {}, policies: [shared] }]
`, { threaded: true })
  const { limited, reset } = operator(admin)
  const passed = async () => {
    const all = await Promise.all(Array.from({ length: 16 }, async () => (await send(url, '/')).status))
    return all.filter(status => status === 200).length
  }
  assert.equal(await passed(), 4)
  assert.deepEqual(await limited('shared'), ['everybody'])
  assert.deepEqual((await reset('shared', 'everybody'))[1], { policy: 'shared', key: 'everybody', reset: 1 })
  assert.deepEqual(await limited('shared'), [])
  assert.equal(await passed(), 4)
  await redis.kill()
  for (;;) {
    const [status, { detail }] = await reset('shared', 'everybody')
    if (status !== 503) continue
    assert.match(detail!, /^the Redis of the policy does not respond/)
    break
  }
})

test('what cannot be reset is refused with words', async t => {
  const { admin } = await startGateway(t, `
policies: { keys: { plugin: rate-limiting, limit: 2/h }, places: { plugin: rate-limiting, limit: 5, algorithm: concurrency } }
routes: [{ path: /*, respond: {}, policies: [keys, places] }]
`)
  const { reset } = operator(admin)
  const complaint = async (...query: Parameters<typeof reset>) => {
    const [status, { detail }] = await reset(...query)
    return [status, detail]
  }
  assert.deepEqual(await complaint('kees', 'x'), [404, 'there is no rate-limiting policy of this name in use; did you mean keys?'])
  assert.deepEqual(await complaint('keys', '10.0.0.1'), [
    404, 'the policy keys counts no such key; GET /limits shows those limited'
  ])
  assert.deepEqual(await complaint('places', '127.0.0.1'), [
    409, 'the policy places counts requests in progress, which cannot be reset: a place is free when a request ends'
  ])
  assert.deepEqual(await complaint('keys', '10.0.0.1', { reason: 'x'.repeat(201) }), [400, '`reason` may have 200 characters'])
  assert.equal((await fetch(`${admin}/limits/reset?policy=keys`, { method: 'POST' })).status, 400)
})
