/** The metrics of a gateway with threads: one page, whoever served. */

import assert from 'node:assert/strict'
import { Agent, get } from 'node:http'
import { test, type TestContext } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { createLogger } from '../../src/logging/log.ts'
import { memoryLog } from '../../src/testing/memory-log.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'
import { Scrape, scrape } from '../metrics/scrape.ts'

/** Counts in every thread, says which one served, and ends the thread on demand. */
const plugin = `export default async app => {
  const { number } = app.gateway.threads
  const seen = app.metrics.counter({ name: 'mine_seen_total', help: 'seen', labelNames: ['route'] })
  const sizes = app.metrics.histogram({ name: 'mine_size', help: 'size', labelNames: ['route'], buckets: [1, 10] })
  const last = app.metrics.gauge({ name: 'mine_last', help: 'last', aggregator: 'max' })
  app.addHook('onRequest', async (request, reply) => {
    const route = request.exchange.route.name
    reply.header('x-thread', number)
    seen.inc({ route })
    sizes.observe({ route }, 5)
    last.set(number)
    if (request.headers['x-die'] !== undefined) process.exit(7)
  })
}`

const yaml = (target: string, route = '/users', listener = 'admin'): string => `
server: { host: 127.0.0.1, port: 0, threads: 2 }
logging: { level: fatal }
metrics: { keepDeparted: 1ms, listener: ${listener} }
policies: { mine: { plugin: ./mine.mjs } }
upstreams: { users: { targets: ["${target}"] } }
routes:
  - { path: ${route}, upstream: users, policies: [mine] }
  - { path: /stays, respond: { text: ok }, policies: [mine] }
`

/** Sends requests, each over a connection of its own, until every thread has served one. Returns how many each has served. */
async function serveByAll (url: string, least: number): Promise<Map<string, number>> {
  const served = new Map<string, number>()
  for (let sent = 0; sent < least || served.size < 2; sent++) {
    const thread = await threadOf(url)
    served.set(thread, (served.get(thread) ?? 0) + 1)
  }
  return served
}

/** Resolves with the thread that has served a request. Rejects when the connection breaks. */
async function threadOf (url: string, headers: Record<string, string> = {}): Promise<string> {
  return await new Promise((resolve, reject) => {
    get(url, { agent: new Agent(), headers }, response => {
      response.resume().on('end', () => resolve(String(response.headers['x-thread']))).on('error', reject)
    }).on('error', reject)
  })
}

/** How many requests have been counted, each as the last thing that is done for it. */
function servedIn (page: Scrape): number {
  return ['1', '2'].reduce((sum, thread) => sum + (page.value('gateway_thread_requests_total', { thread }) ?? 0), 0)
}

function restarts (page: Scrape): number[] {
  return ['1', '2'].map(thread => page.value('gateway_thread_restarts_total', { thread })!)
}

const sum = (served: Map<string, number>): number => [...served.values()].reduce((all, number) => all + number, 0)

/** Scrapes until the page fits, and then once more: threads go on counting while a page is printed. */
async function scrapeUntil (admin: string, fits: (page: Scrape) => boolean): Promise<Scrape> {
  while (!fits(await scrape(admin))) await setTimeout(20)
  return await scrape(admin)
}

async function start (t: TestContext): Promise<TestGateway & { readonly target: string }> {
  const target = await startTarget(t)
  // Threads that join later have the level of the control thread.
  const logger = createLogger({ level: 'fatal', format: 'json' }, memoryLog().stream)
  const gateway = await startGateway(t, yaml(target.url), { threaded: true, logger, files: { 'mine.mjs': plugin } })
  return { ...gateway, target: target.url }
}

test('a gateway with threads has one page of metrics', async t => {
  const { url, admin, gateway, write, target } = await start(t)
  const users = { method: 'GET', path: '/users', route: '/users', service: 'users', status: '200' }
  const requests = (page: Scrape): number | undefined => page.value('gateway_requests_total', users)
  let sent = 0

  await t.test('sums are what was sent, whoever counts: the gateway, at the target, a plugin', async () => {
    const served = await serveByAll(`${url}/users`, 20)
    sent += sum(served)
    const page = await scrapeUntil(admin, page => servedIn(page) >= sent)
    assert.equal(requests(page), sent)
    assert.equal(page.value('gateway_request_duration_seconds_count', { method: 'GET', path: '/users', service: 'users' }), sent)
    const attempts = { upstream: 'users', target, outcome: 'success', reason: '(none)' }
    assert.equal(page.value('gateway_upstream_attempts_total', attempts), sent)
    assert.equal(page.value('mine_seen_total', { route: '/users' }), sent)
    assert.equal(page.value('mine_size_count', { route: '/users' }), sent)
    assert.equal(page.value('mine_size_sum', { route: '/users' }), 5 * sent)
    assert.equal(page.value('mine_last'), 2)
    for (const [thread, number] of served) assert.equal(page.value('gateway_thread_requests_total', { thread }), number)
  })

  await t.test('every thread has its figures, and the control thread too', async () => {
    const page = await scrapeUntil(admin, page => ['1', '2', 'control'].every(thread =>
      page.value('gateway_thread_heap_bytes', { thread, kind: 'used' })! > 1_000_000))
    for (const thread of ['1', '2', 'control']) {
      for (const percentile of ['50', '99', '100']) {
        assert.ok(page.value('gateway_thread_event_loop_delay_seconds', { thread, percentile })! >= 0)
      }
      const utilization = page.value('gateway_thread_event_loop_utilization', { thread })!
      assert.ok(utilization >= 0 && utilization <= 1)
      assert.ok(page.value('gateway_thread_external_memory_bytes', { thread })! > 0)
    }
    assert.equal(page.value('gateway_threads', { state: 'serving' }), 2)
    assert.ok(page.value('gateway_thread_connections_spread_ratio')! >= 1)
    for (const thread of ['1', '2']) assert.notEqual(page.value('gateway_thread_connections', { thread }), undefined)
    assert.ok(page.value('process_resident_memory_bytes')! > 0)
    assert.equal(page.value('gateway_build_info', { version: gatewayVersion(page), node: process.version }), 1)
  })

  await t.test('counters do not go back when a thread dies, and go on with the one that replaces it', async () => {
    const before = requests(await scrape(admin))!
    await assert.rejects(threadOf(`${url}/users`, { 'x-die': '1' }))
    // Its own policy has seen the request that ended it.
    const page = await scrape(admin)
    assert.equal(requests(page), before)
    assert.equal(page.value('mine_seen_total', { route: '/users' }), before + 1)
    await scrapeUntil(admin, page => restarts(page).includes(1))
    sent += sum(await serveByAll(`${url}/users`, 20))
    const after = await scrapeUntil(admin, page => servedIn(page) >= sent)
    assert.equal(requests(after), sent)
    assert.equal(after.value('mine_seen_total', { route: '/users' }), sent + 1)
    assert.deepEqual(restarts(after).toSorted((one, other) => one - other), [0, 1])
  })

  await t.test('series of what a reload has taken away leave in all threads, the others stay', async () => {
    sent += sum(await serveByAll(`${url}/stays`, 10))
    write(yaml(target, '/others'))
    assert.equal((await gateway.reload('test')).ok, true)
    const page = await scrapeUntil(admin, page => requests(page) === undefined)
    assert.ok(page.value('mine_seen_total', { route: '/stays' })! >= 10)
    // Comes back, and begins at 0 in all threads.
    write(yaml(target))
    assert.equal((await gateway.reload('test')).ok, true)
    const again = sum(await serveByAll(`${url}/users`, 10))
    sent += again
    assert.equal(requests(await scrapeUntil(admin, page => servedIn(page) >= sent)), again)
  })

  await t.test('on the public listener every thread gives the same page', async () => {
    write(yaml(target, '/users', 'public'))
    assert.equal((await gateway.reload('test')).ok, true)
    for (let times = 0; times < 10; times++) {
      const answer = await fetch(`${url}/metrics`, { headers: { connection: 'close' } })
      assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
      assert.equal(servedIn(new Scrape(await answer.text())), sent)
    }
    assert.equal((await fetch(`${admin}/metrics`)).status, 404)
  })
})

/** The label that says which version runs. */
function gatewayVersion ({ text }: Scrape): string {
  return /gateway_build_info\{version="([^"]+)"/.exec(text)![1]!
}
