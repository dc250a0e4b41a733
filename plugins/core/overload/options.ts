/** The keys of overload protection in gateway.yaml. */

import Type, { type Static } from '#typebox'
import { type Config, Duration, Enum, type Report, TimeSpan } from '../../../src/index.ts'
import { child } from '../../../src/config/index.ts'
import { priorities, usual, type Priority } from './priority.ts'

const strict = { additionalProperties: false } as const

export const OverloadSchema = Type.Object({
  eventLoopDelay: Duration({ default: '100ms', minimum: '10ms', description: 'Delay of the event loop (99th percentile of a window) from ' +
    'which requests of priority `low` are rejected; `normal` from twice and `high` from four times as much, `critical` never.' }),
  window: Duration({ default: '500ms', minimum: '50ms', maximum: '1m', description: 'Length of one measurement. Two in a row must exceed ' +
    'the threshold.' }),
  calmFor: TimeSpan({ default: '2s', description: 'How long the delay must stay below half of the threshold before the next priority is ' +
    'admitted again.' })
}, { ...strict, description: 'Rejects requests, the least important first, while the gateway itself is overloaded. `{}` uses the ' +
  'defaults; without the key nothing is measured.' })

const share = (value: number, whom: string): ReturnType<typeof Type.Number> => Type.Number({
  default: value,
  minimum: 0,
  maximum: 1,
  description: `Share of the limit up to which ${whom} are let through when the limit is reached.`
})

export const AdaptiveConcurrencySchema = Type.Object({
  initial: Type.Integer({ default: 20, minimum: 1, maximum: 100000, description: 'The initial limit.' }),
  min: Type.Integer({ default: 20, minimum: 1, maximum: 100000, description: 'The lower bound of the limit.' }),
  max: Type.Integer({ default: 200, minimum: 1, maximum: 100000, description: 'The upper bound of the limit.' }),
  tolerance: Type.Number({ default: 1.5, minimum: 1, maximum: 10, description: 'The ratio to the long-run latency up to which a latency ' +
    'is not a sign of queueing.' }),
  window: Duration({ default: '100ms', minimum: '1ms', maximum: '1m', description: 'Shortest time over which latencies are averaged ' +
    'before they move the limit; a window has at least ten responses.' }),
  shares: Type.Object({
    low: share(0, 'requests of priority `low`'),
    normal: share(0.1, 'requests of priority `normal`'),
    high: share(0.2, 'requests of priority `high`'),
    critical: share(0.3, 'requests of priority `critical`')
  }, { ...strict, default: {}, description: 'The shares of priorities that are guaranteed when the limit is reached.' })
}, { ...strict, description: 'A limit of concurrent requests to the upstream that adapts to their latency. `{}` uses the defaults; ' +
  'without the key there is no limit.' })

export const PriorityKey = Enum(priorities, { default: usual, description: 'Priority of the requests of this route under overload ' +
  '(`overload`, `adaptiveConcurrency`); `low` is rejected first.' })

declare module '../../../src/index.ts' {
  interface RootKeys {
    readonly overload?: Static<typeof OverloadSchema>
  }
  interface UpstreamConfig {
    readonly adaptiveConcurrency?: Static<typeof AdaptiveConcurrencySchema>
  }
  interface RouteConfig {
    readonly priority: Priority
  }
}

/** Reports limits that contradict each other. */
export function checkOverload ({ upstreams }: Config, report: Report): void {
  for (const [name, { adaptiveConcurrency: limits }] of Object.entries(upstreams)) {
    if (limits === undefined) continue
    const pointer = child(child('/upstreams', name), 'adaptiveConcurrency')
    const { initial, min, max, shares } = limits
    if (min > max) report({ pointer: child(pointer, 'min'), message: `must not be above "max" (${max}), got ${min}` })
    else if (initial < min || initial > max) report({
      pointer: child(pointer, 'initial'),
      message: `must be from "min" (${min}) to "max" (${max}), got ${initial}`
    })
    const sum = shares.low + shares.normal + shares.high + shares.critical
    // With what floating point makes of 0.1 + 0.2 + 0.7.
    if (sum > 1 + 1e-9) report({ pointer: child(pointer, 'shares'), message: `all shares together must not be above 1, got ${sum}` })
  }
}
