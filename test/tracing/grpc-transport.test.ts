import assert from 'node:assert/strict'
import { lookup } from 'node:dns'
import { test } from 'node:test'
import { GrpcTransport } from '../../plugins/tracing/grpc-transport.ts'
import { loadSerializer } from '../../plugins/tracing/serializer.ts'
import { startGrpcCollector } from './collector.ts'

test('what a collector says decides whether the same batch may come again', async t => {
  let code = 0
  const collector = await startGrpcCollector(t, () => code)
  const serializer = loadSerializer('grpc')
  const settings = { protocol: 'grpc', url: `http://${collector.address}`, headers: { 'X-Token': 'one' }, timeout: 5000, resource: {}, batch: { size: 1, delay: 1, queue: 1 } } as const
  const transport = new GrpcTransport(settings, serializer, { lookup, doubt () {} })
  t.after(async () => await transport.close())
  const again: number[] = []
  for (code = 0; code <= 16; code++) {
    const result = await transport.send(serializer.serializeRequest([])!)
    assert.equal(result.taken, code === 0)
    if (!result.taken && result.again) again.push(code)
  }
  // OTLP specification: cancelled, deadline exceeded, resource exhausted, aborted, out of range, unavailable, data loss.
  assert.deepEqual(again, [1, 4, 8, 10, 11, 14, 15])
  assert.equal(collector.exports[0]!.headers['x-token'], 'one')
})
