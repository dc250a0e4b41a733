import assert from 'node:assert/strict'
import { lookup } from 'node:dns'
import { test, type TestContext } from 'node:test'
import { GrpcTransport } from '../../plugins/core/tracing/grpc-transport.ts'
import { loadSerializer } from '../../plugins/core/tracing/serializer.ts'
import { startGrpcCollector, type Collector } from './collector.ts'

const serializer = loadSerializer('grpc')
const batch = serializer.serializeRequest([])!

function transportTo (t: TestContext, { address }: Collector): GrpcTransport {
  const settings = {
    protocol: 'grpc',
    url: `http://${address}`,
    headers: { 'X-Token': 'one' },
    timeout: 5000,
    resource: {},
    batch: { size: 1, delay: 1, queue: 1 }
  } as const
  const transport = new GrpcTransport(settings, serializer, { lookup, doubt () {} })
  t.after(async () => await transport.close())
  return transport
}

test('what a collector says decides whether the same batch may come again', async t => {
  let code = 0
  const collector = await startGrpcCollector(t, () => code)
  const transport = transportTo(t, collector)
  const again: number[] = []
  for (code = 0; code <= 16; code++) {
    const result = await transport.send(batch)
    assert.equal(result.taken, code === 0)
    if (!result.taken && result.again) again.push(code)
  }
  // OTLP specification: cancelled, deadline exceeded, resource exhausted, aborted, out of range, unavailable, data loss.
  assert.deepEqual(again, [1, 4, 8, 10, 11, 14, 15])
  assert.equal(collector.exports[0]!.headers['x-token'], 'one')
})

test('a collector that says no in the head of its response is not asked again, one that is busy is', async t => {
  let code = 3
  const transport = transportTo(t, await startGrpcCollector(t, () => code, { trailersOnly: true }))
  const refused = await transport.send(batch)
  assert.deepEqual([refused.taken, !refused.taken && refused.again], [false, false])
  code = 14
  const busy = await transport.send(batch)
  assert.deepEqual([busy.taken, !busy.taken && busy.again], [false, true])
})

test('spans of a batch that a collector did not want are counted', async t => {
  // ExportTraceServiceResponse { partial_success: { rejected_spans: 3 } }
  const transport = transportTo(t, await startGrpcCollector(t, () => 0, { message: Buffer.from('0a020803', 'hex') }))
  assert.deepEqual(await transport.send(batch), { taken: true, rejected: 3 })
})
