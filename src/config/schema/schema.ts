/** The keys of gateway.yaml that the kernel itself owns. All others are declared by the plugin that reads them. */

import Type, { type TSchema } from 'typebox'
import { logLevels } from '../../logging/log-levels.ts'
import type { Order } from './json-schema.ts'
import { Duration, Enum, Secret, Size } from './units.ts'

const strict = { additionalProperties: false } as const
const port = (options: object): Type.TInteger => Type.Integer({ minimum: 0, maximum: 65535, ...options })

/** `server`: the public listener. */
export const ServerSchema = Type.Object({
  host: Type.String({ default: '0.0.0.0', minLength: 1, description: 'Address to listen on.' }),
  port: port({ default: 8080, description: 'Port to listen on; 0 takes any free one.' }),
  trustProxy: Type.Array(Type.String(), {
    default: [],
    description: 'Networks of the proxies in front whose X-Forwarded-* and Forwarded fields are believed: CIDR ranges, addresses, `loopback`, `private`.',
    examples: [['10.0.0.0/8']]
  }),
  clientIpHeader: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9-]+$', expected: 'the name of a header field', description: 'Field in which the proxies of `trustProxy` name the client, instead of X-Forwarded-For. From any other peer it is ignored and not passed on.', examples: ['cf-connecting-ip', 'true-client-ip'] })),
  proxyProtocol: Type.Array(Type.String(), {
    default: [],
    description: 'Networks of the balancers in front that begin each connection with the header of the PROXY protocol (version 1 or 2), written as in `trustProxy`. Its client is the peer in everything else, `trustProxy` included. Such a balancer must send it, and from any other peer it is a 400.',
    examples: [['10.0.0.0/8']]
  }),
  name: Type.String({ default: 'onedoor', pattern: '^[A-Za-z0-9._-]+$', description: 'Pseudonym of this gateway in Via and Proxy-Status; a request that already carries it has looped.' }),
  policies: Type.Array(Type.String(), { default: [], description: 'Policies for every request, before the route\'s own, also where no route matches.' }),
  requireAuth: Type.Boolean({ default: false, description: 'Whether every route must list a policy that asks who its clients are, or say `public: true`; one that does neither is a mistake.' }),
  shutdown: Type.Object({
    delay: Duration({ default: '0s', description: 'How long to keep accepting after SIGTERM while `/readyz` already says 503, so that balancers in front can notice.' }),
    timeout: Duration({ default: '30s', description: 'How long requests in flight may take to finish before they are cut.' })
  }, { ...strict, default: {} }),
  timeouts: Type.Object({
    headers: Duration({ default: '15s', description: 'For the whole request head to arrive; 408 after it. `0s` for both is no timeout.' }),
    request: Duration({ default: '5m', description: 'For the whole request, body included, to arrive; 408 after it.' }),
    body: Duration({ default: '20s', description: 'Longest silence of a client in the middle of its request body, and how long it may stay below `limits.bodyRate`; 408 after it. `0s` for any.' }),
    keepAlive: Duration({ default: '72s', description: 'How long an idle connection is kept; keep it above that of the balancer in front.' }),
    write: Duration({ default: '60s', description: 'Longest time in which a client may take nothing of the response that is written to it; its connection is cut after it. 0s for ever.' }),
    linger: Duration({ default: '5s', description: 'Longest silence of a client that is still sending when its connection is closed, as after a refused upload: what it sends is thrown away, for six times as long at most, so that it can read the response. 0s closes at once.' })
  }, { ...strict, default: {}, order: [{ least: 'headers', most: 'request' }, { least: 'body', most: 'request', warning: 'is never reached, the whole time ends first' }] }),
  limits: Type.Object({
    url: Size({ default: '8kib', minimum: '1b', maximum: '1mib', description: 'Longest request target; 414 above it.' }),
    headers: Size({ default: '32kib', minimum: '1kib', maximum: '16mib', description: 'Largest request head; 431 above it.' }),
    body: Size({ default: '10mib', description: 'Largest request body, counted on the stream; 413 above it. A route may set its own.' }),
    bodyRate: Size({ default: '500b', description: 'Bytes of its request body that a client must send a second, measured while the gateway waits for it; 408 when it has been slower for `timeouts.body`. `0b` for any rate.' }),
    buffers: Size({ default: '256mib', description: 'Most memory for request bodies that are read ahead or whole, of all requests together; 503 `buffers-full` above it.' }),
    connections: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000_000, description: 'Most client connections at once; 503 above it. Unless set, half of the files that the process may open, at most 100000, and 4096 where their number is not known. 0 is no limit.' }))
  }, { ...strict, default: {}, order: [{ least: 'url', most: 'headers', warning: 'no request target is that long, because the whole head is not' }] })
}, { ...strict, default: {}, description: 'The public listener.' })

/** `admin`: the second listener, for operators. */
export const AdminSchema = Type.Object({
  enabled: Type.Boolean({ default: true, description: 'Whether there is an admin listener.' }),
  host: Type.String({ default: '127.0.0.1', minLength: 1, description: 'Address to listen on. Anything but loopback needs a token.' }),
  port: port({ default: 9901, description: 'Port to listen on; 0 takes any free one.' }),
  token: Type.Optional(Secret({ description: 'Bearer token asked of every admin request but the health endpoints.' })),
  allowedHosts: Type.Array(Type.String(), { default: [], description: 'Host names, beside loopback and the listener\'s own address, under which a browser may reach it.' })
}, { ...strict, default: {}, description: 'The admin listener: health, metrics, state and reload.' })

/** `logging`: the process log. */
export const LoggingSchema = Type.Object({
  level: Enum(logLevels, { default: 'info', description: 'Least severe level that is written.' }),
  format: Enum(['auto', 'json', 'pretty'], { default: 'auto', description: '`json` is one object a line; `pretty` is for eyes; `auto` is pretty on a terminal.' }),
  redact: Type.Array(Type.String(), {
    default: [],
    description: 'What is taken out beside credentials: `header:NAME`, `query:NAME` (in the access log), or a path into what plugins log.',
    examples: [['header:x-secret', 'query:email', 'user.email', '*.password']]
  })
}, { ...strict, default: {}, description: 'The log on standard output.' })

/** `dns`: how the names of targets and services are looked up. */
export const DnsSchema = Type.Object({
  resolvers: Type.Array(Type.String({ minLength: 1 }), {
    default: [],
    description: 'Name servers, each an IP address with an optional port; those of the system unless set. `/etc/hosts` comes first in any case; search domains are applied only with those of the system.',
    examples: [['10.0.0.2', '127.0.0.1:8600']]
  })
}, { ...strict, default: {}, description: 'How the names of targets, of identity services and of stores are looked up.' })

/** One entry of `upstreams.*.targets`; `keys` are those that plugins declare. */
export function targetSchema (keys: Readonly<Record<string, TSchema>>): TSchema {
  return Type.Union([
    Type.String({ pattern: '^https?://', description: 'Origin, with an optional base path.', examples: ['http://10.0.0.7:3000'] }),
    Type.Object({
      url: Type.Optional(Type.String({ pattern: '^https?://', expected: 'an http:// or https:// URL', description: 'Origin, with an optional base path.' })),
      weight: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000, description: 'Share of the traffic relative to the other targets (1 unless set); 0 drains the target.' })),
      ...keys
    }, strict)
  ], { expected: 'an http:// or https:// URL, or a mapping with `url`' })
}

/** `upstreams.*.timeouts` */
export const TimeoutsSchema = Type.Object({
  connect: Duration({ default: '5s', description: 'For a connection, TLS included; 504 `connect-timeout`.' }),
  response: Duration({ default: '30s', description: 'For the head of the answer, per attempt; 504 `response-timeout`.' }),
  idle: Duration({ default: '60s', description: 'Longest silence in the middle of an answer; 0s for streams that may be silent for ever. The client sees a cut.' }),
  total: Duration({ default: '35s', description: 'For the head of the answer, all attempts together; 504 `total-timeout`. A body may take longer.' }),
  exchange: Duration({ default: '0s', description: 'For everything, from the head of the request to the end of the answer, event streams excepted; 504 `exchange-timeout`, or a cut where the answer has begun. `0s` for as long as both sides go on.' }),
  header: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9-]+$', expected: 'the name of a header field', description: 'Field in which each attempt is told how many milliseconds of `total` are left.', examples: ['x-request-timeout-ms'] }))
}, {
  ...strict,
  default: {},
  description: 'How long to wait for the targets. `0s` switches a timeout off.',
  order: [
    { least: 'connect', most: 'total', warning: 'is never reached, the whole time ends first' },
    { least: 'response', most: 'total', warning: 'is never reached, the whole time ends first' },
    { least: 'total', most: 'exchange', warning: 'is never reached, the whole exchange ends first' }
  ]
})

/** `upstreams.*.retry` */
export const RetrySchema = Type.Object({
  attempts: Type.Integer({ default: 2, minimum: 1, maximum: 10, description: 'Most attempts for one request, the first included; 1 never retries.' }),
  on: Type.Array(Type.Union([
    Enum(['connect', 'reset', 'timeout', 'malformed']),
    Type.Integer({ minimum: 400, maximum: 599 })
  ], { expected: 'connect, reset, timeout, malformed or a status from 400 to 599' }), {
    default: ['connect', 'reset'],
    description: 'What is worth another attempt: `connect` (no connection: safe for every method), `reset`, `timeout`, `malformed` and statuses (requests that may be repeated only).'
  }),
  methods: Type.Array(Type.String({ pattern: '^[A-Z]+$', expected: 'a method in capitals' }), {
    default: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'QUERY'],
    description: 'Methods whose requests may be repeated when a target may already have acted on them. Add POST only where doing it twice is the same as doing it once.'
  }),
  bufferBody: Size({ default: '0b', maximum: '1gib', description: 'Requests with a body of a declared length up to this are read whole before they are sent, so that they can be repeated; others cannot, once their body has begun to flow. Those below 16 KiB that come at once can in any case.' }),
  backoff: Type.Object({
    base: Duration({ default: '25ms', description: 'Longest wait before the second attempt; doubled for each one after it.' }),
    max: Duration({ default: '250ms', description: 'Longest wait of all.' })
  }, { ...strict, default: {}, order: [{ least: 'base', most: 'max' }], description: 'How long to wait before another attempt, chosen evenly between nothing and the bound. Where there was no connection and another target is there, nothing is waited for.' }),
  retryAfter: Duration({ default: '3s', description: 'Longest Retry-After of a target that is waited for when only that target is left; the answer is passed on when it asks for more.' }),
  budget: Type.Object({
    ratio: Type.Number({ default: 0.2, minimum: 0, maximum: 1, description: 'Share of extra attempts, in first ones.' }),
    minimum: Type.Integer({ default: 3, minimum: 0, maximum: 1000, description: 'Extra attempts at once that are free in quiet times.' })
  }, { ...strict, default: {}, description: 'How many extra attempts all requests together may cause, so that an outage is never doubled.' }),
  hedge: Type.Optional(Type.Object({
    after: Type.Union([Type.Literal('p95'), Duration({ minimum: '1ms' })], { expected: 'a duration such as 200ms, or p95', description: 'How long a target may be silent before another one is asked as well: a duration, or `p95`, the time within which 95 of 100 answers begin.' })
  }, { ...strict, description: 'Asks a second target when the first is slow; the first good answer counts, the other is dropped. For requests that may be repeated, within `attempts` and `budget`.' }))
}, { ...strict, default: {}, description: 'When another attempt is made; it goes to another target as long as there is one.' })

/** `upstreams.*.tls` */
export const TlsSchema = Type.Object({
  ca: Type.Optional(Type.String({ description: 'Certificates (PEM) that are trusted instead of the public ones.', examples: ['${file:/run/secrets/ca.pem}'] })),
  cert: Type.Optional(Type.String({ description: 'Client certificate (PEM) shown to the targets.' })),
  key: Type.Optional(Secret({ description: 'Private key (PEM) of the client certificate.' })),
  serverName: Type.Optional(Type.String({ description: 'Name that is asked for and verified, where it differs from the host of the URL.' })),
  verify: Type.Boolean({ default: true, description: 'Whether certificates are verified. Switching it off is for experiments.' })
}, { ...strict, default: {}, description: 'TLS towards https:// targets.' })

/** `upstreams.*.connections` */
export const ConnectionsSchema = Type.Object({
  max: Type.Integer({ default: 1024, minimum: 1, maximum: 65535, description: 'Most connections to one target.' }),
  pending: Type.Integer({ default: 1024, minimum: 0, maximum: 1000000, description: 'Most requests that may wait for one of them; above it the target counts as closed.' }),
  keepAlive: Duration({ default: '55s', minimum: '1ms', description: 'How long an idle connection is kept; keep it below that of the targets.' }),
  responseHeaders: Size({ default: '64kib', minimum: '1kib', maximum: '16mib', description: 'Largest head of a response; 502 `malformed-response` above it.' })
}, { ...strict, default: {}, description: 'Connections to each target.' })

/** Pairs of quantities of one upstream that stand in different keys of it. */
export const upstreamOrder: readonly Order[] = [
  { least: 'retry.hedge.after', most: 'timeouts.response', warning: 'no second target is ever asked, the first one is given up sooner' },
  { least: 'retry.hedge.after', most: 'timeouts.total', warning: 'no second target is ever asked, the whole time ends sooner' },
  { least: 'retry.retryAfter', most: 'timeouts.total', warning: 'is never waited for, the whole time ends first' }
]

/** `upstreams.*.fallback` */
export const FallbackSchema = Type.Union([
  Type.String({ description: 'Name of the upstream.' }),
  Type.Object({
    upstream: Type.String({ description: 'Name of the upstream.' }),
    on: Type.Array(Type.Integer({ minimum: 400, maximum: 599 }), { default: [], description: 'Statuses after which it is asked too, where the request may be repeated. Other responses are passed on, also those with a 5xx.', examples: [[502, 503, 504]] })
  }, strict)
], { expected: 'the name of an upstream, or a mapping with `upstream`', description: 'Upstream that serves a request when this one cannot: no target is open, an admission refuses, or no attempt got a response and the request may be repeated.', examples: ['orders-static'] })

/** Kernel keys of one upstream. */
export const upstreamKeys = {
  timeouts: TimeoutsSchema,
  retry: RetrySchema,
  tls: TlsSchema,
  connections: ConnectionsSchema,
  fallback: Type.Optional(FallbackSchema)
}

/** Kernel keys of one route. */
export const RouteSchema = Type.Object({
  path: Type.String({ minLength: 1, maxLength: 2048, description: 'What the path must look like: exact `/users`, parameter `/users/:id`, wildcard `/users/*` (which also fits `/users`). The most specific route wins, whatever the order in the file.', examples: ['/users/*'] }),
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Name in logs and metrics; the path pattern unless set.' })),
  policies: Type.Array(Type.String(), { default: [], description: 'Names of policies, in running order.' }),
  public: Type.Optional(Type.Boolean({ description: 'Whether it is meant that everybody may use the route, without a policy that asks who they are.' })),
  upstream: Type.Optional(Type.String({ description: 'Name of the upstream that serves the route.' })),
  target: Type.Optional(Type.String({ pattern: '^https?://', expected: 'an http:// or https:// URL', description: 'Shorthand for an upstream with this one target.' })),
  split: Type.Optional(Type.Array(Type.Object({
    upstream: Type.String({ description: 'Name of an upstream.' }),
    weight: Type.Integer({ minimum: 0, maximum: 1000000, description: 'Share of the requests, relative to the other upstreams of the split.' })
  }, strict), { minItems: 1, description: 'Several upstreams that share the requests by weight, such as a canary.' }))
}, strict)

/** One entry of `policies` or `plugins`: the options are checked against the plugin's own schema. */
export const PluginEntrySchema = Type.Object({
  plugin: Type.String({ minLength: 1, description: 'A built-in plugin by name, your own by path (`./plugins/stamp.ts`), or a package.' })
}, { additionalProperties: true })
