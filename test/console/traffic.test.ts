/** `GET /traffic` of a running gateway, with one thread and with two. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'
import { scrape } from '../metrics/scrape.ts'
import type { TrafficReport } from '../../plugins/core/console/traffic-sampler.ts'

const yaml = (targets: readonly string[], threads: number): string => `
server: { host: 127.0.0.1, port: 0, threads: ${threads} }
logging: { level: fatal }
policies: { few: { plugin: rate-limiting, limit: 1/h, burst: 2 } }
upstreams:
  orders:
    targets: [${targets.map(url => `"${url}"`).join(', ')}]
    circuitBreaker: { failures: 1 }
routes:
  - { name: orders, path: /orders, upstream: orders }
  - { name: few, path: /few, respond: { text: ok }, policies: [few] }
`

async function traffic (admin: string, query = ''): Promise<TrafficReport> {
  return await (await fetch(`${admin}/traffic${query}`)).json() as TrafficReport
}

/** Asks until the report fits: the gateway looks at its figures once a second. */
async function lookUntil (admin: string, fits: (report: TrafficReport) => boolean): Promise<TrafficReport> {
  for (;;) {
    const report = await traffic(admin)
    if (fits(report)) return report
    await setTimeout(20)
  }
}

for (const threads of [1, 2]) {
  test(`the traffic of ${threads === 1 ? 'one thread' : 'two threads'} is what was sent, and what is wrong stands in words`, async t => {
    const target = await startTarget(t, (request, response) => {
      response.statusCode = request.headers['x-status'] === undefined ? 200 : Number(request.headers['x-status'])
      response.end()
    })
    const dead = await startTarget(t)
    await dead.close()
    const { url, admin, gateway, write } = await startGateway(t, yaml([target.url, dead.url], threads), {
      threaded: threads > 1,
      files: { 'broken.mjs': 'export default async () => { throw new Error("broken") }' }
    })

    const first = await traffic(admin)
    assert.deepEqual([first.totals, first.routes['orders']!.rate, first.routes['orders']!.total.requests], [[], 0, 0])
    assert.deepEqual([first.problems, first.threads.length], [[], threads === 1 ? 0 : threads])

    for (let times = 0; times < 8; times++) await send(url, '/orders')
    for (let times = 0; times < 3; times++) await send(url, '/orders', { headers: { 'x-status': '500' } })
    for (let times = 0; times < 5; times++) await send(url, '/few')
    await send(url, '/nowhere')
    const report = await lookUntil(admin, ({ routes: { orders, few, '(none)': none }, totals }) => (
      orders!.total.requests === 11 && few!.total.requests === 5 && none!.total.requests === 1 && totals.at(-1)!.inFlight === 0
    ))
    const { orders, few, '(none)': none } = report.routes

    assert.equal(orders!.total.requests, 11)
    assert.ok(orders!.rate > 0 && orders!.p95! > 0 && orders!.lastRequest! <= report.now)
    assert.ok(orders!.errors.upstream > 0, 'responses with a status of 500 are errors of the upstream')
    assert.deepEqual(few!.total, { requests: 5, errors: 3, limited: 3, refused: 0 })
    assert.equal(none!.total.requests, 1)
    assert.deepEqual([report.policies['few']!.total.limited, report.policies['few']!.limited > 0], [3, true])
    const last = report.totals.at(-1)!
    assert.ok(last.memory > 1e6 && last.loopDelay! >= 0)
    assert.ok(report.totals.some(second => second.requests > 0 && second.errors.client > 0 && second.p99! > 0))

    const page = await scrape(admin)
    const targets = report.upstreams['orders']!
    const attempts = (outcome: string, reason: string, at: string): number => (
      page.value('gateway_upstream_attempts_total', { upstream: 'orders', target: at, outcome, reason }) ?? 0
    )
    assert.equal(targets[target.url]!.total.errors, attempts('failure', 'upstream-error', target.url))
    assert.equal(targets[dead.url]!.total.attempts, attempts('failure', 'connection-refused', dead.url))
    assert.ok(Math.abs(targets[target.url]!.share! + targets[dead.url]!.share! - 1) < 0.01)

    const [worst] = report.problems
    assert.match(worst!.text, /^orders: \d of 2 targets open; /)
    assert.match(report.problems.map(({ text }) => text).join('\n'), /breaker of :\d+ opened \d+ s ago after .+; next try in \d+ s/)
    assert.match(report.problems.map(({ text }) => text).join('\n'), /^few rejects [\d.]+ requests\/s$/m)

    assert.deepEqual((await traffic(admin, `?since=${last.second}`)).totals.filter(({ second }) => second <= last.second), [])
    assert.equal((await fetch(`${admin}/traffic?since=soon`)).status, 400)

    write(`plugins: [{ plugin: ./broken.mjs }]${yaml([target.url], threads)}`)
    assert.equal((await gateway.reload('test')).ok, false)
    assert.match((await traffic(admin)).problems.map(({ text }) => text).join('\n'), /the last configuration was refused \d+ s ago: /)
    write(yaml([target.url], threads).replace('name: few', 'name: some'))
    assert.equal((await gateway.reload('test')).ok, true)
    const after = await traffic(admin)
    assert.deepEqual(after.marks.map(({ type, generation }) => [type, generation]), [['started', 1], ['refused', 1], ['reloaded', 2]])
    await fetch(`${admin}/reload`, { method: 'POST' })
    const { trigger, by } = (await traffic(admin)).marks.at(-1)!
    assert.deepEqual([trigger, by], ['admin', '127.0.0.1'])
    const { routes, totals } = await lookUntil(admin, ({ routes }) => routes['some'] !== undefined)
    assert.deepEqual(Object.keys(routes), ['orders', 'some', '(none)'])
    assert.ok(totals.length >= report.totals.length, 'a reload keeps the seconds')
  })
}
