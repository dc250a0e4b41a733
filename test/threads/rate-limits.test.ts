/** Limits of a gateway with four threads, over real connections: what passes is what one thread would let through. */

import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { test } from 'node:test'
import { launchGateway } from '../cli/running.ts'
import { send } from '../helpers/client.ts'
import { startTarget } from '../helpers/target.ts'

const threads = 4

/** Tells client and target which thread has a request. A thread that is asked to end does, with all that it has. */
const plugin = `export default async function who (app) {
  const { number } = app.gateway.threads
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-thread', number)
    request.exchange.fields.set('x-thread', String(number))
    if (request.query.end === String(number)) process.exit(1)
  })
}`

const yaml = (target: string, headers: string): string => `server: { host: 127.0.0.1, port: 0, threads: ${threads} }
admin: { port: 0 }
accessLog: { enabled: false }
policies:
  who: { plugin: ./who.mjs }
  bucket: { plugin: rate-limiting, key: global, limit: 150/d, headers: ${headers} }
  sliding: { plugin: rate-limiting, key: global, limit: [90/h, 100/d], algorithm: sliding-window, headers: ${headers} }
  fixed: { plugin: rate-limiting, key: "query:id", limit: 6/h, algorithm: fixed-window, headers: ${headers} }
  places: { plugin: rate-limiting, key: global, limit: 5, algorithm: concurrency, headers: ${headers} }
routes:
  - { path: /, respond: {}, policies: [who] }
  - { path: /bucket, respond: {}, policies: [who, bucket] }
  - { path: /sliding, respond: {}, policies: [who, sliding] }
  - { path: /fixed, respond: {}, policies: [who, fixed] }
  - { path: /held, target: ${target}, policies: [who, places] }
`

/** Sends so many requests, each over a connection of its own, some at once. Returns how many passed, and the threads that answered. */
async function sendMany (base: string, count: number, path: (index: number) => string): Promise<{ passed: number, by: Set<string> }> {
  const by = new Set<string>()
  let passed = 0
  let sent = 0
  const one = async (): Promise<void> => {
    while (sent < count) {
      const { status, headers } = await send(base, path(sent++))
      by.add(String(headers['x-thread']))
      if (status === 200) passed++
      else assert.equal(status, 429)
    }
  }
  await Promise.all(Array.from({ length: 20 }, one))
  return { passed, by }
}

/** How often each status came. */
function tally (statuses: readonly number[]): Record<number, number> {
  return Object.fromEntries([...Map.groupBy(statuses, status => status)].map(([status, all]) => [status, all.length]))
}

interface Limits {
  readonly policy: string
  readonly keys: number
  readonly limited: readonly { readonly key: string, readonly left: number }[]
}

async function limitsOf (admin: string, policy: string): Promise<Limits> {
  const all = JSON.parse((await send(admin, '/limits')).text) as Limits[]
  return all.find(limit => limit.policy === policy)!
}

test('S2-012 a limit of four threads holds over a reload and the death of a thread, and places of the dead are free again', async t => {
  const held: { readonly request: IncomingMessage, readonly response: ServerResponse }[] = []
  let changed: (() => void) | undefined
  const target = await startTarget(t, (request, response) => {
    held.push({ request, response })
    changed?.()
  })
  const gateway = await launchGateway(t, yaml(target.url, 'draft'), { 'who.mjs': plugin })
  const { proxy, admin } = gateway

  /** Ends a thread, and waits until another one is in its place. */
  const kill = async (thread: string): Promise<void> => {
    let killed = false
    while (!killed) {
      killed = await send(proxy, `/?end=${thread}`).then(({ headers }) => headers['x-thread'] === thread, () => true)
    }
    await gateway.line('a thread was replaced')
  }

  /** Sends fifteen requests, and waits until so many of them are held and all others refused. */
  const sendHeld = async (entering: number): Promise<{ readonly statuses: Promise<number[]> }> => {
    const before = held.length
    let answered = 0
    const statuses = Promise.all(Array.from({ length: 15 }, async () => {
      const status = await send(proxy, '/held').then(answer => answer.status, () => 0)
      answered++
      changed?.()
      return status
    }))
    while (held.length < before + entering || answered < 15 - entering) await new Promise<void>(resolve => { changed = resolve })
    return { statuses }
  }

  await t.test('requests over many connections reach all threads, and together pass as often as the limit says', async () => {
    const { passed, by } = await sendMany(proxy, 100, () => '/bucket')
    assert.equal(passed, 100)
    assert.equal(by.size, threads)
    assert.equal((await sendMany(proxy, 120, () => '/sliding')).passed, 90)
    assert.equal((await sendMany(proxy, 200, index => `/fixed?id=${index % 20}`)).passed, 120)
  })

  await t.test('during and behind a reload', async () => {
    const during = sendMany(proxy, 30, () => '/bucket')
    gateway.rewrite(yaml(target.url, 'none'))
    await gateway.line('configuration reloaded')
    assert.equal((await during).passed, 30)
    assert.equal((await sendMany(proxy, 5, () => '/bucket')).passed, 5)
    assert.equal((await sendMany(proxy, 20, () => '/sliding')).passed, 0)
  })

  await t.test('behind the death of a thread', async () => {
    await kill('2')
    assert.equal((await sendMany(proxy, 60, () => '/bucket')).passed, 15)
    assert.equal((await sendMany(proxy, 40, index => `/fixed?id=${index % 20}`)).passed, 0)
  })

  await t.test('the admin listener shows who is limited by all threads, and each limit said once that it was reached', async () => {
    const bucket = await limitsOf(admin, 'bucket')
    assert.deepEqual([bucket.keys, bucket.limited.map(({ key, left }) => [key, left])], [1, [['everybody', 0]]])
    const fixed = await limitsOf(admin, 'fixed')
    assert.deepEqual([fixed.keys, fixed.limited.length], [20, 20])
    const events = JSON.parse((await send(admin, '/events')).text) as { readonly type: string, readonly policy?: string }[]
    const reached = events.filter(({ type }) => type === 'limit-reached').map(({ policy }) => policy)
    assert.deepEqual(reached, ['sliding', 'fixed', 'bucket'])
  })

  await t.test('concurrent requests are counted by all threads, and those of a dead one no more', async () => {
    const first = await sendHeld(5)
    const dying = String(held[0]!.request.headers['x-thread'])
    const lost = held.filter(({ request }) => request.headers['x-thread'] === dying).length
    await kill(dying)
    const second = await sendHeld(lost)
    for (const { response } of held) response.end()
    assert.deepEqual(tally(await first.statuses), { 429: 10, ...lost < 5 ? { 200: 5 - lost } : {}, 0: lost })
    assert.deepEqual(tally(await second.statuses), { 429: 15 - lost, 200: lost })
    // A client may have its response a moment before its place is free.
    while ((await limitsOf(admin, 'places')).keys > 0);
  })
})
