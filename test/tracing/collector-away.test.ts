/** A collector that is dead, slow or unwilling: no request notices, and operators do. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { freePort } from '../helpers/target.ts'
import { startCollector, startGrpcCollector } from './collector.ts'

const routes = 'routes: [{ path: /a, respond: { text: a } }]'

async function statuses (url: string, count: number): Promise<number[]> {
  return await Promise.all(Array.from({ length: count }, async () => (await fetch(`${url}/a`)).status))
}

/** Value of a metric of the gateway. */
async function metric ({ admin }: TestGateway, name: string): Promise<number> {
  const text = await (await fetch(`${admin}/metrics`)).text()
  return Number(text.split('\n').find(line => line.startsWith(`${name} `))?.split(' ')[1])
}

const spans = (result: string): string => `gateway_trace_spans_total{result="${result}"}`

test('S1-57: a dead collector costs no request anything: what the queue cannot hold is dropped and counted', async t => {
  for (const protocol of ['http/protobuf', 'grpc']) {
    const door = await startGateway(
      t,
      `tracing: { endpoint: "127.0.0.1:${await freePort()}", protocol: ${protocol}, sample: 1, batch: { size: 2, delay: 10ms, queue: 5 ` +
        `} }\n${routes}`
    )
    assert.deepEqual(new Set(await statuses(door.url, 20)), new Set([200]))
    const line = await door.logged(({ msg }) => msg === 'spans cannot be exported')
    assert.equal(line['level'], 'warn')
    assert.match(String(line['why']), /reached \(ECONNREFUSED\)/)
    assert.deepEqual(new Set(await statuses(door.url, 20)), new Set([200]))
    assert.equal(await metric(door, spans('dropped')), 35)
    assert.equal(await metric(door, 'gateway_trace_queue_spans'), 5)
    assert.equal(await metric(door, 'gateway_trace_export_up'), 0)
    assert.equal(door.logs.filter(({ msg }) => msg === 'spans cannot be exported').length, 1)
  }
})

test('a collector that never responds holds one export and no request', async t => {
  const collector = await startCollector(t, () => {})
  const door = await startGateway(
    t,
    `tracing: { endpoint: "${collector.address}", protocol: http/protobuf, sample: 1, batch: { size: 1, delay: 10ms, queue: 5 } ` +
      `}\n${routes}`
  )
  await statuses(door.url, 3)
  await collector.asked(1)
  assert.deepEqual(new Set(await statuses(door.url, 20)), new Set([200]))
  assert.equal(collector.exports.length, 1)
  assert.equal(await metric(door, spans('dropped')), 18)
})

test('what a collector refuses for good is counted as failed, and the next batch is another try', async t => {
  const collector = await startCollector(t, (response, count) => response.writeHead(count === 1 ? 400 : 200).end())
  const door = await startGateway(
    t,
    `tracing: { endpoint: "${collector.address}", protocol: http/protobuf, sample: 1, batch: { size: 1, delay: 10ms } }\n${routes}`
  )
  await statuses(door.url, 2)
  await collector.received(1)
  await door.logged(({ msg }) => msg === 'spans are exported again')
  assert.equal(await metric(door, spans('failed')), 1)
  assert.equal(await metric(door, spans('exported')), 1)
  assert.equal(await metric(door, 'gateway_trace_export_up'), 1)
})

test('what a busy collector refuses is sent again, over HTTP and gRPC', async t => {
  const busy = await startCollector(t, (response, count) => response.writeHead(count === 1 ? 503 : 200).end())
  const exhausted = await startGrpcCollector(t, count => count === 1 ? 8 : 0)
  for (const [collector, protocol] of [[busy, 'http/protobuf'], [exhausted, 'grpc']] as const) {
    const door = await startGateway(
      t,
      `tracing: { endpoint: "${collector.address}", protocol: ${protocol}, sample: 1, batch: { delay: 10ms } }\n${routes}`
    )
    const id = (await fetch(`${door.url}/a`)).headers.get('x-request-id')
    assert.equal((await collector.received(1))[0]!.traceId, id)
    assert.equal(collector.exports.length, 2)
    await door.logged(({ msg }) => msg === 'spans are exported again')
    assert.equal(await metric(door, spans('failed')), 0)
  }
})

test('S2-159: at the end, what waits is sent', async t => {
  const collector = await startCollector(t)
  const door = await startGateway(
    t,
    `tracing: { endpoint: "${collector.address}", protocol: http/protobuf, sample: 1, batch: { delay: 1m } }\n${routes}`
  )
  await statuses(door.url, 3)
  await door.gateway.close(1000)
  assert.equal(collector.spans.length, 3)
})

test('a reload keeps what waits, and another collector gets none of it', async t => {
  const [old, next] = [await startCollector(t), await startCollector(t)]
  const yaml = (address: string, path: string): string =>
    `tracing: { endpoint: "${address}", protocol: http/protobuf, sample: 1, batch: { delay: 1m } }
routes: [{ path: ${path}, respond: { text: a } }]`
  const door = await startGateway(t, yaml(old.address, '/a'))
  await fetch(`${door.url}/a`)
  door.write(yaml(old.address, '/b'))
  await door.gateway.reload('test')
  assert.equal(await metric(door, 'gateway_trace_queue_spans'), 1)
  await fetch(`${door.url}/b`)
  door.write(yaml(next.address, '/b'))
  await door.gateway.reload('test')
  await old.received(2)
  await fetch(`${door.url}/b`)
  await door.gateway.close(1000)
  assert.deepEqual([old.spans.length, next.spans.length], [2, 1])
})
