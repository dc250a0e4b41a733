/** The `tracing` part of gateway.yaml, and `routes[].trace`. */

import Type from '#typebox'
import type { Static } from '#typebox'
import { type Config, Duration, Enum, type Report, Secret } from '../../../src/index.ts'
import { child } from '../../../src/config/index.ts'
import { readEndpoint } from './endpoint.ts'

const strict = { additionalProperties: false } as const

export const formats = ['w3c', 'b3', 'b3-single', 'baggage'] as const

/** How a place in a trace is written in header fields. */
export type Format = typeof formats[number]

export const TracingSchema = Type.Object({
  endpoint: Type.Optional(Type.String({
    minLength: 1,
    description: 'Collector that receives the spans (OTLP), with or without scheme: `localhost:4317` is gRPC, `localhost:4318` HTTP. ' +
      'Without it no spans are made. `OTEL_EXPORTER_OTLP_ENDPOINT` unless set.',
    examples: ['localhost:4317', 'https://collector.example/v1/traces']
  })),
  protocol: Type.Optional(Enum(['grpc', 'http/protobuf', 'http/json'], { description: 'Unless set `grpc` for port 4317, else ' +
    '`http/protobuf`.' })),
  headers: Type.Record(Type.String(), Secret(), {
    default: {},
    description: 'Header fields of every export, such as a token.',
    examples: [{ authorization: '${COLLECTOR_TOKEN}' }]
  }),
  timeout: Type.Optional(Duration({ minimum: '10ms', maximum: '5m', description: 'Timeout of one export. Unless set `10s`.' })),
  serviceName: Type.Optional(Type.String({ minLength: 1, description: 'Attribute `service.name`. Unless set `onedoor`.' })),
  resource: Type.Record(
    Type.String({ minLength: 1 }),
    Type.String(),
    { default: {}, description: 'Attributes of what sends the spans.', examples: [{ 'deployment.environment.name': 'staging' }] }
  ),
  sample: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'Share of the traces begun here that are marked as sampled. A ' +
    'caller\'s own mark is kept. Unless set 0.1.' })),
  accept: Enum(['always', 'proxies', 'never'], {
    default: 'always',
    description: 'Clients whose X-Request-Id and trace context are accepted: all, only those of `server.trustProxy`, or none. Malformed ' +
      'values never are.'
  }),
  propagation: Type.Optional(Type.Array(Enum(formats), {
    minItems: 1,
    uniqueItems: true,
    description: 'Formats of trace context. The first one present is read, all are written. `b3` uses several fields, `b3-single` one. ' +
      '`baggage` is checked and forwarded. Unless set `[w3c]`. Other formats are forwarded unread.',
    examples: [['w3c', 'b3', 'baggage']]
  })),
  batch: Type.Object({
    size: Type.Integer({ default: 512, minimum: 1, maximum: 10000, description: 'The most spans of one export.' }),
    delay: Duration({ default: '1s', minimum: '10ms', maximum: '1m', description: 'The longest time that a span waits for others.' }),
    queue: Type.Integer({ default: 4096, minimum: 1, maximum: 100000, description: 'The most waiting spans. Further ones are dropped and ' +
      'counted.' })
  }, { ...strict, default: {}, description: 'How spans are sent.' })
}, { ...strict, default: {}, description: 'Request identifiers, trace context, and spans for a collector.' })

export const TraceKey = Type.Optional(Type.Boolean({ description: '`false`: no spans for this route. A trace context of the caller is ' +
  'forwarded unchanged, and new traces are not sampled.' }))

declare module '../../../src/index.ts' {
  interface RootKeys {
    readonly tracing: Static<typeof TracingSchema>
  }
  interface RouteConfig {
    readonly trace?: boolean
  }
}

/** Fields that belong to the protocol itself. */
const reserved: ReadonlySet<string> = new Set(['host', 'content-type', 'content-length', 'connection', 'transfer-encoding', 'te'])

/** Reports what the schema cannot see. */
export function checkTracing ({ tracing }: Config, report: Report): void {
  const { endpoint, protocol, headers, batch } = tracing
  if (endpoint !== undefined) {
    const read = readEndpoint(endpoint, protocol)
    if ('problem' in read) report({ pointer: '/tracing/endpoint', message: read.problem, hint: read.hint })
  }
  for (const [name, value] of Object.entries(headers)) {
    const pointer = child('/tracing/headers', name)
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || reserved.has(name.toLowerCase())) report({
      pointer,
      at: 'key',
      message: `"${name}" cannot be a field of an export`
    })
    else if (/[^\t\x20-\x7e]/.test(value)) report({ pointer, message: 'a field holds printable ASCII only' })
  }
  if (batch.size > batch.queue) {
    report({ pointer: '/tracing/batch/size', message: 'a batch cannot be larger than the queue', hint: `\`queue\` is ${batch.queue}` })
  }
}
