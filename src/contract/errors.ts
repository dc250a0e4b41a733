/** The one table of reasons: why the gateway itself answered, refused or gave up. Body, headers, log, metrics and docs all read it. */

/** Whose fault a reason is. `plugin` is a plugin that is not built in. */
export type Fault = 'client' | 'upstream' | 'gateway' | 'plugin'

/** One reason. `code` is stable: it is never renamed and never reused. */
export interface Reason {
  /** Stable identifier, the same in body, log line, span and metric label. */
  readonly code: string
  /** HTTP status of the answer; 499 means that the exchange ended without one. */
  readonly status: number
  readonly fault: Fault
  /** What a person reads: short, constant, without a secret or an address. */
  readonly title: string
  /** RFC 9209 §2.3 error type for the Proxy-Status field, where one fits. */
  readonly proxyStatus?: string
  /** One sentence for `docs/reference/errors.md`: when it happens and what to do. */
  readonly help: string
}

type Row = readonly [status: number, fault: Fault, title: string, proxyStatus: string | undefined, help: string]

const table = {
  // The request itself
  'bad-request': [400, 'client', 'bad request', 'http_request_error', 'The bytes are not a valid HTTP/1.1 request.'],
  'bad-target': [
    400,
    'client',
    'bad request target',
    'http_request_error',
    'The path could be read differently by the gateway and the service behind it (encoded dot segments, backslash, control bytes), so ' +
      'it is refused.'
  ],
  'ambiguous-path': [
    400,
    'client',
    'ambiguous path',
    'http_request_error',
    'Read another way (encoded slash, doubled slash, `;` parameters) the path would match a different route, so it is refused.'
  ],
  'bad-host': [400, 'client', 'bad host', 'http_request_error', 'The Host header is missing, repeated or not a host name.'],
  'missing-token': [401, 'client', 'missing token', 'http_request_denied', 'The route needs a credential and the request carries none.'],
  'invalid-token': [
    401,
    'client',
    'invalid token',
    'http_request_denied',
    'The credential is malformed, expired, not yet valid or signed by an unknown key. The log has the cause.'
  ],
  'insufficient-scope': [
    403,
    'client',
    'insufficient scope',
    'http_request_denied',
    'The credential is valid but does not carry the scope or claim that the route asks for.'
  ],
  'forbidden': [403, 'client', 'forbidden', 'http_request_denied', 'A policy refused the request.'],
  'client-certificate-required': [
    403,
    'client',
    'client certificate required',
    'http_request_denied',
    'The route needs a certificate of the client (`client-certificate`), and the connection has none. It is no 401, because HTTP has no ' +
      'challenge that asks for a certificate.'
  ],
  'client-certificate-refused': [
    403,
    'client',
    'client certificate refused',
    'http_request_denied',
    'The certificate of the client is not trusted, has expired or fits no rule of `client-certificate`. The log has the cause.'
  ],
  'bad-websocket-handshake': [
    400,
    'client',
    'bad WebSocket handshake',
    'http_request_error',
    'The request asks for a WebSocket without a valid Sec-WebSocket-Key, or with a body (RFC 6455 §4.1).'
  ],
  'websocket-version': [
    426,
    'client',
    'unsupported WebSocket version',
    'http_request_error',
    'Sec-WebSocket-Version is not 13, the only version that is understood (RFC 6455 §4.4).'
  ],
  'websocket-refused': [403, 'client', 'no WebSocket here', 'http_request_denied', 'The route takes no WebSockets (`websocket: false`).'],
  'origin-refused': [
    403,
    'client',
    'origin not allowed',
    'http_request_denied',
    'The page that opens the WebSocket is not of an origin in `websocket.origins` of the route.'
  ],
  'too-many-websockets': [
    429,
    'client',
    'too many WebSockets',
    'http_request_denied',
    'The client has as many WebSockets open as `websocket.perClient` of the route allows.'
  ],
  'message-too-large': [
    499,
    'client',
    'message too large',
    undefined,
    'A message of the client was larger than `websocket.maxMessage`, so its WebSocket was closed (1009). Seen in log and metrics only.'
  ],
  'too-many-messages': [
    499,
    'client',
    'too many messages',
    undefined,
    'The client sent more than `websocket.messagesPerSecond`, so its WebSocket was closed (1008). Seen in log and metrics only.'
  ],
  'not-found': [404, 'client', 'not found', 'destination_not_found', 'No route fits host, path, headers and query.'],
  'method-not-allowed': [
    405,
    'client',
    'method not allowed',
    'http_request_denied',
    'A route fits the path but not the method; Allow lists those that do.'
  ],
  'conflict': [
    409,
    'client',
    'conflict',
    'http_request_denied',
    'The admin listener does not do this as long as the gateway is in its present state, such as to drain the last open target. The ' +
      'detail says what allows it.'
  ],
  'request-timeout': [
    408,
    'client',
    'request timeout',
    'http_request_error',
    'The request head did not arrive in time, or the body came too slowly (`server.timeouts.body`, `server.limits.bodyRate`).'
  ],
  'body-too-large': [
    413,
    'client',
    'body too large',
    'http_request_error',
    'The request body is larger than `limits.body` of the route or server.'
  ],
  'invalid-body': [
    400,
    'client',
    'invalid body',
    'http_request_denied',
    'The body is not what the route asks for (`body-validation`); `errors` says where and why.'
  ],
  'target-too-long': [414, 'client', 'request target too long', 'http_request_error', 'The URL is longer than `server.limits.url`.'],
  'unsupported-media-type': [
    415,
    'client',
    'unsupported media type',
    'http_request_denied',
    'The route takes bodies of another media type (`body-validation`).'
  ],
  'misdirected-request': [
    421,
    'client',
    'misdirected request',
    'http_request_error',
    'The connection was opened for another host (SNI), whose rules for client certificates differ from those of the host of the request. ' +
      'The client sends it again on a connection of its own.'
  ],
  'unsupported-expectation': [417, 'client', 'expectation failed', 'http_request_error', 'Only `Expect: 100-continue` is understood.'],
  'rate-limited': [429, 'client', 'rate limited', 'http_request_denied', 'The client used up a limit; Retry-After says when to come back.'],
  'headers-too-large': [
    431,
    'client',
    'request headers too large',
    'http_request_error',
    'The request head is larger than `server.limits.headers`.'
  ],
  'client-closed': [
    499,
    'client',
    'client closed the request',
    undefined,
    'The client left before the response was complete. Seen in log and metrics only.'
  ],
  'client-stalled': [
    499,
    'client',
    'client stopped reading',
    undefined,
    'The client took nothing of its response for `server.timeouts.write`, so its connection was cut. Seen in log and metrics only.'
  ],
  'loop': [508, 'client', 'loop detected', 'proxy_loop_detected', 'The request has already passed through this gateway (Via).'],
  'maintenance': [
    503,
    'client',
    'maintenance',
    'proxy_internal_response',
    'The gateway is in maintenance (`server.maintenance`, `onedoor maintenance on`). It is decided by an operator, so it counts as no ' +
      'fault of the gateway.'
  ],
  'rejected': [400, 'client', 'rejected', 'http_request_denied', 'A plugin refused the request with a status of its own.'],
  // The services behind
  'connection-refused': [
    502,
    'upstream',
    'bad gateway',
    'connection_refused',
    'The target refused the connection, or broke it off before it was made (TLS handshake).'
  ],
  'connection-terminated': [
    502,
    'upstream',
    'bad gateway',
    'connection_terminated',
    'The target closed or reset the connection before it sent a response.'
  ],
  'dns-error': [502, 'upstream', 'bad gateway', 'dns_error', 'The name of the target could not be resolved.'],
  'unroutable': [502, 'upstream', 'bad gateway', 'destination_ip_unroutable', 'There is no network route to the target.'],
  'tls-error': [
    502,
    'upstream',
    'bad gateway',
    'tls_certificate_error',
    'The TLS handshake with the target failed or its certificate is not trusted (`tls.ca`).'
  ],
  'protocol-unsupported': [
    502,
    'upstream',
    'bad gateway',
    'http_protocol_error',
    'The target does not speak HTTP/2, which `protocol` of its upstream says that it does.'
  ],
  'websocket-unsupported': [
    502,
    'gateway',
    'websocket not supported',
    'http_protocol_error',
    'The target speaks HTTP/2 and accepts no WebSockets over it (RFC 8441). Use `protocol: http1` for the upstream of this route.'
  ],
  'malformed-response': [
    502,
    'upstream',
    'bad gateway',
    'http_protocol_error',
    'The target sent bytes that are not a valid HTTP/1.1 response.'
  ],
  'response-too-large': [
    502,
    'upstream',
    'response too large',
    'http_response_body_size',
    'The body of the response is larger than a plugin that must read all of it allows.'
  ],
  'response-cut': [
    502,
    'upstream',
    'response incomplete',
    'http_response_incomplete',
    'The target closed the connection in the middle of its response; the client saw a cut.'
  ],
  'connect-timeout': [504, 'upstream', 'gateway timeout', 'connection_timeout', 'No connection to the target within `timeouts.connect`.'],
  'response-timeout': [
    504,
    'upstream',
    'gateway timeout',
    'http_response_timeout',
    'The target did not begin to respond within `timeouts.response`.'
  ],
  'idle-timeout': [
    504,
    'upstream',
    'gateway timeout',
    'connection_read_timeout',
    'The target stopped sending in the middle of its response for longer than `timeouts.idle`.'
  ],
  'total-timeout': [
    504,
    'upstream',
    'gateway timeout',
    'http_response_timeout',
    'All attempts together took longer than `timeouts.total`.'
  ],
  'exchange-timeout': [
    504,
    'upstream',
    'gateway timeout',
    'http_response_timeout',
    'Request and response together took longer than `timeouts.exchange`; the client saw a cut if the response had begun. Says nothing ' +
      'about the target: the client may be the slow one.'
  ],
  'deadline-exceeded': [
    504,
    'upstream',
    'deadline exceeded',
    'http_response_timeout',
    'The deadline of a gRPC client (`grpc-timeout`) has passed. Says nothing about the target, because the client chooses the deadline.'
  ],
  'upstream-error': [
    502,
    'upstream',
    'upstream error',
    undefined,
    'The upstream sent a response with a 5xx status, passed on unchanged. Seen in log and metrics only.'
  ],
  // The gateway
  'no-target': [
    503,
    'upstream',
    'service unavailable',
    'destination_unavailable',
    'Every target of the upstream is closed by a breaker, a health check or a cap, or none is known (`discovery` of `/upstreams`).'
  ],
  'overloaded': [
    503,
    'gateway',
    'overloaded',
    'connection_limit_reached',
    'A connection or queue limit is reached, or the request was refused because the gateway or the upstream cannot keep up ' +
      '(`overload`, `adaptiveConcurrency`).'
  ],
  'buffers-full': [
    503,
    'gateway',
    'out of buffers',
    'connection_limit_reached',
    'The request bodies that the gateway holds in memory have used up `server.limits.buffers`. Metric: `gateway_buffered_bytes`.'
  ],
  'out-of-resources': [
    503,
    'gateway',
    'service unavailable',
    'proxy_internal_response',
    'The gateway has no file descriptor, memory or local port left for a connection (EMFILE, ENFILE, ENOMEM, ENOBUFS, EADDRNOTAVAIL). ' +
      'Raise the limit of open files, or lower `server.limits.connections`.'
  ],
  'identity-unavailable': [
    503,
    'gateway',
    'identity service unavailable',
    'http_request_denied',
    'Keys or an identity service needed to judge the credential cannot be reached.'
  ],
  'limiter-unavailable': [
    503,
    'gateway',
    'rate limiter unavailable',
    'http_request_denied',
    'The store of a rate limit with `whenUnavailable: refuse` does not respond. The log has the cause.'
  ],
  'shutdown': [
    499,
    'gateway',
    'cut by the shutdown',
    undefined,
    'The request was not done when `server.shutdown.timeout` ended, after a signal to stop or a reload, so its connection was cut. ' +
      'Seen in log and metrics only.'
  ],
  'shutting-down': [503, 'gateway', 'shutting down', 'proxy_internal_response', 'The gateway is draining.'],
  'internal': [500, 'gateway', 'internal error', 'proxy_internal_error', 'A fault in the gateway; the log has the cause.'],
  // Plugins that are not built in
  'plugin-error': [
    500,
    'plugin',
    'plugin error',
    'proxy_internal_error',
    'A plugin of yours or a package failed. A status from 500 to 599 that its error has is kept. The log has policy, hook and cause.'
  ],
  'policy-timeout': [
    504,
    'plugin',
    'policy timeout',
    'proxy_internal_error',
    'A hook of a plugin did not end within `server.timeouts.policies`. The log has policy and hook.'
  ],
  'plugin-response': [
    500,
    'plugin',
    'plugin responded',
    undefined,
    'A plugin sent a response of its own with a status from 500 to 599. Seen in log and metrics only.'
  ]
} as const satisfies Record<string, Row>

/** Code of a built-in reason. */
export type ReasonCode = keyof typeof table

/** The built-in reasons by code. */
export const reasons = Object.fromEntries(Object.entries<Row>(table).map(([code, row]) => [
  code,
  toReason(code, row)
])) as Readonly<Record<ReasonCode, Reason>>

function toReason (code: string, [status, fault, title, proxyStatus, help]: Row): Reason {
  return Object.freeze({ code, status, fault, title, help, ...(proxyStatus === undefined ? {} : { proxyStatus }) })
}

/** What a {@link GatewayError} may carry beside its reason. */
export interface GatewayErrorOptions {
  /** For the log only; never sent. */
  readonly cause?: unknown
  /** A sentence for the client about this very request. Must not carry an address, a secret or a client's bytes. */
  readonly detail?: string
  /** Fields of the answer by lower-case name, such as `retry-after` or `www-authenticate`; several of one name as a list. */
  readonly headers?: Readonly<Record<string, string | string[]>>
  /** Further members of the problem document (RFC 9457 §3.2). */
  readonly members?: Readonly<Record<string, unknown>>
}

/** Thrown by any plugin to let the gateway answer with a reason. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly reason: Reason
  readonly code: string
  readonly statusCode: number
  readonly detail: string | undefined
  readonly headers: Readonly<Record<string, string | string[]>> | undefined
  readonly members: Readonly<Record<string, unknown>> | undefined

  constructor (reason: Reason | ReasonCode, options: GatewayErrorOptions = {}) {
    const row = typeof reason === 'string' ? reasons[reason] : reason
    super(options.detail ?? row.title, options.cause === undefined ? undefined : { cause: options.cause })
    this.reason = row
    this.code = row.code
    this.statusCode = row.status
    this.detail = options.detail
    this.headers = options.headers
    this.members = options.members
  }
}

/** Media type of every answer the gateway gives itself (RFC 9457). */
export const problemType = 'application/problem+json'

/** The problem document (RFC 9457) for a reason, as text. */
export function problemDocument (reason: Reason, requestId: string | undefined, error?: Partial<GatewayError>): string {
  return JSON.stringify({
    type: `urn:onedoor:error:${reason.code}`,
    title: reason.title,
    status: reason.status,
    code: reason.code,
    ...(error?.detail === undefined ? {} : { detail: error.detail }),
    ...(requestId === undefined ? {} : { requestId }),
    ...error?.members
  })
}

/** The Proxy-Status field (RFC 9209) of an answer the gateway gives itself. */
export function proxyStatus (via: string, reason: Reason): string {
  return reason.proxyStatus === undefined ? via : `${via}; error=${reason.proxyStatus}`
}
