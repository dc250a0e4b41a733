/** Removes the series of labels whose target, upstream, policy or route no longer exists. */

import type { GatewayApi, Steps, Target } from '../../../src/index.ts'
import { StaleSeries } from './stale-series.ts'
import type { Departed } from './departed.ts'

/** Kinds of names, and the labels that contain them. */
const labelsOf = { target: ['target', 'backend'], upstream: ['upstream', 'service'], route: ['route'], policy: ['policy'] } as const

type Kind = keyof typeof labelsOf

const kinds = Object.keys(labelsOf) as Kind[]

/** Tracks targets as they join. `sweep` removes the series of those that left long enough ago. */
export function * sweepStaleLabels (gateway: GatewayApi, drop: (departed: readonly Departed[]) => void): Steps<{
  join (target: Target): void, sweep (): void
}> {
  const departed = gateway.resource({
    kind: 'metrics',
    key: 'departed',
    create: () => Object.fromEntries(kinds.map(kind => [kind, new StaleSeries()])) as Record<Kind, StaleSeries>
  })
  const { config, routes, upstreams } = gateway
  const fixed = {
    upstream: new Set(upstreams.keys()),
    route: new Set(routes.map(({ name }) => name)),
    policy: new Set(Object.keys(config.policies))
  }
  for (const kind of ['upstream', 'route', 'policy'] as const) {
    for (const name of fixed[kind]) {
      departed[kind].join(name)
      yield
    }
  }

  return {
    join: target => { departed.target.join(target.url) },
    sweep () {
      const present = { ...fixed, target: new Set([...upstreams.values()].flatMap(({ targets }) => targets.map(({ url }) => url))) }
      const now = gateway.clock.now()
      const gone = kinds.flatMap(kind => {
        const names = departed[kind].expire(present[kind], now, config.metrics.keepDeparted)
        return names.size === 0 ? [] : labelsOf[kind].map(label => ({ label, names }))
      })
      if (gone.length > 0) drop(gone)
    }
  }
}
