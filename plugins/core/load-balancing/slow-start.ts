/** Slow start: a new or recovered target gets its full share only after a while, so that cold caches and pools are not overloaded. */

import Type, { type Static } from '#typebox'
import { type Random, type Target, type TargetFilter, TimeSpan } from '../../../src/index.ts'

const window = { minimum: '1ms', description: 'Time until a target has its full share.' } as const

/** `upstreams.*.slowStart` */
export const SlowStartSchema = Type.Union([
  TimeSpan(window),
  Type.Object({
    window: TimeSpan(window),
    aggression: Type.Number({ default: 1, minimum: 0.1, maximum: 10, description: 'How the share grows: 1 evenly, above 1 fast at first, ' +
      'below 1 slowly at first.' }),
    minimum: Type.Number({ default: 0.1, minimum: 0.01, maximum: 1, description: 'Share to begin with.' })
  }, { additionalProperties: false })
], {
  description: 'Time in which the share of a target grows from 10 % to that of its weight, after it joined or was closed by a breaker or ' +
    'a health check. Not at the start of the gateway, when all targets are new.',
  examples: ['30s', { window: '1m', aggression: 1.5, minimum: 0.05 }]
})

export interface SlowStart {
  /** Milliseconds. */
  readonly window: number
  readonly aggression: number
  readonly minimum: number
}

/** Normalizes both notations. */
export function readSlowStart (written: Static<typeof SlowStartSchema>): SlowStart {
  return typeof written === 'number' ? { window: written, aggression: 1, minimum: 0.1 } : written
}

/** The part of its usual share that a target gets, from `minimum` to 1, `age` milliseconds after it opened. The formula is Envoy's. */
export function shareAt (age: number, { window, aggression, minimum }: SlowStart): number {
  return age >= window ? 1 : Math.max(minimum, (Math.max(0, age) / window) ** (1 / aggression))
}

/** Removes a warming target from a part of the selections, so that it gets its share. Never removes all targets. */
export function createSlowStart (options: SlowStart, random: Random): TargetFilter {
  const kept: Target[] = []
  return (open, exchange, now) => {
    if (open.length === 1 || !open.some(target => now - target.load.openedAt < options.window)) return open
    kept.length = 0
    for (const target of open) {
      const share = shareAt(now - target.load.openedAt, options)
      const spared = share < 1 && random() >= share
      if (!spared) kept.push(target)
      if (share < 1) {
        exchange.decisions?.push({
          by: 'load-balancing',
          verdict: spared ? 'spared' : 'warming up',
          why: `${target.url} is at ${Math.round(share * 100)} % of its share`
        })
      }
    }
    return kept.length === 0 ? open : kept
  }
}
