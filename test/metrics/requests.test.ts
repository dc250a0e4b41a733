/** What is counted about requests. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { exchangeBytes, open } from '../helpers/raw.ts'
import { startTarget } from '../helpers/target.ts'
import { scrape } from './scrape.ts'

function errorLabels (code: string, fault: string, route = '(none)', upstream = '(none)', policy = '(none)'): Record<string, string> {
  return { code, fault, route, upstream, policy }
}

test('a request is counted once under its method, pattern, service and status', async t => {
  const target = await startTarget(t)
  const { url, admin } = await startGateway(
    t,
    `upstreams: { users: { targets: ["${target.url}"] } }\nroutes: [{ path: "/users/:id", name: user, upstream: users }]`
  )
  for (const id of ['1', '2', 'anything']) await (await fetch(`${url}/users/${id}?q=${id}`)).text()
  await fetch(`${url}/users/1`, { method: 'HEAD' })
  const metrics = await scrape(admin)
  const labels = { path: '/users/:id', route: 'user', service: 'users', status: '200' }
  assert.equal(metrics.value('gateway_requests_total', { ...labels, method: 'GET' }), 3)
  assert.equal(metrics.value('gateway_requests_total', { ...labels, method: 'HEAD' }), 1)
  assert.equal(metrics.value('gateway_request_duration_seconds_count', { method: 'GET', path: '/users/:id', service: 'users' }), 3)
  assert.equal(metrics.value('http_request_duration_seconds_count', { method: 'GET', route: 'user', status_code: '200' }), 3)
  assert.equal(metrics.value('http_request_duration_seconds_count', { method: 'HEAD', route: 'user', status_code: '200' }), 1)
})

test('durations have the buckets .005 .01 .025 .05 .1 .25 .5 1 2.5 5 10', async t => {
  const { url, admin } = await startGateway(t, 'routes: [{ path: /a, respond: { status: 200 } }]')
  await fetch(`${url}/a`)
  const { text } = await scrape(admin)
  const buckets = [...text.matchAll(/^gateway_request_duration_seconds_bucket\{.*le="([^"]+)"/gm)].map(([, le]) => le)
  assert.deepEqual(buckets, ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '+Inf'])
})

test('whatever strangers ask for makes one series', async t => {
  const { url, admin } = await startGateway(t, 'routes: [{ path: /a, respond: { status: 200 } }]')
  for (let index = 0; index < 30; index++) await fetch(`${url}/${index}`)
  const metrics = await scrape(admin)
  assert.equal(
    metrics.value('gateway_requests_total', { method: 'GET', path: '(none)', route: '(none)', service: '(none)', status: '404' }),
    30
  )
  assert.equal(metrics.counted('gateway_requests_total').length, 1)
  assert.equal(metrics.value('gateway_errors_total', errorLabels('not-found', 'client')), 30)
  assert.equal(metrics.value('http_request_duration_seconds_count', { method: 'GET', route: '(none)', status_code: '404' }), 30)
})

test('unknown methods count as one', async t => {
  const { url, admin } = await startGateway(t, 'routes: [{ path: /a, respond: { status: 200 } }]')
  for (const method of ['PURGE', 'MKCOL']) await exchangeBytes(t, url, `${method} /b HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`)
  const { text } = await scrape(admin)
  assert.match(text, /gateway_requests_total\{method="OTHER",.*\} 2/)
  assert.doesNotMatch(text, /gateway_\w+\{.*(PURGE|MKCOL)/)
})

test('a refused request counts for the route it asked for', async t => {
  const { url, admin } = await startGateway(t, `
policies: { shut: { plugin: ./shut.mjs } }
routes: [{ path: /a, policies: [shut], target: "http://127.0.0.1:1" }]`, {
    files: {
      'shut.mjs': `export default async app => {
        app.addHook("onRequest", async () => { throw Object.assign(new Error("no"), { statusCode: 401 }) })
      }`
    }
  })
  await fetch(`${url}/a`)
  const labels = { method: 'GET', path: '/a', route: '/a', service: 'http://127.0.0.1:1', status: '401' }
  assert.equal((await scrape(admin)).value('gateway_requests_total', labels), 1)
})

test('requests in flight and attempts under way are counted while they last', async t => {
  const waiting: (() => void)[] = []
  const both = Promise.withResolvers<void>()
  const target = await startTarget(t, (_request, response) => {
    if (waiting.push(() => response.end('done')) === 2) both.resolve()
  })
  const { url, admin } = await startGateway(t, `routes: [{ path: /*, target: "${target.url}" }]`)
  const answers = [fetch(`${url}/1`), fetch(`${url}/2`)]
  await both.promise
  const during = await scrape(admin)
  assert.equal(during.value('gateway_requests_in_flight'), 2)
  assert.equal(during.value('gateway_active_connections', { backend: target.url }), 2)
  for (const finish of waiting) finish()
  for (const answer of await Promise.all(answers)) await answer.text()
  const after = await scrape(admin)
  assert.equal(after.value('gateway_requests_in_flight'), 0)
  assert.equal(after.value('gateway_active_connections', { backend: target.url }), 0)
})

test('a client that leaves before its response is a 499, counted once', async t => {
  const target = await startTarget(t, () => {})
  const { url, admin, logged } = await startGateway(t, `routes: [{ path: /slow, target: "${target.url}" }]`)
  const socket = await open(t, url)
  socket.write('GET /slow HTTP/1.1\r\nhost: a\r\n\r\n')
  await once(target.server, 'request')
  socket.destroy()
  await logged(({ msg }) => msg === 'request completed')
  const metrics = await scrape(admin)
  assert.equal(
    metrics.value('gateway_requests_total', { method: 'GET', path: '/slow', route: '/slow', service: target.url, status: '499' }),
    1
  )
  assert.equal(metrics.counted('gateway_requests_total').length, 1)
  assert.equal(metrics.value('gateway_requests_in_flight'), 0)
  assert.equal(metrics.value('gateway_errors_total', errorLabels('client-closed', 'client', '/slow', target.url)), 1)
})

test('attempts are counted by target, outcome and reason', async t => {
  const good = await startTarget(t, (request, response) => { response.writeHead(request.url === '/bad' ? 500 : 200).end() })
  const { url, admin } = await startGateway(t, `
upstreams: { dead: { targets: ["http://127.0.0.1:1"], retry: { attempts: 3 } }, good: { targets: ["${good.url}"] } }
routes: [{ path: /dead, upstream: dead }, { path: /*, upstream: good }]`)
  for (const path of ['/dead', '/good', '/bad']) await fetch(url + path)
  const metrics = await scrape(admin)
  const attempts = (upstream: string, target: string, outcome: string, reason: string): number | undefined => metrics.value(
    'gateway_upstream_attempts_total',
    { upstream, target, outcome, reason }
  )
  assert.equal(attempts('dead', 'http://127.0.0.1:1', 'failure', 'connection-refused'), 3)
  assert.equal(attempts('good', good.url, 'success', '(none)'), 1)
  assert.equal(attempts('good', good.url, 'failure', 'upstream-error'), 1)
  assert.equal(metrics.value('gateway_upstream_request_duration_seconds_count', { upstream: 'good', target: good.url }), 2)
  assert.equal(metrics.value('gateway_errors_total', errorLabels('connection-refused', 'upstream', '/dead', 'dead')), 1)
  assert.equal(metrics.value('gateway_errors_total', errorLabels('upstream-error', 'upstream', '/*', 'good')), 1)
})

test('counters go on over a reload, and reloads are counted', async t => {
  const { gateway, url, admin, write } = await startGateway(t, 'routes: [{ path: /a, respond: { status: 200 } }]')
  await fetch(`${url}/a`)
  write('routes: [{ path: /b, respond: { status: 200 } }, { path: /a, respond: { status: 200 } }]')
  assert.equal((await gateway.reload('test')).ok, true)
  await fetch(`${url}/a`)
  const metrics = await scrape(admin)
  assert.equal(metrics.value('gateway_requests_total', { method: 'GET', path: '/a', route: '/a', service: '(none)', status: '200' }), 2)
  assert.equal(metrics.value('http_request_duration_seconds_count', { method: 'GET', route: '/a', status_code: '200' }), 2)
  const before = metrics.value('gateway_config_reloads_total', { result: 'ok' })!
  assert.equal(metrics.value('gateway_config_last_reload_successful'), 1)
  write('routes: nonsense')
  assert.equal((await gateway.reload('test')).ok, false)
  const refused = await scrape(admin)
  assert.equal(refused.value('gateway_config_reloads_total', { result: 'ok' }), before)
  assert.equal(refused.value('gateway_config_reloads_total', { result: 'refused' }), 1)
  assert.equal(refused.value('gateway_config_last_reload_successful'), 0)
  assert.equal(refused.value('gateway_generation'), 2)
})

test('each upstream of a split route is the service of the requests that it got', async t => {
  const target = await startTarget(t)
  const { url, admin } = await startGateway(t, `
upstreams: { stable: { targets: ["${target.url}"] }, canary: { targets: ["${target.url}"] } }
routes: [{ path: /a, split: [{ upstream: stable, weight: 1 }, { upstream: canary, weight: 1 }] }]`)
  for (let n = 0; n < 40; n++) await (await fetch(`${url}/a`)).text()
  const metrics = await scrape(admin)
  const counts = [
    'stable',
    'canary'
  ].map(service => metrics.value('gateway_requests_total', { method: 'GET', path: '/a', route: '/a', service, status: '200' }) ?? 0)
  assert.equal(counts[0]! + counts[1]!, 40)
  // One of them alone would be a chance of 2 in a trillion.
  assert.ok(counts.every(count => count > 0), counts.join())
})

test('durations are seconds, statuses are told apart under both names, and a route begins at 0 under its first method', async t => {
  let now = 1000
  const target = await startTarget(t, (request, response) => {
    now += 1500
    response.writeHead(Number(request.url!.slice(1))).end()
  })
  const { url, admin } = await startGateway(
    t,
    `metrics: { naming: both }\nroutes: [{ path: /*, name: all, methods: [POST, GET], target: ${target.url} }]`,
    { clock: { now: () => now, wall: () => Date.now() } }
  )
  const service = target.url
  assert.equal(
    (await scrape(admin)).value('gateway_requests_total', { method: 'POST', path: '/*', route: 'all', service, status: '200' }),
    0
  )
  for (const status of [200, 404, 404, 201]) await (await fetch(`${url}/${status}`)).text()
  const metrics = await scrape(admin)
  assert.equal(metrics.value('gateway_request_duration_seconds_sum', { method: 'GET', path: '/*', service }), 6)
  for (const [status, count] of [['200', 1], ['404', 2], ['201', 1]] as const) {
    assert.equal(metrics.value('gateway_requests_total', { method: 'GET', path: '/*', route: 'all', service, status }), count)
    assert.equal(
      metrics.value('http_server_request_duration_seconds_count', {
        http_request_method: 'GET',
        http_route: '/*',
        http_response_status_code: status,
        url_scheme: 'http',
        network_protocol_version: '1.1',
        error_type: ''
      }),
      count
    )
  }
})

test('when the configuration took over is in seconds, and connections that were opened are counted, not those that are open', async t => {
  const target = await startTarget(t)
  const { url, admin } = await startGateway(
    t,
    `upstreams: { users: { targets: [${target.url}] } }\nroutes: [{ path: /*, upstream: users }]`,
    { clock: { now: () => performance.now(), wall: () => 1_800_000_000_500 } }
  )
  for (let n = 0; n < 3; n++) await (await fetch(url)).text()
  const metrics = await scrape(admin)
  assert.equal(metrics.value('gateway_config_last_reload_success_timestamp_seconds'), 1_800_000_000.5)
  assert.equal(metrics.value('gateway_upstream_connections_opened_total', { upstream: 'users', target: target.url }), 1)
  assert.equal(metrics.value('gateway_active_connections', { backend: target.url }), 0)
})

test('on the public listener metrics are read by GET and HEAD, and by nothing else', async t => {
  const { url } = await startGateway(t, 'metrics: { listener: public }\nroutes: [{ path: /*, respond: {} }]')
  const statuses: number[] = []
  for (const method of ['GET', 'HEAD', 'POST', 'DELETE']) statuses.push((await fetch(`${url}/metrics`, { method })).status)
  assert.deepEqual(statuses, [200, 200, 405, 405])
})

test('what never became a request is counted by its code, whatever its status', async t => {
  const { url, admin } = await startGateway(
    t,
    'server: { host: 127.0.0.1, port: 0, limits: { headers: 1kib } }\nroutes: [{ path: /*, respond: {} }]'
  )
  await exchangeBytes(t, url, 'junk\r\n\r\n')
  await exchangeBytes(t, url, `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(2000)}\r\n\r\n`)
  const metrics = await scrape(admin)
  for (const code of ['bad-request', 'headers-too-large']) assert.equal(metrics.value('gateway_unread_requests_total', { code }), 1, code)
})

test('the policy that rejects a request is in the access line and in the metric of errors, whichever kind it is', async t => {
  const names = ['inside', 'few', 'plan', 'order', 'either', 'own', 'early']
  const target = await startTarget(t)
  const { url, admin, logged } = await startGateway(t, `
upstreams: { users: { targets: ["${target.url}"] } }
policies:
  inside: { plugin: ip-filter, allow: [10.0.0.0/8] }
  few: { plugin: rate-limiting, limit: 1/h }
  plan: { plugin: require-claims, claims: { plan: gold } }
  order: { plugin: body-validation, schema: { type: object } }
  either: { plugin: any-of, policies: [inside, signed] }
  signed: { plugin: jwt-auth, secret: a-secret-of-more-than-thirty-two-bytes }
  own: { plugin: ./own.mjs }
  early: { plugin: ./early.mjs }
routes: [${names.map(name => `{ path: /${name}, upstream: users, policies: [${name}] }`).join(', ')}]
`, { files: {
    'own.mjs': "export default async app => { app.addHook('onRequest', async () => { throw new Error('no') }) }",
    'early.mjs': "export default async app => { app.addHook('onRequest', async (request, reply) => reply.code(503).send('later')) }"
  } })
  await fetch(`${url}/few`)
  for (const name of names) {
    const response = await fetch(`${url}/${name}`, { method: 'POST', body: 'x', headers: { 'x-request-id': name } })
    await response.text()
    const line = await logged(({ msg, path, status }) => msg === 'request completed' && path === `/${name}` && status !== 200)
    assert.equal(line['policy'], name)
    const labels = errorLabels(String(line['code']), String(line['fault']), `/${name}`, 'users', name)
    assert.equal((await scrape(admin)).value('gateway_errors_total', labels), 1, name)
  }
})
