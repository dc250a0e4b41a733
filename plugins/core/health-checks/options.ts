/** `upstreams.*.healthChecks`: the schema, and what it makes of the file. */

import Type, { type Static } from 'typebox'
import { Duration, Enum, TimeSpan } from '../../../src/index.ts'
import { StatusSchema } from '../../../src/config/index.ts'

const strict = { additionalProperties: false } as const

const FlappingSchema = Type.Object({
  changes: Type.Integer({ default: 6, minimum: 1, maximum: 100, description: 'Changes of health in the window above which a target flaps. Each further one doubles the passed probes it needs, up to eight times `healthyAfter`.' }),
  window: TimeSpan({ default: '10m', minimum: '1s', description: 'How far back changes are counted.' })
}, { ...strict, default: {}, description: 'Keeps a target out longer that comes and goes.' })

const ActiveSchema = Type.Object({
  type: Enum(['http', 'tcp'], { default: 'http', description: '`http` asks and reads the answer; `tcp` only opens a connection, for services without a health path.' }),
  path: Type.String({ default: '/health', pattern: '^/[!-~]*$', description: 'Path that is asked for, behind the base path of the target.' }),
  method: Enum(['GET', 'HEAD', 'OPTIONS'], { default: 'GET', description: 'Method of the probe.' }),
  port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535, description: 'Port that is asked, where it is not that of the target: services that show their health on a port of its own.', examples: [8081] })),
  host: Type.Optional(Type.String({ pattern: '^[!-~]+$', description: 'Host field of the probe, where it is not that of the target.', examples: ['users.internal'] })),
  headers: Type.Record(Type.String({ pattern: '^[!#$%&\'*+.^_`|~0-9A-Za-z-]+$' }), Type.String({ pattern: '^[\\t -~]*$' }), { default: {}, description: 'Further fields of the probe.', examples: [{ 'x-probe': 'onedoor' }] }),
  statuses: Type.Array(StatusSchema, { default: ['2xx'], minItems: 1, description: 'Statuses of a good answer; `2xx` stands for 200 to 299. Redirects are not followed.', examples: [[200, 204]] }),
  body: Type.Optional(Type.String({ minLength: 1, maxLength: 1024, description: 'Text that a good answer has in its first 64 KiB.', examples: ['"status":"UP"'] })),
  interval: Duration({ default: '5s', minimum: '10ms', description: 'From one probe to the next. The first one goes out at once.' }),
  noTrafficInterval: Type.Optional(Duration({ minimum: '10ms', description: 'The same while the upstream gets no requests, for targets that are well; the first request brings the usual pace back. Unless set: `interval`.', examples: ['1m'] })),
  jitter: Type.Number({ default: 0.1, minimum: 0, maximum: 0.5, description: 'Share by which each pause is longer or shorter, so that gateways do not ask in step.' }),
  timeout: Duration({ default: '1s', minimum: '1ms', description: 'For one whole probe; must be shorter than the interval.' }),
  healthyAfter: Type.Integer({ default: 2, minimum: 1, maximum: 1000, description: 'Passed probes in a row after which an unhealthy target is healthy again. At the start one is enough.' }),
  unhealthyAfter: Type.Integer({ default: 3, minimum: 1, maximum: 1000, description: 'Failed probes in a row after which a target is unhealthy.' }),
  flapping: FlappingSchema
}, { ...strict, description: 'Asks every target again and again how it is. `{}` takes the defaults.' })

const RetryAfterSchema = Type.Object({
  statuses: Type.Array(StatusSchema, { default: [503], description: 'Statuses whose Retry-After is heeded; `[]` heeds none. Add 429 only where the target limits the gateway as a whole: where it limits single clients, one of them would close it for all.', examples: [[429, 503]] }),
  max: TimeSpan({ default: '60s', minimum: '1s', description: 'Most that is heeded.' })
}, { ...strict, default: {}, description: 'Keeps requests away from a target for as long as it asked for.' })

const PassiveSchema = Type.Object({
  window: TimeSpan({ default: '30s', minimum: '10ms', description: 'How far back the traffic is looked at.' }),
  errorRate: Type.Number({ default: 0.5, exclusiveMinimum: 0, maximum: 1, description: 'Share of failed requests in the window from which a target is unhealthy: no answer, a cut answer, a 5xx or a status of `retry.on`.' }),
  minRequests: Type.Integer({ default: 10, minimum: 1, maximum: 1000000, description: 'Fewer requests than this in the window say nothing.' }),
  retryAfter: RetryAfterSchema
}, { ...strict, description: 'Watches the traffic to every target. `{}` takes the defaults.' })

const OutliersSchema = Type.Object({
  consecutive5xx: Type.Integer({ default: 5, minimum: 0, maximum: 1000000, description: 'Requests in a row that were answered 5xx, or not at all, after which a target is ejected; 0 switches this off.' }),
  consecutiveGatewayFailures: Type.Integer({ default: 5, minimum: 0, maximum: 1000000, description: 'The same for 502, 503, 504 and no answer; 0 switches this off.' }),
  successRateDeviation: Type.Number({ default: 1.9, minimum: 0, maximum: 10, description: 'Standard deviations below the mean success rate of the targets from which one is ejected at the end of an interval; 0 switches this off.' }),
  minTargets: Type.Integer({ default: 5, minimum: 2, maximum: 10000, description: 'Fewer comparable targets than this have no mean.' }),
  minRequests: Type.Integer({ default: 100, minimum: 1, maximum: 1000000, description: 'Requests in an interval that make a target comparable.' }),
  interval: TimeSpan({ default: '10s', minimum: '10ms', description: 'How often success rates are compared.' }),
  ejectFor: TimeSpan({ default: '30s', minimum: '10ms', description: 'How long a target stays out, times the number of its ejections; every quiet interval takes one off that number.' }),
  maxEjectFor: TimeSpan({ default: '5m', minimum: '10ms', description: 'Most that it grows to.' }),
  maxEjected: Type.Number({ default: 0.5, minimum: 0, maximum: 1, description: 'Largest share of the targets that may be out at once. One may always be, unless it is the only one.' })
}, { ...strict, order: [{ least: 'ejectFor', most: 'maxEjectFor' }], description: 'Compares the targets with each other and ejects the odd one out. `{}` takes the defaults.' })

const HealthChecksSchema = Type.Object({
  active: Type.Optional(ActiveSchema),
  passive: Type.Optional(PassiveSchema),
  outliers: Type.Optional(OutliersSchema),
  whenNoneHealthy: Enum(['fail-open', 'fail-closed'], { default: 'fail-open', description: 'When no target is healthy: `fail-open` uses them all the same, `fail-closed` answers 503.' }),
  panicThreshold: Type.Number({ default: 0, minimum: 0, maximum: 1, description: 'While fewer than this share of the targets is healthy, health is not heeded, because the few would be overrun next; 0 waits until none is.' })
}, { ...strict, description: 'Takes sick targets out of rotation. A target is used when nothing speaks against it: neither probes nor traffic.' })

/** The key as `upstreams.*` has it. */
export const healthChecksKey = Type.Optional(HealthChecksSchema)

/** After validation: durations are milliseconds, defaults are filled in. */
export type HealthChecksConfig = Static<typeof HealthChecksSchema>

export type ActiveConfig = Static<typeof ActiveSchema>

export type PassiveConfig = Static<typeof PassiveSchema>

export type OutliersConfig = Static<typeof OutliersSchema>
