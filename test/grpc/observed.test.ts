/** What operators see of calls: metrics by method and status, the status in the log, attributes of spans, and `explain`. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { loadConfig } from '../../src/config/load.ts'
import { rootPlugins } from '../../src/gateway/app.ts'
import { writeFrame } from '../../src/http/grpc/frames.ts'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { scrape } from '../metrics/scrape.ts'
import { startCollector } from '../tracing/collector.ts'
import { startService } from './service.ts'

test('calls are counted by service, method and status, logged with their status, and spans have it too', async t => {
  const service = await startService(t)
  const collector = await startCollector(t)
  const gateway = await startGateway(t, `
tracing: { endpoint: "${collector.address}", protocol: http/protobuf, sample: 1, batch: { delay: 10ms } }
upstreams: { orders: { targets: ['${service.url}'], protocol: h2c } }
policies: { login: { plugin: jwt-auth, secret: a-secret-of-thirty-two-characters, algorithms: [HS256] } }
routes:
  - { name: orders, grpc: shop.Orders/*, upstream: orders }
  - { grpc: shop.Orders/Sum, upstream: orders, policies: [login] }
`)
  const call = async (method: string, message: Buffer): Promise<void> => {
    await send(gateway.url, `/shop.Orders/${method}`, {
      method: 'POST', headers: { 'content-type': 'application/grpc-web+proto' }, body: writeFrame(message)
    })
  }
  await call('Echo', Buffer.from('x'))
  await call('Fail', Buffer.from([14]))
  await call('Nonsense', Buffer.from('x'))
  await call('Sum', Buffer.from('x'))
  const labels = (route: string, method: string, status: string, of = 'shop.Orders'): Record<string, string> =>
    ({ route, service: 'orders', grpc_service: of, grpc_method: method, grpc_status: status })
  const line = await gateway.logged(({ path }) => path === '/shop.Orders/Sum')
  assert.deepEqual([line['status'], line['grpcStatus'], line['code']], [200, 'UNAUTHENTICATED', 'missing-token'])
  const failed = await gateway.logged(({ path }) => path === '/shop.Orders/Fail')
  assert.deepEqual([failed['grpcStatus'], failed['code'], failed['fault']], ['UNAVAILABLE', 'upstream-error', 'upstream'])
  const metrics = await scrape(gateway.admin)
  for (const series of [
    labels('orders', 'Echo', 'OK'),
    labels('orders', 'Fail', 'UNAVAILABLE'),
    labels('orders', '(other)', 'UNIMPLEMENTED', '(other)'),
    labels('shop.Orders/Sum', 'Sum', 'UNAUTHENTICATED')
  ]) assert.equal(metrics.value('gateway_grpc_calls_total', series), 1, JSON.stringify(series))

  const spans = await collector.received(7)
  const server = spans.find(({ name, attributes }) => name.startsWith('POST /') && attributes['rpc.method'] === 'Fail')!
  const rpc = { 'rpc.system': 'grpc', 'rpc.service': 'shop.Orders', 'rpc.method': 'Fail', 'rpc.grpc.status_code': 14 }
  for (const span of [server, spans.find(({ parentSpanId }) => parentSpanId === server.spanId)!]) {
    assert.deepEqual({ ...span.attributes, ...rpc }, span.attributes)
    assert.equal(span.status.code, 2)
  }
})

test('explain says which route a call gets, and what its target is told of the deadline', async t => {
  const gateway = await startGateway(t, `
upstreams: { orders: { targets: ['http://127.0.0.1:1'] } }
routes:
  - { name: one, grpc: shop.Orders/Get, upstream: orders }
  - { name: all, grpc: shop.Orders/*, upstream: orders }
  - { name: rest, path: /*, upstream: orders }
`)
  const chosen = async (url: string, contentType: string): Promise<string | undefined> => {
    const { route } = await gateway.gateway.explain({ method: 'POST', url, headers: { 'content-type': contentType } })
    return route
  }
  assert.equal(await chosen('/shop.Orders/Get', 'application/grpc'), 'one')
  assert.equal(await chosen('/shop.Orders/List', 'application/grpc-web+proto'), 'all')
  assert.equal(await chosen('/shop.Orders/Get', 'application/json'), 'rest')
  const { outcome } = await gateway.gateway.explain({
    method: 'POST', url: '/shop.Orders/Get', headers: { 'content-type': 'application/grpc', 'grpc-timeout': '2S' }
  })
  const fields = outcome.forwards!.headers
  assert.equal(fields[fields.indexOf('grpc-timeout') + 1], '2000000u')
})

test('what a route with grpc stands for cannot stand beside it, and routes that are the same are warned of', async () => {
  const problems = async (...routes: string[]): Promise<string[]> => {
    const content = `upstreams: { up: { targets: ['http://127.0.0.1:1'] } }
routes: [${routes.map(route => `{ ${route}, upstream: up }`).join()}]`
    const refused = (error: unknown): ConfigRefused['problems'] => {
      if (error instanceof ConfigRefused) return error.problems
      throw error
    }
    const found = await loadConfig({ content, folder: '.' }, { env: {}, rootPlugins }).then(({ warnings }) => warnings, refused)
    return found.map(({ pointer, message }) => `${pointer} ${message}`)
  }
  assert.deepEqual(await problems('grpc: shop.Orders/*, path: /x, methods: [GET], headers: { Content-Type: a }'), [
    '/routes/0/path "grpc" already stands for "path"',
    '/routes/0/methods "grpc" already stands for "methods"',
    '/routes/0/headers/Content-Type "grpc" already stands for a condition on Content-Type'
  ])
  assert.deepEqual(await problems('grpc: shop.Orders'), [
    '/routes/0/grpc expected package.Service/Method, package.Service/*, package.* or *, got "shop.Orders"'
  ])
  assert.deepEqual(await problems('policies: []'), ['/routes/0 missing key "path"'])
  assert.match((await problems('grpc: a.B/*', 'grpc: a.B/*')).join(), /a\.B\/\* is the same as a\.B\/\* \(route 1\)/)
})
