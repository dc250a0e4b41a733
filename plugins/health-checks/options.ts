/** `upstreams.*.healthChecks`: the schema, and what it makes of the file. */

import Type, { type Static } from 'typebox'
import { Duration, Enum } from '../../src/config/units.ts'
import { StatusSchema } from '../../src/config/status-set.ts'

const strict = { additionalProperties: false } as const

const ActiveSchema = Type.Object({
  path: Type.String({ default: '/health', pattern: '^/[!-~]*$', description: 'Path that is asked for, behind the base path of the target.' }),
  method: Enum(['GET', 'HEAD'], { default: 'GET', description: 'Method of the probe.' }),
  interval: Duration({ default: '5s', minimum: '10ms', description: 'From one probe to the next, give or take a tenth. The first one goes out at once.' }),
  timeout: Duration({ default: '1s', minimum: '1ms', description: 'For one whole probe; must be shorter than the interval.' }),
  healthyAfter: Type.Integer({ default: 2, minimum: 1, maximum: 1000, description: 'Passed probes in a row after which an unhealthy target is healthy again.' }),
  unhealthyAfter: Type.Integer({ default: 3, minimum: 1, maximum: 1000, description: 'Failed probes in a row after which a target is unhealthy.' }),
  statuses: Type.Array(StatusSchema, { default: ['2xx'], minItems: 1, description: 'Statuses of a good answer; `2xx` stands for 200 to 299. Redirects are not followed.', examples: [[200, 204]] })
}, { ...strict, description: 'Asks every target again and again how it is. `{}` takes the defaults.' })

const PassiveSchema = Type.Object({
  window: Duration({ default: '30s', minimum: '10ms', description: 'How far back the traffic is looked at.' }),
  errorRate: Type.Number({ default: 0.5, exclusiveMinimum: 0, maximum: 1, description: 'Share of failed requests in the window from which a target is unhealthy: no answer, a cut answer, a 5xx or a status of `retry.on`.' }),
  minRequests: Type.Integer({ default: 10, minimum: 1, maximum: 1000000, description: 'Fewer requests than this in the window say nothing.' })
}, { ...strict, description: 'Watches the traffic to every target. `{}` takes the defaults.' })

const HealthChecksSchema = Type.Object({
  active: Type.Optional(ActiveSchema),
  passive: Type.Optional(PassiveSchema),
  whenNoneHealthy: Enum(['fail-open', 'fail-closed'], { default: 'fail-open', description: 'When no target is healthy: `fail-open` uses them all the same, `fail-closed` answers 503.' })
}, { ...strict, description: 'Takes sick targets out of rotation. A target is used when neither probes nor traffic speak against it.' })

/** The key as `upstreams.*` has it. */
export const healthChecksKey = Type.Optional(HealthChecksSchema)

/** After validation: durations are milliseconds, defaults are filled in. */
export type HealthChecksConfig = Static<typeof HealthChecksSchema>

export type ActiveConfig = Static<typeof ActiveSchema>
