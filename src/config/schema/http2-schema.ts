/** `http2` of a listener: whether its clients may speak HTTP/2, and the limits of those that do. */

import Type, { type Static } from '#typebox'
import { Duration, Size } from './units.ts'

const strict = { additionalProperties: false } as const

const Http2LimitsSchema = Type.Object({
  maxStreams: Type.Integer({
    minimum: 1,
    maximum: 65_535,
    default: 128,
    description: 'Most requests at once on one connection. A client waits with further ones.'
  }),
  resets: Type.Object({
    burst: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 50, description: 'Most at once.' }),
    perSecond: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 10, description: 'Allowed per second after that.' })
  }, {
    ...strict,
    default: {},
    description: 'How many of its requests a client may cancel. The connection of one that cancels more is closed.'
  }),
  window: Size({
    default: '64kib',
    minimum: '64kib',
    maximum: '16mib',
    description: 'Bytes of one request body that a client may send ahead. A larger one makes uploads over long distances faster, and ' +
      'each request can hold so much memory.'
  }),
  memory: Size({
    default: '10mb',
    minimum: '1mb',
    maximum: '1gib',
    description: 'Most memory for what a connection holds: header fields, frames that wait to be sent. New requests are refused above it.'
  }),
  maxAge: Type.Optional(Duration({
    description: 'How old a connection may get, instead of `server.limits.connectionAge`. After that it takes no further requests and is ' +
      'closed after the last response.'
  })),
  maxRequests: Type.Optional(Type.Integer({
    minimum: 0,
    maximum: 1_000_000_000,
    description: 'Most requests of a connection, instead of `server.limits.connectionRequests`.'
  }))
}, { ...strict, description: 'Limits of HTTP/2.' })

/** `http2` */
export const Http2Schema = Type.Optional(Type.Union([Type.Boolean(), Http2LimitsSchema], {
  expected: 'true, false or limits',
  description: 'Whether clients may speak HTTP/2. With `tls` they agree on it in the handshake (ALPN), and it is on unless `false`. ' +
    'Without `tls` it is off unless `true` or limits, and clients begin with it by prior knowledge (h2c).',
  examples: [true, { maxStreams: 128 }]
}))

/** The limits, with defaults filled in. */
export type Http2Limits = Static<typeof Http2LimitsSchema>

/** The limits of a listener whose `http2` is `true`. */
export const usualHttp2Limits: Http2Limits = {
  maxStreams: 128,
  resets: { burst: 50, perSecond: 10 },
  window: 64 * 1024,
  memory: 10_000_000
}
