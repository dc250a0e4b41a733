/** Where the series of a thread have their numbers. */

import type { Aggregator } from '@prometheus-io/client'
import type { HistogramSeries } from './histogram-series.ts'
import { SeriesCells, type Place } from './series-cells.ts'
import type { Labels } from './series-map.ts'

/** What a metric is: plain data, which threads can tell each other. */
export interface MetricDefinition {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  /** How the values of several threads become one. */
  readonly aggregator: Aggregator
  /** Upper bounds of the buckets of a histogram, ascending, without +Inf. */
  readonly bounds?: readonly number[] | undefined
  /** Of a metric whose series are found by labels at each use. */
  readonly labelNames?: readonly string[] | undefined
}

export interface SeriesStore {
  /** Whether another thread prints the series. Then only that thread decides which of them leave. */
  readonly remote: boolean
  /** Where histograms note their exemplars for another thread. */
  readonly exemplars?: { note (metric: string, series: HistogramSeries, bucket: number): void } | undefined
  /** Cells for a new series, each 0. */
  add (metric: MetricDefinition, labels: Labels, size: number): Place
  /** The series has left. */
  remove (place: Place, size: number): void
}

/** The store of the thread that prints. */
export class LocalSeries implements SeriesStore {
  readonly remote = false
  readonly #cells = new SeriesCells()

  add (_metric: MetricDefinition, _labels: Labels, size: number): Place {
    return this.#cells.take(size)
  }

  remove (place: Place, size: number): void {
    this.#cells.give(place, size)
  }
}
