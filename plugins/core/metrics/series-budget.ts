/** The bound of all series maps, and how often it was reached. It is kept across reloads like the series. */

import type { Registry } from '@prometheus-io/client'
import type { GatewayApi } from '../../../src/index.ts'
import * as prometheus from '../../../src/internals/prometheus-metrics.ts'
import { SeriesCounter } from './series.ts'
import type { SeriesBudget } from './series-map.ts'

interface Budget extends SeriesBudget {
  max: number
}

/** The budget that the series of a registry share, with the bound of this configuration. */
export function takeBudget (
  { resource, config, rehearsal }: Pick<GatewayApi, 'resource' | 'config' | 'rehearsal'>,
  registry: Registry
): SeriesBudget {
  const budget = rehearsal ? createBudget(registry) : resource<Budget>({
    kind: 'metrics',
    key: 'budget',
    create: () => createBudget(registry)
  })
  budget.max = config.metrics.maxSeries
  return budget
}

function createBudget (registry: Registry): Budget {
  const folded = new SeriesCounter(
    'gateway_metrics_folded_total',
    'Look-ups of series beyond the bound of their metric, which were given the one that is called other.'
  )
  prometheus.register(registry, folded)
  return { max: Infinity, folded: metric => { folded.at({ metric }).value++ } }
}
