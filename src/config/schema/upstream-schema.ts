/** The keys of one upstream that the kernel owns. */

import Type, { type TSchema } from '#typebox'
import type { Order } from './json-schema.ts'
import { RetrySchema } from './retry-schema.ts'
import { Duration, Enum, PrivateKey, Size } from './units.ts'

const strict = { additionalProperties: false } as const

/** One entry of `upstreams.*.targets`; `keys` are those that plugins declare. */
export function targetSchema (keys: Readonly<Record<string, TSchema>>): TSchema {
  return Type.Union([
    Type.String({ pattern: '^https?://', description: 'Origin, with an optional base path.', examples: ['http://10.0.0.7:3000'] }),
    Type.Object({
      url: Type.Optional(Type.String({
        pattern: '^https?://',
        expected: 'an http:// or https:// URL',
        description: 'Origin, with an optional base path.'
      })),
      weight: Type.Optional(Type.Integer({
        minimum: 0,
        maximum: 1000,
        description: 'Share of the traffic relative to the other targets; 1 by default. 0 drains the target.'
      })),
      tls: Type.Optional(TargetTlsSchema),
      ...keys
    }, strict)
  ], { expected: 'an http:// or https:// URL, or a mapping with `url`' })
}

/** `upstreams.*.timeouts` */
export const TimeoutsSchema = Type.Object({
  connect: Duration({
    default: '5s',
    description: 'Time to connect to a target, TLS included; 504 `connect-timeout` after it.'
  }),
  response: Duration({
    default: '30s',
    description: 'Time until the response headers of one attempt; 504 `response-timeout` after it.'
  }),
  idle: Duration({
    default: '60s',
    description: 'Longest silence inside a response body; the response is cut off after it. Event streams have `eventStreamIdle` instead.'
  }),
  eventStreamIdle: Duration({
    default: '0s',
    description: 'The same for responses of type `text/event-stream`, which may have nothing to say for long.'
  }),
  total: Duration({
    default: '35s',
    description: 'Time until the response headers, all attempts together; 504 `total-timeout` after it. A body may take longer.'
  }),
  exchange: Duration({
    default: '0s',
    description: 'Time from the request headers to the end of the response, except for event streams; 504 `exchange-timeout` after it, '
      + 'or a cut where the response has begun. `0s` means no limit.'
  }),
  header: Type.Optional(Type.String({
    pattern: '^[A-Za-z0-9-]+$',
    expected: 'the name of a header field',
    description: 'Header field that tells the target how many milliseconds of `total` are left.',
    examples: ['x-request-timeout-ms']
  }))
}, {
  ...strict,
  default: {},
  description: 'How long to wait for the targets. `0s` switches a timeout off.',
  order: [
    { least: 'connect', most: 'total', warning: 'is never reached, because the whole time ends first' },
    { least: 'response', most: 'total', warning: 'is never reached, because the whole time ends first' },
    { least: 'total', most: 'exchange', warning: 'is never reached, because the whole exchange ends first' }
  ]
})

/** Keys of `upstreams.*.tls` without a default. */
const tlsKeys = {
  ca: Type.Optional(Type.String({
    minLength: 1,
    description: 'Certificates that are trusted instead of the public ones: the path of a PEM file, or its text.',
    examples: ['/etc/certs/internal-ca.pem', '${file:/run/secrets/ca.pem}']
  })),
  cert: Type.Optional(Type.String({
    minLength: 1,
    description: 'Client certificate that is sent to the targets, then those of its issuers: the path of a PEM file, or its text.',
    examples: ['/etc/certs/gateway.pem']
  })),
  key: Type.Optional(PrivateKey({
    description: 'Private key of the client certificate: the path of a PEM file, or its text. It has no passphrase.',
    examples: ['/etc/certs/gateway.key']
  })),
  serverName: Type.Optional(Type.String({
    minLength: 1,
    description: 'Name for SNI and for verification, where it differs from the host of the URL.'
  })),
  subjectAltNames: Type.Optional(Type.Array(Type.String({ minLength: 1 }), {
    minItems: 1,
    description: 'Names of which the certificate of a target must have one, as it is written there, in place of the host: URIs, host ' +
      'names, IP or email addresses.',
    examples: [['spiffe://shop.internal/users']]
  }))
}

const verifyDescription = 'Whether certificates are verified. Without it anyone on the way can read and change the traffic, and every ' +
  'start warns.'

/** `upstreams.*.targets[].tls` */
export const TargetTlsSchema = Type.Object({
  ...tlsKeys,
  verify: Type.Optional(Type.Boolean({ description: verifyDescription }))
}, { ...strict, description: 'TLS to this target: keys here replace those of the upstream.' })

/** `upstreams.*.tls` */
export const TlsSchema = Type.Object({
  ...tlsKeys,
  verify: Type.Boolean({ default: true, description: verifyDescription })
}, { ...strict, default: {}, description: 'TLS to https:// targets. Files are read again whenever they change.' })

/** `upstreams.*.connections` */
export const ConnectionsSchema = Type.Object({
  max: Type.Integer({ default: 1024, minimum: 1, maximum: 65535, description: 'Most connections to one target. Threads share ' +
    'them evenly.' }),
  streams: Type.Integer({
    default: 100,
    minimum: 1,
    maximum: 1000000,
    description: 'Most requests at the same time on one connection of HTTP/2, where the target allows as many. Further requests get '
      + 'another connection.'
  }),
  pending: Type.Integer({
    default: 1024,
    minimum: 0,
    maximum: 1000000,
    description: 'Most requests that wait for a connection to one target. Above it the target gets no requests.'
  }),
  keepAlive: Duration({
    default: '55s',
    minimum: '1ms',
    description: 'How long an idle connection is kept. Keep it below the idle timeout of the targets.'
  }),
  responseHeaders: Size({
    default: '64kib',
    minimum: '1kib',
    maximum: '16mib',
    description: 'Largest status line and headers of a response; 502 `malformed-response` above it.'
  })
}, { ...strict, default: {}, description: 'Connections to each target.' })

/** Pairs of quantities of one upstream whose keys are in different mappings. */
export const upstreamOrder: readonly Order[] = [
  {
    least: 'retry.hedge.after',
    most: 'timeouts.response',
    warning: 'has no effect, because the first attempt times out sooner'
  },
  {
    least: 'retry.hedge.after',
    most: 'timeouts.total',
    warning: 'has no effect, because the whole time ends sooner'
  },
  { least: 'retry.retryAfter', most: 'timeouts.total', warning: 'is never reached, because the whole time ends first' }
]

/** `upstreams.*.fallback` */
export const FallbackSchema = Type.Union([
  Type.String({ description: 'Name of the upstream.' }),
  Type.Object({
    upstream: Type.String({ description: 'Name of the upstream.' }),
    on: Type.Array(Type.Integer({ minimum: 400, maximum: 599 }), {
      default: [],
      description: 'Statuses after which the fallback is asked too, where the request may be repeated. Other responses are passed on.',
      examples: [[502, 503, 504]]
    })
  }, strict)
], {
  expected: 'the name of an upstream, or a mapping with `upstream`',
  description: 'Upstream that serves a request when this one cannot: no target is open, an admission rejects the request, '
    + 'or no attempt got a response and the request may be repeated.',
  examples: ['orders-static']
})

/** `upstreams.*.protocol` */
export const ProtocolSchema = Enum(['http1', 'h2', 'h2c'], {
  default: 'http1',
  description: 'What the gateway speaks to the targets: HTTP/1.1, HTTP/2 over TLS (`h2`, for https:// targets) or HTTP/2 without TLS '
    + '(`h2c`, for http:// targets). Many requests share one connection of HTTP/2.'
})

/** Kernel keys of one upstream. */
export const upstreamKeys = {
  protocol: ProtocolSchema,
  timeouts: TimeoutsSchema,
  retry: RetrySchema,
  tls: TlsSchema,
  connections: ConnectionsSchema,
  fallback: Type.Optional(FallbackSchema)
}
