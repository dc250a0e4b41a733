/** What is kept over reloads: the registry with all series, and what threads tell each other about them. */

import { Registry } from '@prometheus-io/client'
import type { GatewayApi, Threads } from '../../../src/index.ts'
import { takesOut, type Departed } from './departed.ts'
import { Instruments } from './instruments.ts'
import { Pages } from './pages.ts'
import { createBudget, type SettableBudget } from './series-budget.ts'
import type { SeriesPlace } from './series-metric.ts'
import { SeriesOfThreads } from './series-of-threads.ts'
import { LocalSeries } from './series-store.ts'
import { ToldSeries } from './told-series.ts'

/** The channel on which the control thread tells which series leave. */
const departedChannel = 'metrics-departed'

export interface KeptMetrics {
  readonly registry: Registry
  readonly place: SeriesPlace
  /** For what outlives a generation. */
  readonly instruments: Instruments
  /** In the control thread. */
  readonly ofThreads: SeriesOfThreads | undefined
  /** In the control thread. */
  readonly pages: Pages | undefined
  /** Leaves out the series of names that no longer exist, in all threads. */
  drop (departed: readonly Departed[]): void
}

/** The metrics of the gateway. Those of a rehearsal are not printed. */
export function keepMetrics ({ resource, config, rehearsal, threads }: GatewayApi): KeptMetrics {
  const kept = rehearsal ? create(undefined) : resource({ kind: 'metrics', key: 'registry', create: () => create(threads) })
  kept.place.budget.max = config.metrics.maxSeries
  return kept
}

function create (threads: Threads | undefined): KeptMetrics & { readonly place: { readonly budget: SettableBudget } } {
  const { toControl, toThreads } = threads ?? {}
  const registry = new Registry()
  const store = toControl === undefined ? new LocalSeries() : new ToldSeries(toControl)
  const place = { store, budget: createBudget(registry, store) }
  const instruments = new Instruments(registry, place)
  const dropHere = (departed: readonly Departed[]): void => instruments.drop(takesOut(departed))
  toControl?.on(departedChannel, dropHere)
  return {
    registry,
    place,
    instruments,
    ofThreads: toThreads && new SeriesOfThreads(instruments, toThreads),
    pages: toThreads && new Pages(toThreads),
    drop (departed) {
      dropHere(departed)
      toThreads?.send(departedChannel, departed)
    }
  }
}
