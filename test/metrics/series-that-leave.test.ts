import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Registry } from '@prometheus-io/client'
import { Instruments } from '../../plugins/core/metrics/instruments.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'
import { Scrape, scrape } from './scrape.ts'

test('the series of a target leave with it, and those of its upstream stay', async t => {
  let now = 1000
  const [a, b] = [await startTarget(t), await startTarget(t)]
  const yaml = (...targets: string[]): string => `
metrics: { keepDeparted: 1m }
upstreams: { users: { targets: [${targets.join(', ')}], circuitBreaker: {}, healthChecks: { passive: {} } } }
routes: [{ path: /, upstream: users }]`
  const { url, admin, gateway, write } = await startGateway(t, yaml(a.url, b.url), { clock: { now: () => now, wall: () => Date.now() } })
  for (let n = 0; n < 4; n++) await (await fetch(url)).text()
  assert.ok((await scrape(admin)).text.includes(`backend="${b.url}"`))
  write(yaml(a.url))
  assert.equal((await gateway.reload('test')).ok, true)
  await scrape(admin)
  now += 60_000
  const { text } = await scrape(admin)
  assert.deepEqual(text.split('\n').filter(line => line.includes(b.url)), [])
  assert.ok(text.includes(`backend="${a.url}"`))
})

test('the series of a policy are removed with it, also if metrics were never read', async t => {
  let now = 1000
  const yaml = (policies: string): string => `metrics: { keepDeparted: 1m }
policies: { stays: { plugin: rate-limiting, limit: 1/s }, leaves: { plugin: rate-limiting, limit: 1/s } }
routes: [{ path: /, respond: {}, policies: [${policies}] }]`
  const { url, admin, gateway, write } = await startGateway(t, yaml('stays, leaves'), { clock: { now: () => now, wall: () => Date.now() } })
  await fetch(url)
  write(yaml('stays').replace(', leaves: { plugin: rate-limiting, limit: 1/s }', ''))
  assert.equal((await gateway.reload('test')).ok, true)
  assert.ok((await scrape(admin)).text.includes('policy="leaves"'))
  now += 60_000
  const { text } = await scrape(admin)
  assert.ok(!text.includes('policy="leaves"'))
  assert.ok(text.includes('policy="stays"'))
})

test('series of all kinds of instruments leave by their labels', async () => {
  const registry = new Registry()
  const instruments = new Instruments(registry)
  for (const policy of ['stays', 'leaves']) {
    instruments.histogram({ name: 'h', help: 'h', labelNames: ['policy'], buckets: [1, 2] }).observe({ policy }, 1)
    instruments.counter({ name: 'c', help: 'c', labelNames: ['policy'] }).inc({ policy })
    instruments.gauge({ name: 'g', help: 'g', labelNames: ['policy'] }).set({ policy }, 1)
    instruments.seriesCounter('sc', 'sc').at({ policy }).value++
    instruments.seriesHistogram('sh', 'sh', [1]).at({ policy }).observe(1)
  }
  instruments.drop(({ policy }) => policy === 'leaves')
  const text = await registry.metrics()
  assert.ok(!text.includes('leaves'))
  for (const name of ['h_count', 'c', 'g', 'sc', 'sh_count']) assert.equal(new Scrape(text).value(name, { policy: 'stays' }), 1, name)
})
