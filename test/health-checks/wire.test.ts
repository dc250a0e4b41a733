/** Health checks as clients and targets see them. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

test('an unhealthy target gets not one request of a client', async t => {
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

test('a target that fails its requests is left alone', async t => {
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
