/** However much there is to count, the number of series has a bound. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StaleSeries } from '../../plugins/core/metrics/stale-series.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'
import { scrape } from './scrape.ts'

test('series beyond the bound are one whose labels say other, and are told of', async t => {
  const target = await startTarget(t, (request, response) => { response.writeHead(Number(request.url!.slice(1))).end() })
  const { url, admin } = await startGateway(t, `metrics: { maxSeries: 10 }\nroutes: [{ path: /*, target: "${target.url}" }]`)
  for (let status = 200; status < 230; status++) await (await fetch(`${url}/${status}`)).text()
  const metrics = await scrape(admin)
  const other = metrics.value('gateway_requests_total', {
    method: 'other',
    path: 'other',
    route: 'other',
    service: 'other',
    status: 'other'
  })!
  const series = metrics.counted('gateway_requests_total')
  // 204 and 205 of the target count as what they are; the first ten statuses have a series each, 200 among them from the start.
  assert.deepEqual([series.length, other], [11, 20])
  assert.ok(metrics.value('gateway_metrics_folded_total', { metric: 'gateway_requests_total' })! >= 20)
  assert.equal(metrics.counted('http_request_duration_seconds_count').length, 11)
})

test('the series of a target, an upstream and a route that left are printed for a while, then gone, and the others stay', async t => {
  let now = 1000
  const [a, b] = [await startTarget(t), await startTarget(t)]
  const yaml = (upstream: string, target: string): string => `
metrics: { keepDeparted: 1m }
upstreams: { ${upstream}: { targets: ["${target}"], circuitBreaker: {}, healthChecks: { passive: {} } } }
routes: [{ path: /${upstream}, upstream: ${upstream} }, { path: /stays, respond: {} }]`
  const { url, admin, gateway, write } = await startGateway(t, yaml('before', a.url), { clock: { now: () => now, wall: () => Date.now() } })
  await (await fetch(`${url}/before`)).text()
  await (await fetch(`${url}/stays`)).text()
  write(yaml('new', b.url))
  assert.equal((await gateway.reload('test')).ok, true)
  await (await fetch(`${url}/new`)).text()
  const leftover = (text: string): string[] => text.split('\n').filter(line => new RegExp(`"(${a.url}|before|/before)"`).test(line))
  assert.notDeepEqual(leftover((await scrape(admin)).text), [])
  now += 59_000
  assert.notDeepEqual(leftover((await scrape(admin)).text), [])
  now += 2000
  const metrics = await scrape(admin)
  assert.deepEqual(leftover(metrics.text), [])
  assert.equal(
    metrics.value('gateway_requests_total', { method: 'GET', path: '/stays', route: '/stays', service: '(none)', status: '200' }),
    1
  )
  assert.equal(
    metrics.value('gateway_upstream_attempts_total', { upstream: 'new', target: b.url, outcome: 'success', reason: '(none)' }),
    1
  )
})

test('who comes back in time keeps its numbers', async t => {
  let now = 1000
  const target = await startTarget(t)
  const yaml = (route: string): string => `routes: [{ path: /${route}, target: "${target.url}" }]`
  const { url, admin, gateway, write } = await startGateway(t, yaml('a'), { clock: { now: () => now, wall: () => Date.now() } })
  await (await fetch(`${url}/a`)).text()
  for (const route of ['b', 'a']) {
    write(yaml(route))
    await gateway.reload('test')
    await scrape(admin)
    now += 300_000
  }
  await (await fetch(`${url}/a`)).text()
  now += 600_000
  assert.equal(
    (await scrape(admin)).value('gateway_requests_total', { method: 'GET', path: '/a', route: '/a', service: target.url, status: '200' }),
    2
  )
})

test('names that left are forgotten, so that a name that comes again can leave again', () => {
  const departed = new StaleSeries(2)
  departed.join('a')
  assert.deepEqual([...departed.expire(new Set(['b']), 0, 10)], [])
  departed.join('beyond')
  assert.deepEqual([...departed.expire(new Set(['b']), 9, 10)], [])
  assert.deepEqual([...departed.expire(new Set(['b']), 10, 10)], ['a'])
  assert.deepEqual([...departed.expire(new Set(['b']), 30, 10)], [])
  departed.join('a')
  assert.deepEqual([...departed.expire(new Set(['b']), 40, 10)], [])
  assert.deepEqual([...departed.expire(new Set(['b']), 50, 10)], ['a'])
})
