/** The keys of `upstreams.*.retry`. */

import Type from '#typebox'
import { Duration, Enum, Size } from './units.ts'

const strict = { additionalProperties: false } as const

const RetryOnSchema = Type.Union([
  Enum(['connect', 'reset', 'timeout', 'malformed']),
  Type.Integer({ minimum: 400, maximum: 599 }),
  Enum([
    'grpc-cancelled', 'grpc-unknown', 'grpc-deadline-exceeded', 'grpc-resource-exhausted', 'grpc-aborted', 'grpc-internal',
    'grpc-unavailable', 'grpc-data-loss'
  ])
], { expected: 'connect, reset, timeout, malformed, a status from 400 to 599, or a gRPC status such as grpc-unavailable' })

const BackoffSchema = Type.Object({
  base: Duration({ default: '25ms', description: 'Longest wait before the second attempt; doubled for each further one.' }),
  max: Duration({ default: '250ms', description: 'Longest wait before any attempt.' })
}, {
  ...strict,
  default: {},
  order: [{ least: 'base', most: 'max' }],
  description: 'How long to wait before another attempt: a random time up to the bound. '
    + 'There is no wait when no connection could be made and another target is available.'
})

const RetryBudgetSchema = Type.Object({
  ratio: Type.Number({ default: 0.2, minimum: 0, maximum: 1, description: 'Extra attempts as a share of first attempts.' }),
  minimum: Type.Integer({
    default: 3,
    minimum: 0,
    maximum: 1000,
    description: 'Extra attempts at once that are always allowed, however little traffic there is.'
  })
}, {
  ...strict,
  default: {},
  description: 'How many extra attempts all requests together may cause, so that retries do not double the load of an outage.'
})

const HedgeSchema = Type.Object({
  after: Type.Union([Type.Literal('p95'), Duration({ minimum: '1ms' })], {
    expected: 'a duration such as 200ms, or p95',
    description: 'How long a target may be silent before a second one is asked: a duration, '
      + 'or `p95`, the time within which 95 of 100 responses begin.'
  })
}, {
  ...strict,
  description: 'Sends the request to a second target when the first is slow, and uses the first good response. '
    + 'For requests that may be repeated, within `attempts` and `budget`.'
})

/** `upstreams.*.retry` */
export const RetrySchema = Type.Object({
  attempts: Type.Integer({
    default: 2,
    minimum: 1,
    maximum: 10,
    description: 'Most attempts for one request, the first included. 1 never retries.'
  }),
  on: Type.Array(RetryOnSchema, {
    default: ['connect', 'reset'],
    description: 'What causes another attempt. `connect` (no connection was made) is safe for every method; '
      + '`reset`, `timeout`, `malformed` and statuses apply only to requests that may be repeated. A gRPC status such as '
      + '`grpc-unavailable` is retried where the target has sent no message, whatever `methods` says.'
  }),
  methods: Type.Array(Type.String({ pattern: '^[A-Z]+$', expected: 'a method in capitals' }), {
    default: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'QUERY'],
    description: 'Methods whose requests may be repeated although a target may already have processed them. '
      + 'Add POST only where a second request has no further effect.'
  }),
  bufferBody: Size({
    default: '0b',
    maximum: '1gib',
    description: 'Largest request body of a declared length that is read whole before it is sent, so that it can be repeated. '
      + 'A body below 16 KiB that arrives at once can always be repeated.'
  }),
  backoff: BackoffSchema,
  retryAfter: Duration({
    default: '3s',
    description: 'Longest Retry-After of a target that the gateway waits for when no other target is left. '
      + 'A response that asks for more is passed on.'
  }),
  budget: RetryBudgetSchema,
  hedge: Type.Optional(HedgeSchema)
}, {
  ...strict,
  default: {},
  description: 'When the gateway makes another attempt. It goes to another target as long as there is one.'
})
