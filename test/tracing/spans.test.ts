/** What a collector gets to see of a request. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { freePort, startTarget } from '../helpers/target.ts'
import { startCollector, startGrpcCollector } from './collector.ts'

const trace = '0af7651916cd43dd8448eb211c80319c'
const caller = 'b7ad6b7169203331'
const traceparent = `00-${trace}-${caller}-01`

const to = (
  address: string,
  more = ''
): string => `tracing: { endpoint: "${address}", protocol: http/protobuf, sample: 1, batch: { delay: 10ms }${more} }`

test('S1-55 S1-71 S1-72 a request that is retried at a second target is one trace: the caller, the gateway, and both attempts', async t => {
  const collector = await startCollector(t)
  const target = await startTarget(t)
  const dead = `http://127.0.0.1:${await freePort()}`
  const { url } = await startGateway(t, `
${to(collector.address, ', serviceName: door, resource: { team: edge }')}
upstreams: { users: { targets: ["${dead}", "${target.url}"], retry: { attempts: 2 } } }
routes: [{ path: "/users/:id", name: user, upstream: users }]`)
  const response = await fetch(
    `${url}/users/7?token=hunter2`,
    { headers: { traceparent, tracestate: 'vendor=1', 'user-agent': 'test/1', 'x-request-id': 'r-1' } }
  )
  assert.equal(response.status, 200)
  const [server, first, second, ...rest] = await collector.received(3)
  assert.deepEqual(rest, [])

  assert.deepEqual([server!.traceId, first!.traceId, second!.traceId], [trace, trace, trace])
  assert.deepEqual([server!.parentSpanId, first!.parentSpanId, second!.parentSpanId], [caller, server!.spanId, server!.spanId])
  assert.equal(target.hits[0]!.headers['traceparent'], `00-${trace}-${second!.spanId}-01`)
  assert.equal(server!.traceState, 'vendor=1')
  assert.deepEqual([server!.name, first!.name, second!.name], ['GET /users/:id', 'GET', 'GET'])
  assert.deepEqual([server!.kind, first!.kind, second!.kind], [2, 3, 3])
  assert.deepEqual([server!.status.code, first!.status.code, second!.status.code], [0, 2, 0])

  assert.deepEqual(server!.attributes, {
    'http.request.method': 'GET', 'url.path': '/users/7', 'url.scheme': 'http', 'server.address': '127.0.0.1',
    'client.address': '127.0.0.1', 'network.peer.address': '127.0.0.1',
    'network.protocol.version': '1.1', 'http.route': '/users/:id', 'http.response.status_code': 200, 'user_agent.original': 'test/1',
    'onedoor.request_id': 'r-1', 'onedoor.route': 'user', 'onedoor.upstream': 'users'
  })
  assert.deepEqual(
    server!.events,
    [{ name: 'retry', attributes: { 'onedoor.attempt': 2, 'onedoor.reason': 'connection-refused', 'onedoor.target': target.url } }]
  )
  const common = {
    'http.request.method': 'GET',
    'server.address': '127.0.0.1',
    'url.scheme': 'http',
    'peer.service': 'users',
    'onedoor.upstream': 'users'
  }
  assert.deepEqual(first!.attributes, {
    ...common, 'server.port': Number(new URL(dead).port), 'url.full': `${dead}/users/7`, 'onedoor.target': dead,
    'onedoor.attempt': 'first', 'onedoor.outcome': 'failure', 'error.type': 'connection-refused'
  })
  assert.deepEqual(second!.attributes, {
    ...common, 'server.port': target.port, 'url.full': `${target.url}/users/7`, 'onedoor.target': target.url,
    'onedoor.attempt': 'retry', 'onedoor.outcome': 'success',
    'http.request.resend_count': 1, 'http.response.status_code': 200
  })
  assert.ok(server!.start <= first!.start && first!.end <= second!.start && second!.end <= server!.end)
  const { 'service.instance.id': instance, 'service.version': version, ...resource } = server!.resource
  assert.match(String(instance), /^[0-9a-f-]{36}$/)
  assert.match(String(version), /^\d+\.\d+\.\d+$/)
  assert.deepEqual(resource, { 'service.name': 'door', team: 'edge' })
  assert.equal(collector.exports[0]!.path, '/v1/traces')
})

test('S1-57: spans are exported over gRPC, and over HTTP as protobuf or JSON', async t => {
  for (const protocol of ['grpc', 'http/protobuf', 'http/json']) {
    const collector = await (protocol === 'grpc' ? startGrpcCollector(t) : startCollector(t))
    const { url } = await startGateway(t, `
tracing: { endpoint: "${collector.address}", protocol: ${protocol}, sample: 1, headers: { Authorization: Bearer t0ken },
  batch: { delay: 10ms } }
routes: [{ path: /a, respond: { text: a } }]`)
    const id = (await fetch(`${url}/a`)).headers.get('x-request-id')
    const [span] = await collector.received(1)
    assert.deepEqual([span!.name, span!.traceId, span!.attributes['http.route']], ['GET /a', id, '/a'], protocol)
    const { path, headers } = collector.exports[0]!
    assert.equal(headers['authorization'], 'Bearer t0ken')
    assert.deepEqual([path, headers['content-type']], {
      grpc: ['/opentelemetry.proto.collector.trace.v1.TraceService/Export', 'application/grpc'],
      'http/protobuf': ['/v1/traces', 'application/x-protobuf'],
      'http/json': ['/v1/traces', 'application/json']
    }[protocol])
  }
})

test('S1-59, S1-60: every route is traced without being asked, and what has no route too; a route can opt out', async t => {
  const collector = await startCollector(t)
  const target = await startTarget(t)
  const { url } = await startGateway(t, `
${to(collector.address)}
routes: [{ path: /quiet, target: "${target.url}", trace: false }, { path: /a, respond: { status: 200 } }]`)
  await fetch(`${url}/quiet`, { headers: { traceparent } })
  await fetch(`${url}/quiet`)
  await fetch(`${url}/a`)
  await fetch(`${url}/nowhere`)
  const spans = await collector.received(2)
  assert.deepEqual(spans.map(({ name }) => name), ['GET /a', 'GET'])
  assert.deepEqual(
    [spans[1]!.attributes['http.response.status_code'], spans[1]!.attributes['error.type'], spans[1]!.status.code],
    [404, 'not-found', 0]
  )
  // The service hangs on the caller, as if there were no gateway; and has no parent where the trace would begin here.
  assert.equal(target.hits[0]!.headers['traceparent'], traceparent)
  assert.match(String(target.hits[1]!.headers['traceparent']), /-00$/)
})

test('errors are marked as OpenTelemetry wants it: 5xx on the gateway, 4xx too on the attempt', async t => {
  const collector = await startCollector(t)
  const target = await startTarget(t, (request, response) => response.writeHead(Number(request.url!.slice(1))).end())
  const { url } = await startGateway(
    t,
    `${to(collector.address)}\nroutes: [{ path: /dead, target: "http://127.0.0.1:${await freePort()}" }, { path: /*, target: ` +
      `"${target.url}" }]`
  )
  for (const path of ['/404', '/503', '/dead']) await fetch(url + path)
  const spans = await collector.received(7)
  const seen = spans.slice(
    0,
    6
  ).map(({ kind, status, attributes }) => [kind, attributes['http.response.status_code'], status.code, attributes['error.type']])
  assert.deepEqual(seen, [
    [2, 404, 0, undefined], [3, 404, 2, '404'],
    [2, 503, 2, 'upstream-error'], [3, 503, 2, '503'],
    [2, 502, 2, 'connection-refused'], [3, undefined, 2, 'connection-refused']
  ])
  assert.deepEqual(
    spans[4]!.events.slice(-1).map(({ name, attributes }) => [name, attributes['exception.type']]),
    [['exception', 'ECONNREFUSED']]
  )
})

test('unknown methods do not become names of spans', async t => {
  const collector = await startCollector(t)
  const { url } = await startGateway(t, `${to(collector.address)}\nroutes: [{ path: /a, respond: { status: 200 } }]`)
  await fetch(`${url}/a`, { method: 'PROPFIND' })
  const [span] = await collector.received(1)
  assert.match(span!.name, /^HTTP/)
  assert.deepEqual([span!.attributes['http.request.method'], span!.attributes['http.request.method_original']], ['_OTHER', 'PROPFIND'])
})

test('only sampled requests are exported, and explain says which are and why', async t => {
  const collector = await startCollector(t)
  const { url, gateway } = await startGateway(
    t,
    `tracing: { endpoint: "${collector.address}", sample: 0, batch: { delay: 10ms } }\nroutes: [{ path: /*, respond: { status: 200 } }]`
  )
  await fetch(`${url}/a`)
  await fetch(`${url}/b`, { headers: { traceparent: traceparent.replace(/1$/, '0') } })
  await fetch(`${url}/c`, { headers: { traceparent } })
  assert.deepEqual((await collector.received(1)).map(({ attributes }) => attributes['url.path']), ['/c'])
  const verdict = async (headers: Record<string, string>): Promise<unknown> => {
    const { decisions } = await gateway.explain({ method: 'GET', url: '/a', headers })
    const { verdict, why } = decisions.find(({ by }) => by === 'tracing')!
    return [verdict, why]
  }
  assert.deepEqual(await verdict({}), ['not sampled', 'by chance: 0 of the traces begun here are'])
  assert.deepEqual(await verdict({ traceparent }), ['sampled', 'the caller has decided'])
})

test('an attempt that was planned and never sent, because its client has left, is no span', async t => {
  const collector = await startCollector(t)
  const [busy, next] = [await startTarget(t, (_request, response) => response.writeHead(503).end()), await startTarget(t)]
  const gateway = await startGateway(t, `
${to(collector.address)}
upstreams: { users: { targets: ["${busy.url}", "${next.url}"], balance: round-robin,
  retry: { on: [503], backoff: { base: 20s, max: 20s } } } }
routes: [{ path: /*, upstream: users }]`, { random: () => 0.9 })
  const left = new AbortController()
  const asked = assert.rejects(fetch(gateway.url, { signal: left.signal }))
  for (let waiting = 0; waiting === 0;) {
    const [users] = await (await fetch(`${gateway.admin}/upstreams`)).json() as { targets: { active: number }[] }[]
    waiting = users!.targets[1]!.active
  }
  left.abort()
  await asked
  const spans = await collector.received(2)
  assert.deepEqual(spans.map(({ kind, attributes }) => [kind, attributes['onedoor.target']]), [[2, undefined], [3, busy.url]])
  assert.equal(next.hits.length, 0)
})
