/** Where spans go and what is said about them: the file, the environment, the defaults. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEndpoint } from '../../plugins/core/tracing/endpoint.ts'
import { readEnvironment } from '../../plugins/core/tracing/environment.ts'
import { pause } from '../../plugins/core/tracing/http-transport.ts'
import { readSettings } from '../../plugins/core/tracing/settings.ts'
import { defaultConfig } from '../helpers/config.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'
import { startCollector } from './collector.ts'

test('S1-58: an address of a collector is taken with or without scheme, path and port', () => {
  for (const [text, protocol, url] of [
    ['localhost:4317', 'grpc', 'http://localhost:4317'],
    ['http://localhost:4317', 'grpc', 'http://localhost:4317'],
    ['https://c.example:4317', 'grpc', 'https://c.example:4317'],
    ['[::1]:4317', 'grpc', 'http://[::1]:4317'],
    ['localhost:4318', 'http/protobuf', 'http://localhost:4318/v1/traces'],
    ['collector', 'http/protobuf', 'http://collector:4318/v1/traces'],
    ['collector:80', 'http/protobuf', 'http://collector/v1/traces'],
    ['https://c.example', 'http/protobuf', 'https://c.example/v1/traces'],
    ['https://c.example/otlp/traces', 'http/protobuf', 'https://c.example/otlp/traces'],
    ['10.0.0.1:9999/in', 'http/protobuf', 'http://10.0.0.1:9999/in']
  ] as const) assert.deepEqual(readEndpoint(text, undefined), { protocol, url }, text)
  assert.deepEqual(readEndpoint('collector', 'grpc'), { protocol: 'grpc', url: 'http://collector:4317' })
  assert.deepEqual(readEndpoint('http://c:4318/base/', undefined, true), { protocol: 'http/protobuf', url: 'http://c:4318/base/v1/traces' })
})

test('S1-58: what is no address is refused with its place and what to write', async t => {
  for (const [endpoint, message] of [
    ['localhost:port', /gateway\.yaml:3:22[^]*no address of a collector[^]*localhost:4317/],
    ['grpc://c:4317', /not asked by grpc:\/\//],
    ['http://user:secret@c:4318', /no credentials[^]*tracing\.headers/],
    ['localhost:4317/v1/traces', /gRPC has no path/],
    ['a b', /no address/]
  ] as const) {
    await assert.rejects(startGateway(
      t,
      `tracing: { endpoint: "${endpoint}" }\nroutes: [{ path: /a, respond: { text: a } }]`
    ), (error: Error) => {
      assert.match(error.message, message)
      return true
    }, endpoint)
  }
})

test('fields that an export cannot have, and batches that cannot be filled, are refused', async t => {
  await assert.rejects(startGateway(
    t,
    'tracing: { endpoint: c, headers: { "a b": x, host: y, ok: "a\\nb" }, batch: { size: 10, queue: 5 } }\nroutes: [{ path: /a, ' +
      'respond: { text: a } }]'
  ), (error: Error) => {
    for (const part of [/"a b"/, /"host"/, /printable ASCII/, /larger than the queue/]) assert.match(error.message, part)
    return true
  })
})

test('the OTEL_ variables are heeded, and the file wins', async t => {
  const collector = await startCollector(t)
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://${collector.address}/base`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-a=1,x-b=b%20c',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_TIMEOUT: '5000',
    OTEL_SERVICE_NAME: 'edge',
    OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,team=blue,zone=z1',
    OTEL_TRACES_SAMPLER: 'parentbased_always_on'
  }
  const { url } = await startGateway(
    t,
    'tracing: { headers: { x-a: file }, resource: { team: red }, batch: { delay: 10ms } }\nroutes: [{ path: /a, respond: { text: a } }]',
    { env }
  )
  await fetch(`${url}/a`)
  const [span] = await collector.received(1)
  const { 'service.name': name, team, zone } = span!.resource
  assert.deepEqual([name, team, zone], ['edge', 'red', 'z1'])
  const { path, headers } = collector.exports[0]!
  assert.deepEqual([path, headers['content-type'], headers['x-a'], headers['x-b']], ['/base/v1/traces', 'application/json', 'file', 'b c'])
})

test('the samplers and propagators of OpenTelemetry have their meaning', () => {
  const sampler = (
    name: string,
    argument?: string
  ): unknown => readEnvironment({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: argument }).sampler
  assert.deepEqual(sampler('always_on'), { share: 1, heedsParent: false })
  assert.deepEqual(sampler('always_off'), { share: 0, heedsParent: false })
  assert.deepEqual(sampler('parentbased_traceidratio', '0.25'), { share: 0.25, heedsParent: true })
  assert.deepEqual(sampler('traceidratio'), { share: 1, heedsParent: false })
  assert.equal(sampler(''), undefined)
  assert.deepEqual(
    readEnvironment({ OTEL_PROPAGATORS: 'tracecontext, baggage,b3,b3multi' }).propagation,
    ['w3c', 'baggage', 'b3-single', 'b3']
  )
  assert.deepEqual(readEnvironment({ OTEL_PROPAGATORS: 'none' }).propagation, [])
  assert.equal(readEnvironment({ OTEL_SDK_DISABLED: 'TRUE' }).disabled, true)
})

test('a sampler without parent overrules the caller', async t => {
  const target = await startTarget(t)
  const { url } = await startGateway(t, `routes: [{ path: /a, target: "${target.url}" }]`, { env: { OTEL_TRACES_SAMPLER: 'always_off' } })
  await fetch(`${url}/a`, { headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } })
  assert.match(String(target.hits[0]!.headers['traceparent']), new RegExp(`^00-${'a'.repeat(32)}-.*-00$`))
})

test('OTEL_SDK_DISABLED ends the export, and trace context goes on', async t => {
  const target = await startTarget(t)
  const { url, admin } = await startGateway(
    t,
    `tracing: { endpoint: "localhost:1" }\nroutes: [{ path: /a, target: "${target.url}" }]`,
    { env: { OTEL_SDK_DISABLED: 'true' } }
  )
  await fetch(`${url}/a`)
  assert.ok(target.hits[0]!.headers['traceparent'])
  assert.doesNotMatch(await (await fetch(`${admin}/metrics`)).text(), /gateway_trace_/)
})

test('a variable that means nothing stops the start and is named, without the secrets in it', async t => {
  for (const [name, value] of [
    ['OTEL_TRACES_SAMPLER', 'sometimes'], ['OTEL_EXPORTER_OTLP_PROTOCOL', 'thrift'], ['OTEL_EXPORTER_OTLP_TIMEOUT', 'soon'], [
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'no:where'
    ],
    ['OTEL_PROPAGATORS', 'jaeger'], ['OTEL_RESOURCE_ATTRIBUTES', 'team'], ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization=hunter2%0a']
  ] as const) {
    await assert.rejects(startGateway(t, 'routes: [{ path: /a, respond: { text: a } }]', { env: { [name]: value } }), (error: Error) => {
      assert.match(error.message, new RegExp(name))
      assert.doesNotMatch(error.message, /hunter2/)
      return true
    }, name)
  }
})

test('Retry-After is read as seconds or as a date', () => {
  const wall = Date.UTC(2026, 0, 1)
  assert.deepEqual(
    [
      pause('7', wall),
      pause('Thu, 01 Jan 2026 00:00:09 GMT', wall),
      pause('soon', wall),
      pause(undefined, wall),
      pause('Wed, 31 Dec 2025 00:00:00 GMT', wall)
    ],
    [7000, 9000, 0, 0, 0]
  )
})

test('what the file says wins over the environment, and the variable for traces over the one for everything', () => {
  const { tracing } = defaultConfig()
  const env = {
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://traces/x',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://all',
    OTEL_EXPORTER_OTLP_TIMEOUT: '2000',
    OTEL_TRACES_SAMPLER: 'always_on'
  }
  const said = readSettings(tracing, env, '1')
  assert.deepEqual([said.exporting?.url, said.exporting?.timeout, said.share, said.heedsParent], ['http://traces/x', 2000, 1, false])
  const written = readSettings({ ...tracing, endpoint: 'http://file', timeout: 3000, sample: 0.5 }, env, '1')
  assert.deepEqual(
    [written.exporting?.url, written.exporting?.timeout, written.share, written.heedsParent],
    ['http://file/v1/traces', 3000, 0.5, true]
  )
})
