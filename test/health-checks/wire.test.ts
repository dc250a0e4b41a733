/** Health checks as clients and targets see them. */

import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { test } from 'node:test'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

test('S2-095 an unhealthy target gets not one request of a client', async t => {
  const sick = await startTarget(t, (request, response) => response.writeHead(request.url === '/health' ? 503 : 200).end('sick'))
  const good = await startTarget(t, (_request, response) => response.end('good'))
  const gateway = await startGateway(t, `
upstreams:
  users:
    targets: [${sick.url}, ${good.url}]
    healthChecks: { active: { unhealthyAfter: 1 } }
routes: [{ path: /*, upstream: users }]
`)
  await gateway.logged(line => line.msg === 'target unhealthy' && line.target === sick.url)
  for (let count = 0; count < 6; count++) assert.equal(await (await fetch(gateway.url)).text(), 'good')
})

for (const type of ['http', 'tcp']) {
  test(`health may be shown on another port than that of the traffic: ${type}`, async t => {
    const health = await startTarget(
      t,
      (request, response) => response.writeHead(request.url === '/base/health' ? 200 : 404).end(request.headers.host)
    )
    const service = await startTarget(t, (_request, response) => response.end('service'))
    const gateway = await startGateway(t, `
upstreams:
  users:
    targets: ['${service.url}/base']
    healthChecks: { active: { type: ${type}, port: ${health.port}, interval: 60ms, timeout: 50ms, healthyAfter: 1, unhealthyAfter: 2 },
      whenNoneHealthy: fail-closed }
routes: [{ path: /*, upstream: users }]
`)
    assert.equal(await (await fetch(gateway.url)).text(), 'service')
    await health.close()
    await gateway.logged(({ msg, why }) => msg === 'target unhealthy' && String(why).includes('connection-refused'))
    assert.equal((await fetch(gateway.url)).status, 503)
    assert.deepEqual([service.hits.length, service.hits[0]!.url], [1, '/base/'], 'no probe came to the port of the traffic')
    if (type === 'http') assert.deepEqual([health.hits[0]!.url, health.hits[0]!.headers.host], ['/base/health', `127.0.0.1:${health.port}`])
  })
}

test('S2-091 a target that fails its requests is left alone', async t => {
  const failing = await startTarget(t, (_request, response) => response.writeHead(500).end())
  const good = await startTarget(t)
  const gateway = await startGateway(t, `
upstreams:
  users:
    targets: [${failing.url}, ${good.url}]
    healthChecks: { passive: { minRequests: 3 } }
routes: [{ path: /*, upstream: users }]
`)
  for (let count = 0; count < 12; count++) await (await fetch(gateway.url)).arrayBuffer()
  await gateway.logged(line => line.msg === 'target unhealthy' && line.target === failing.url)
  assert.deepEqual([failing.hits.length, good.hits.length], [3, 9])
})

/** Asks again and again, so many at once, until `enough`; returns how often each status came. */
async function load ({ url }: TestGateway, atOnce: number, enough: () => boolean): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {}
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (!enough()) {
      const status = await fetch(url).then(
        async response => { await response.arrayBuffer(); return String(response.status) },
        (error: Error) => error.message
      )
      statuses[status] = (statuses[status] ?? 0) + 1
    }
  }))
  return statuses
}

test('S2-087 S2-088 one of three targets dies under load and comes back: not one client sees an error', async t => {
  const answer = (_request: IncomingMessage, response: ServerResponse) => { response.end('ok') }
  const targets = [await startTarget(t, answer), await startTarget(t, answer), await startTarget(t, answer)] as const
  const [, victim] = targets
  const gateway = await startGateway(t, `
upstreams:
  users:
    targets: [${targets.map(({ url }) => url).join(', ')}]
    circuitBreaker: { failures: 3, openFor: 50ms }
    healthChecks: { active: { interval: 200ms, timeout: 190ms, unhealthyAfter: 2 }, outliers: { ejectFor: 100ms } }
routes: [{ path: /*, upstream: users }]
`)
  const told = (msg: string) => gateway.logs.find(line => line.msg === msg && line.target === victim.url && line.check === 'active')
  let done = false
  const loading = load(gateway, 10, () => done)
  while (victim.hits.filter(({ url }) => url === '/').length < 30) {
    await fetch(gateway.url).then(async response => await response.arrayBuffer())
  }
  await victim.close()
  await gateway.logged(line => line === told('target unhealthy'))
  const restarted = await startTarget(t, answer, { port: victim.port })
  await gateway.logged(line => line === told('target healthy'))
  while (restarted.hits.filter(({ url }) => url === '/').length < 30) {
    await fetch(gateway.url).then(async response => await response.arrayBuffer())
  }
  done = true
  assert.deepEqual(Object.keys(await loading), ['200'])
})

test('S2-163 probes find failures without traffic, the traffic finds failures that a health path hides', async t => {
  const idle = await startTarget(t, (_request, response) => response.writeHead(503).end())
  const hiding = await startTarget(t, (request, response) => response.writeHead(request.url === '/health' ? 200 : 500).end())
  const gateway = await startGateway(t, `
upstreams:
  idle: { targets: [${idle.url}], healthChecks: { active: { unhealthyAfter: 1 }, passive: { minRequests: 3 } } }
  busy: { targets: [${hiding.url}], healthChecks: { active: { unhealthyAfter: 1 }, passive: { minRequests: 3 } } }
routes: [{ path: /idle, upstream: idle }, { path: /busy, upstream: busy }]
`)
  for (let count = 0; count < 3; count++) await (await fetch(`${gateway.url}/busy`)).arrayBuffer()
  const found = await Promise.all([
    'idle',
    'busy'
  ].map(async upstream => await gateway.logged(line => line.msg === 'target unhealthy' && line.upstream === upstream)))
  assert.deepEqual(
    found.map(({ check, why }) => [check, why]),
    [['active', '1 probe failed, last: HTTP 503'], ['passive', '3 of 3 requests failed in 30s']]
  )
})

test('S2-096 when all targets fail their probes, all still serve: no request is rejected', async t => {
  const sick = (request: IncomingMessage, response: ServerResponse) => { response.writeHead(request.url === '/health' ? 503 : 200).end() }
  const targets = [await startTarget(t, sick), await startTarget(t, sick)]
  const gateway = await startGateway(t, `
upstreams: { users: { targets: [${targets.map(({ url }) => url).join(', ')}], healthChecks: { active: { unhealthyAfter: 1 } } } }
routes: [{ path: /*, upstream: users }]
`)
  for (const { url } of targets) await gateway.logged(line => line.msg === 'target unhealthy' && line.target === url)
  for (let count = 0; count < 4; count++) assert.equal((await fetch(gateway.url)).status, 200)
  const explained = await (await fetch(`${gateway.admin}/explain?url=/`)).json() as { decisions: {
    by: string,
    verdict: string,
    why: string
  }[] }
  assert.deepEqual(
    explained.decisions.find(({ verdict }) => verdict === 'fail-open'),
    { by: 'health-checks', verdict: 'fail-open', why: 'none of 2 targets is open, so health is not heeded' }
  )
})

test('S2-097 fail-closed turns clients away instead, and no target hears of them', async t => {
  const target = await startTarget(t, (_request, response) => response.writeHead(503).end())
  const gateway = await startGateway(t, `
upstreams: { users: { targets: [${target.url}], healthChecks: { active: { unhealthyAfter: 1 }, whenNoneHealthy: fail-closed } } }
routes: [{ path: /*, upstream: users }]
`)
  await gateway.logged(line => line.msg === 'target unhealthy')
  const response = await fetch(gateway.url)
  assert.deepEqual(
    [response.status, response.headers.get('retry-after'), (await response.json() as { code: string }).code],
    [503, '1', 'no-target']
  )
  assert.ok(target.hits.every(({ url }) => url === '/health'))
})

test('S2-099 a target that comes and goes is kept out longer, and counted', async t => {
  let down = false
  const good = await startTarget(t)
  const flapping = await startTarget(t, (_request, response) => response.writeHead(down ? 503 : 200).end())
  const gateway = await startGateway(t, `
upstreams:
  users:
    targets: [${good.url}, ${flapping.url}]
    healthChecks: { active: { interval: 100ms, timeout: 90ms, healthyAfter: 1, unhealthyAfter: 1, flapping: { changes: 2 } } }
routes: [{ path: /*, upstream: users }]
`)
  const changes = () => gateway.logs.filter(
    line => line.target === flapping.url && (line.msg === 'target healthy' || line.msg === 'target unhealthy')
  )
  const comebacks = () => changes().filter(line => line.msg === 'target healthy').map(({ why }) => why)
  while (comebacks().length < 2) {
    down = !down
    const before = changes().length
    await gateway.logged(() => changes().length > before)
  }
  assert.deepEqual(comebacks().slice(0, 2), ['1 probe passed', '2 probes passed'])
  const metrics = await (await fetch(`${gateway.admin}/metrics`)).text()
  assert.match(
    metrics,
    new RegExp(`gateway_health_transitions_total\\{upstream="users",backend="${flapping.url}",check="active",to="unhealthy"\\} [2-9]`)
  )
})

test('S2-090 an operator drains a target: what is open goes on, the admin page shows it, a reload keeps it', async t => {
  const held: ServerResponse[] = []
  const one = await startTarget(t, (_request, response) => {
    response.write('begun ')
    held.push(response)
  })
  const two = await startTarget(t, (_request, response) => response.end('two'))
  const yaml = `
admin: { port: 0, token: letmein-letmein-letmein }
upstreams: { users: { targets: [${one.url}, ${two.url}] } }
routes: [{ path: /*, upstream: users }]
`
  const gateway = await startGateway(t, yaml)
  const headers = { authorization: 'Bearer letmein-letmein-letmein' }
  const post = async (verb: string, given: Record<string, string> = headers) => await fetch(
    `${gateway.admin}/upstreams/users/${verb}?target=${one.url}`,
    { method: 'POST', headers: given }
  )
  const running = await fetch(gateway.url)
  assert.equal((await post('drain', {})).status, 401)
  assert.deepEqual(await (await post('drain')).json(), { upstream: 'users', target: one.url, drained: true, active: 1, openTargets: 1 })
  for (let count = 0; count < 4; count++) assert.equal(await (await fetch(gateway.url)).text(), 'two')
  gateway.write(`${yaml}\n# saved again\n`)
  assert.equal((await fetch(`${gateway.admin}/reload`, { method: 'POST', headers })).status, 200)
  for (let count = 0; count < 4; count++) assert.equal(await (await fetch(gateway.url)).text(), 'two')
  const [users] = await (await fetch(`${gateway.admin}/upstreams`, { headers })).json() as { targets: {
    open: boolean,
    gates: { gate: string, state: string, why?: string }[]
  }[] }[]
  const [shown] = users!.targets
  assert.deepEqual([shown!.open, shown!.gates.find(({ gate }) => gate === 'drain')?.why], [false, 'by 127.0.0.1; 1 under way'])
  held[0]!.end('and ended')
  assert.equal(await running.text(), 'begun and ended')
  await post('undrain')
  const answers = [fetch(gateway.url), fetch(gateway.url)]
  while (held.length < 2) await new Promise(resolve => setImmediate(resolve))
  held[1]!.end()
  assert.deepEqual((await Promise.all(answers.map(async answer => await (await answer).text()))).toSorted(), ['begun ', 'two'])
})

test('S2-089 targets come and go by reload while they are probed, under load', async t => {
  const answer = (request: IncomingMessage, response: ServerResponse) => { if (request.url !== '/health') response.end('ok') }
  const targets = [await startTarget(t, answer), await startTarget(t, answer), await startTarget(t, answer)]
  // Not one probe of theirs is ever answered, so each is under way when its target goes.
  const yaml = (urls: readonly string[]) => `
upstreams: { users: { targets: [${urls.join(', ')}], healthChecks: { active: { interval: 5s, timeout: 4s }, passive: {}, outliers: {} },
  circuitBreaker: {} } }
routes: [{ path: /*, upstream: users }]
`
  const urls = targets.map(({ url }) => url)
  const gateway = await startGateway(t, yaml(urls))
  let done = false
  const loading = load(gateway, 4, () => done)
  for (const some of [urls.slice(1), urls.slice(0, 1), urls, urls.slice(2), urls]) {
    gateway.write(yaml(some))
    assert.equal((await fetch(`${gateway.admin}/reload`, { method: 'POST' })).status, 200)
  }
  done = true
  assert.deepEqual(Object.keys(await loading), ['200'])
})

test('a target is drained for one upstream, and still used by another', async t => {
  const target = await startTarget(t)
  const gateway = await startGateway(t, `
upstreams: { users: { targets: [${target.url}], circuitBreaker: {} }, orders: { targets: [${target.url}] } }
routes: [{ path: /users, upstream: users }, { path: /orders, upstream: orders }]
`)
  const drain = async (query: string) => await fetch(`${gateway.admin}/upstreams/users/drain?${query}`, { method: 'POST' })
  assert.deepEqual(
    await (await drain(`target=${target.url}&force=true`)).json(),
    { upstream: 'users', target: target.url, drained: true, active: 0, openTargets: 0 }
  )
  assert.equal((await drain(`target=${target.url}&target=${target.url}`)).status, 400)
  const statuses = await Promise.all(['/users', '/orders'].map(async path => (await fetch(gateway.url + path)).status))
  assert.deepEqual(statuses, [503, 200])
  const shown = await (await fetch(`${gateway.admin}/upstreams`)).json() as {
    name: string,
    targets: { gates: { gate: string, state: string }[] }[]
  }[]
  assert.deepEqual(shown.map(({ targets }) => targets[0]!.gates.find(({ gate }) => gate === 'drain')!.state), ['drained', 'in use'])
})
