/** `app.metrics`: the instruments that plugins count with. */

import type { Counter, CounterConfiguration, Gauge, GaugeConfiguration, Histogram, HistogramConfiguration } from '@prometheus-io/client'

/** One series of a counter: add to `value`. */
export interface CounterHandle {
  value: number
}

/** One series of a histogram. */
export interface HistogramHandle {
  observe (value: number): void
}

/** One series of a metric, to be read: the same object for as long as there is the series. */
export interface ReadableSeries {
  readonly labels: Readonly<Record<string, string | number>>
  /** How many numbers it has. */
  readonly size: number
  /**
   * Writes its numbers, the sums of all threads, as far as there is room: one; of a histogram the sum of what was observed, then the
   * observations of each bucket, not cumulative, the last bucket without a bound. NaN where it has no value.
   */
  read (into: Float64Array): void
}

/** A metric, to be read by code of this process that shows figures. */
export interface ReadableMetric {
  /** Upper bounds of the buckets of a histogram, ascending, without +Inf. */
  readonly bounds: readonly number[]
  /** All series that there are now. */
  readonly all: Iterable<ReadableSeries>
}

/**
 * `app.metrics`: instruments by name, created at their first use and kept over reloads. What several threads count is summed. Names begin
 * with `gateway_` or a prefix of yours; labels are names from the file, never bytes of a client.
 */
export interface MetricsApi {
  counter<L extends string = never> (definition: CounterConfiguration<L>): Counter<L>
  /** Of a gauge that several threads set, `aggregator` makes one: sum, unless it says otherwise. */
  gauge<L extends string = never> (definition: GaugeConfiguration<L>): Gauge<L>
  histogram<L extends string = never> (definition: HistogramConfiguration<L>): Histogram<L>
  /** A counter for the path of every request: take each series once, with all its labels in the same order, and add to its `value`. */
  seriesCounter (name: string, help: string): { at (labels: Readonly<Record<string, string | number>>): CounterHandle }
  /** The same for a histogram; `bounds` are the upper bounds of its buckets, ascending, without +Inf. */
  seriesHistogram (
    name: string,
    help: string,
    bounds: readonly number[]
  ): { at (labels: Readonly<Record<string, string | number>>): HistogramHandle }
  /** The metric with a name, with what all threads have counted; undefined where there is none. Only in the thread that prints them. */
  read (name: string): ReadableMetric | undefined
  /**
   * Calls `listener` before this generation's metrics are printed, to fill gauges from state. A promise is awaited. Only in the thread that
   * prints them.
   */
  onScrape (listener: () => void | Promise<void>): void
}
