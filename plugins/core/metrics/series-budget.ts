/** The bound of all series maps, and how often it was reached. It is kept across reloads like the series. */

import type { Registry } from '@prometheus-io/client'
import * as prometheus from '../../../src/internals/prometheus-metrics.ts'
import type { SeriesBudget } from './series-map.ts'
import { unbounded } from './series-map.ts'
import type { SeriesStore } from './series-store.ts'
import { SeriesCounter } from './series.ts'

/** A bound that a configuration sets. */
export interface SettableBudget extends SeriesBudget {
  max: number
}

/** The budget that the series of a registry share. */
export function createBudget (registry: Registry, store: SeriesStore): SettableBudget {
  const folded = new SeriesCounter(
    'gateway_metrics_folded_total',
    'Look-ups of series beyond the bound of their metric, which were given the one that is called other.',
    { budget: unbounded, store }
  )
  prometheus.register(registry, folded)
  return { max: Infinity, folded: metric => { folded.at({ metric }).value++ } }
}
