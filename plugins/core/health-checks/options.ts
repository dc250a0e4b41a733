/** The options `upstreams.*.healthChecks`: schema and types. */

import Type, { type Static } from '#typebox'
import { Duration, Enum, TimeSpan } from '../../../src/index.ts'
import { StatusSchema } from '../../../src/config/index.ts'

const strict = { additionalProperties: false } as const

const FlappingSchema = Type.Object({
  changes: Type.Integer({ default: 6, minimum: 1, maximum: 100, description: 'Changes of health in the window above which a target ' +
    'flaps. Each further one doubles the passed probes it needs, up to eight times `healthyAfter`.' }),
  window: TimeSpan({ default: '10m', minimum: '1s', description: 'How far back changes are counted.' })
}, { ...strict, default: {}, description: 'Keeps a target that changes its health often out of rotation for longer.' })

const ActiveSchema = Type.Object({
  type: Enum(['http', 'tcp', 'grpc'], { default: 'http', description: '`http` sends a request and checks the response; `tcp` only opens ' +
    'a connection, for services without a health path; `grpc` calls grpc.health.v1, for upstreams with `protocol: h2` or `h2c`.' }),
  service: Type.Optional(Type.String({ maxLength: 1024, description: 'The gRPC service whose health is asked for, if not that of the ' +
    'server as a whole.', examples: ['shop.Orders'] })),
  path: Type.String({ default: '/health', pattern: '^/[!-~]*$', description: 'Path of the probe, after the base path of the target.' }),
  method: Enum(['GET', 'HEAD', 'OPTIONS'], { default: 'GET', description: 'Method of the probe.' }),
  port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535, description: 'Port of the probe, if not that of the target, for ' +
    'services with a separate health port.', examples: [8081] })),
  host: Type.Optional(Type.String({
    pattern: '^[!-~]+$',
    description: 'Host field of the probe, if not that of the target.',
    examples: ['users.internal']
  })),
  headers: Type.Record(Type.String({
    pattern: '^[!#$%&\'*+.^_`|~0-9A-Za-z-]+$'
  }), Type.String({ pattern: '^[\\t -~]*$' }), { default: {},
    description: 'Further header fields of the probe.', examples: [{ 'x-probe': 'onedoor' }] }),
  statuses: Type.Array(StatusSchema, { default: ['2xx'], minItems: 1, description: 'Statuses of a passed probe; `2xx` stands for 200 to ' +
    '299. Redirects are not followed.', examples: [[200, 204]] }),
  body: Type.Optional(Type.String({ minLength: 1, maxLength: 1024, description: 'Text that the first 64 KiB of the response body must ' +
    'contain.', examples: ['"status":"UP"'] })),
  interval: Duration({ default: '5s', minimum: '10ms', description: 'Time from one probe to the next. The first one is sent at once.' }),
  noTrafficInterval: Type.Optional(Duration({ minimum: '10ms', description: 'The interval for healthy targets while the upstream gets no ' +
    'requests; the first request restores the usual interval. Default: `interval`.', examples: ['1m'] })),
  jitter: Type.Number({ default: 0.1, minimum: 0, maximum: 0.5, description: 'Share by which each interval is randomly longer or ' +
    'shorter, so that gateways do not probe in step.' }),
  timeout: Duration({ default: '1s', minimum: '1ms', description: 'Timeout of one whole probe; must be shorter than the interval.' }),
  healthyAfter: Type.Integer({ default: 2, minimum: 1, maximum: 1000, description: 'Passed probes in a row after which an unhealthy ' +
    'target is healthy again. At the start one is enough.' }),
  unhealthyAfter: Type.Integer({ default: 3, minimum: 1, maximum: 1000, description: 'Failed probes in a row after which a target is ' +
    'unhealthy.' }),
  flapping: FlappingSchema
}, { ...strict, description: 'Active checks: probes every target periodically. `{}` uses the defaults.' })

const RetryAfterSchema = Type.Object({
  statuses: Type.Array(StatusSchema, { default: [503], description: 'Statuses whose Retry-After is respected; `[]` for none. Add 429 ' +
    'only where the target limits the gateway as a whole: where it limits single clients, one of them would close it for all.', examples: [[
      429,
      503
    ]] }),
  max: TimeSpan({ default: '60s', minimum: '1s', description: 'The longest Retry-After that is respected.' })
}, { ...strict, default: {}, description: 'Sends no requests to a target for the time of its Retry-After.' })

const PassiveSchema = Type.Object({
  window: TimeSpan({ default: '30s', minimum: '10ms', description: 'Length of the window of traffic.' }),
  errorRate: Type.Number({ default: 0.5, exclusiveMinimum: 0, maximum: 1, description: 'Share of failed requests in the window from ' +
    'which a target is unhealthy. Failures are a missing or truncated response, a 5xx, or a status of `retry.on`.' }),
  minRequests: Type.Integer({ default: 10, minimum: 1, maximum: 1000000, description: 'With fewer requests than this in the window the ' +
    'target is not judged.' }),
  retryAfter: RetryAfterSchema
}, { ...strict, description: 'Passive checks: watches the traffic to every target. `{}` uses the defaults.' })

const OutliersSchema = Type.Object({
  consecutive5xx: Type.Integer({ default: 5, minimum: 0, maximum: 1000000, description: 'Consecutive requests with a 5xx or no response ' +
    'after which a target is ejected; 0 disables this.' }),
  consecutiveGatewayFailures: Type.Integer({ default: 5, minimum: 0, maximum: 1000000, description: 'The same for 502, 503, 504 and no ' +
    'response; 0 disables this.' }),
  successRateDeviation: Type.Number({ default: 1.9, minimum: 0, maximum: 10, description: 'Standard deviations below the mean success ' +
    'rate of the targets from which one is ejected at the end of an interval; 0 disables this.' }),
  minTargets: Type.Integer({ default: 5, minimum: 2, maximum: 10000, description: 'The fewest comparable targets that a mean is computed ' +
    'for.' }),
  minRequests: Type.Integer({ default: 100, minimum: 1, maximum: 1000000, description: 'Requests in an interval that make a target ' +
    'comparable.' }),
  interval: TimeSpan({ default: '10s', minimum: '10ms', description: 'How often success rates are compared.' }),
  ejectFor: TimeSpan({ default: '30s', minimum: '10ms', description: 'Time of an ejection, multiplied by the number of ejections of the ' +
    'target. Every interval without one reduces that number by one.' }),
  maxEjectFor: TimeSpan({ default: '5m', minimum: '10ms', description: 'The longest time of an ejection.' }),
  maxEjected: Type.Number({ default: 0.5, minimum: 0, maximum: 1, description: 'Largest share of the targets that may be ejected at ' +
    'once. One always may, unless it is the only one.' })
}, { ...strict, order: [{ least: 'ejectFor', most: 'maxEjectFor' }], description: 'Outlier ejection: compares the targets with each ' +
  'other and ejects those that fail more. `{}` uses the defaults.' })

const HealthChecksSchema = Type.Object({
  active: Type.Optional(ActiveSchema),
  passive: Type.Optional(PassiveSchema),
  outliers: Type.Optional(OutliersSchema),
  whenNoneHealthy: Enum(['fail-open', 'fail-closed'], { default: 'fail-open', description: 'When no target is healthy: `fail-open` uses ' +
    'all of them, `fail-closed` responds with 503.' }),
  panicThreshold: Type.Number({ default: 0, minimum: 0, maximum: 1, description: 'While a smaller share than this of the targets is ' +
    'healthy, health is ignored, because the few would be overloaded; 0 waits until none is healthy.' })
}, { ...strict, description: 'Takes unhealthy targets out of rotation. A target is used when neither probes nor traffic show a problem.' })

/** The key as `upstreams.*` has it. */
export const healthChecksKey = Type.Optional(HealthChecksSchema)

/** After validation: durations are milliseconds, defaults are filled in. */
export type HealthChecksConfig = Static<typeof HealthChecksSchema>

export type ActiveConfig = Static<typeof ActiveSchema>

export type PassiveConfig = Static<typeof PassiveSchema>

export type OutliersConfig = Static<typeof OutliersSchema>
