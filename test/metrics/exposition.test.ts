/** Where the metrics are found, and by whom. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { scrape } from './scrape.ts'

const hello = 'routes: [{ path: /*, respond: { status: 200, text: hello } }]'

test('the admin listener responds in the text format, with all instruments before the first request', async t => {
  const { url, admin } = await startGateway(t, 'routes: [{ path: /users/*, target: "http://127.0.0.1:1" }]')
  const metrics = await scrape(admin)
  assert.equal(metrics.contentType, 'text/plain; version=0.0.4; charset=utf-8')
  assert.equal(
    metrics.value('gateway_requests_total', {
      method: 'GET',
      path: '/users/*',
      route: '/users/*',
      service: 'http://127.0.0.1:1',
      status: '200'
    }),
    0
  )
  assert.equal(metrics.value('gateway_requests_in_flight'), 0)
  assert.equal(metrics.value('gateway_active_connections', { backend: 'http://127.0.0.1:1' }), 0)
  assert.match(metrics.text, /# TYPE gateway_request_duration_seconds histogram/)
  assert.match(metrics.text, /# TYPE http_request_duration_seconds histogram/)
  assert.match(metrics.text, /# TYPE process_cpu_seconds_total counter/)
  assert.match(metrics.text, /gateway_build_info\{version="\d[^"]*",node="v\d[^"]*"\} 1/)
  assert.equal((await fetch(`${url}/metrics`)).status, 404)
})

test('no metric has a name twice, and every sample belongs to a type', async t => {
  const { url, admin } = await startGateway(t, hello)
  await fetch(url)
  const { text } = await scrape(admin)
  const types = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name!)
  assert.equal(new Set(types).size, types.length)
  for (const [, name] of text.matchAll(/^([a-z]\w*)/gm)) {
    assert.ok(types.includes(name!) || types.includes(name!.replace(/_(bucket|sum|count)$/, '')), name)
  }
})

test('on the public listener they come before every route and policy, uncounted and unlogged', async t => {
  const { url, admin, logs } = await startGateway(t, `
server: { host: 127.0.0.1, port: 0, policies: [shut] }
metrics: { listener: public, path: /internal/metrics }
policies: { shut: { plugin: ./shut.mjs } }
${hello}`, {
    files: {
      'shut.mjs': `export default async app => {
        app.addHook("onRequest", async () => { throw Object.assign(new Error("no"), { statusCode: 403 }) })
      }`
    }
  })
  assert.equal((await fetch(`${url}/other`)).status, 403)
  await scrape(url, '/internal/metrics')
  const metrics = await scrape(url, '/internal/metrics?x=1')
  assert.deepEqual(metrics.counted('gateway_requests_total').map(key => key.includes('"403"')), [true])
  assert.equal(logs.filter(({ msg }) => msg === 'request completed').length, 1)
  assert.equal((await fetch(`${url}/internal/metrics`, { method: 'POST' })).status, 405)
  assert.equal((await fetch(`${admin}/internal/metrics`)).status, 404)
})

test('switched off, the path belongs to the routes', async t => {
  const { url, admin } = await startGateway(t, `metrics: { enabled: false }\n${hello}`)
  assert.equal((await fetch(`${admin}/metrics`)).status, 404)
  assert.equal(await (await fetch(`${url}/metrics`)).text(), 'hello')
})

test('a plugin has instruments of its own, and fills its gauges when metrics are read', async t => {
  const plugin = `export default async app => {
    const seen = app.metrics.counter({ name: 'gateway_seen_total', help: 'seen', labelNames: ['route'] })
    const looks = app.metrics.gauge({ name: 'gateway_looks', help: 'looks' })
    app.metrics.onScrape(() => looks.inc())
    app.addHook('onRequest', async request => { seen.inc({ route: request.exchange.route.name }) })
  }`
  const { url, admin } = await startGateway(
    t,
    'policies: { seen: { plugin: ./seen.mjs } }\nroutes: [{ path: /a, policies: [seen], respond: { status: 200 } }]',
    { files: { 'seen.mjs': plugin } }
  )
  await fetch(`${url}/a`)
  await scrape(admin)
  const metrics = await scrape(admin)
  assert.equal(metrics.value('gateway_seen_total', { route: '/a' }), 1)
  assert.equal(metrics.value('gateway_looks'), 2)
})

test('a rehearsed request is neither counted nor logged', async t => {
  const { gateway, admin, logs } = await startGateway(t, hello)
  assert.equal((await gateway.explain({ method: 'GET', url: '/a' })).outcome.status, 200)
  const metrics = await scrape(admin)
  assert.deepEqual(metrics.counted('gateway_requests_total'), [])
  assert.equal(metrics.value('gateway_requests_in_flight'), 0)
  assert.deepEqual(logs.filter(({ msg }) => msg === 'request completed'), [])
})
