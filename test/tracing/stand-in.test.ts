/** The stand-in services join the trace. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { users } from '../../mocks/users.ts'
import { startGateway } from '../helpers/gateway.ts'
import { started } from '../mocks/started.ts'
import { startCollector } from './collector.ts'

test('S1-71: the span of the service hangs on the attempt of the gateway that reached it', async t => {
  const collector = await startCollector(t)
  const service = await started(t, users, { traces: `http://${collector.address}` })
  const { url } = await startGateway(t, `
tracing: { endpoint: "${collector.address}", protocol: http/protobuf, sample: 1, batch: { delay: 10ms } }
upstreams: { users: { targets: ["${service.url}"] } }
routes: [{ path: /users/*, upstream: users }]`)
  await (await fetch(`${url}/users/1`)).text()
  const spans = await collector.received(3)
  const [theirs] = spans.filter(({ resource }) => resource['service.name'] === 'users')
  const [server, client] = spans.filter(({ resource }) => resource['service.name'] === 'onedoor')
  assert.deepEqual([theirs!.parentSpanId, client!.parentSpanId, server!.parentSpanId], [client!.spanId, server!.spanId, ''])
  assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, 1)
  assert.deepEqual([theirs!.name, theirs!.kind, theirs!.attributes['http.response.status_code']], ['GET', 2, 200])
})

test('a stand-in sends nothing of a request that is not sampled', async t => {
  const collector = await startCollector(t)
  const service = await started(t, users, { traces: `http://${collector.address}` })
  for (const flags of ['00', '01']) {
    await (await fetch(
      `${service.url}/users/${flags}`,
      { headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-${flags}` } }
    )).text()
  }
  await service.close()
  assert.deepEqual(collector.spans.map(({ attributes }) => attributes['url.path']), ['/users/01'])
})
