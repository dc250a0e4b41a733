/** Counters and histograms that are fast enough for every request. The Prometheus client prints them like its own. */

import type * as prometheus from '../../../src/internals/prometheus-metrics.ts'
import { HistogramSeries } from './histogram-series.ts'
import type { Sample } from './sample.ts'
import { SeriesMap, unbounded, type Labels, type SeriesBudget } from './series-map.ts'

/** What the registry prints. */
interface Printed extends prometheus.PrintedMetric {
  readonly help: string
  readonly type: 'counter' | 'histogram'
  readonly aggregator: 'sum'
  readonly values: readonly Sample[]
}

/** One series of a {@link SeriesCounter}: add to `value`. */
export interface CounterSeries {
  readonly labels: Labels
  value: number
}

abstract class SeriesMetric<S extends { readonly labels: Labels }> implements prometheus.RegisteredMetric {
  readonly name: string
  readonly help: string
  readonly aggregator = 'sum'
  abstract readonly type: 'counter' | 'histogram'
  protected readonly series: SeriesMap<S>

  constructor (name: string, help: string, budget: SeriesBudget, create: (labels: Labels) => S) {
    this.name = name
    this.help = help
    this.series = new SeriesMap(name, budget, create)
  }

  /** The series with these labels, created if missing. Label names must always have the same order. */
  at (labels: Labels): S {
    return this.series.at(labels)
  }

  /** Removes every series whose labels match. */
  drop (fits: (labels: Labels) => boolean): void {
    this.series.drop(fits)
  }

  /** Called by the registry. */
  async get (): Promise<Printed> {
    return { name: this.name, help: this.help, type: this.type, aggregator: this.aggregator, values: [...this.samples()] }
  }

  protected abstract samples (): Iterable<Sample>
}

/** A counter in the sense of the exposition format: it only grows. */
export class SeriesCounter extends SeriesMetric<CounterSeries> {
  readonly type = 'counter'

  constructor (name: string, help: string, budget: SeriesBudget = unbounded) {
    super(name, help, budget, labels => ({ labels, value: 0 }))
  }

  /** Called by the registry. */
  reset (): void {
    for (const series of this.series.values()) series.value = 0
  }

  protected samples (): Iterable<Sample> {
    return this.series.values()
  }
}

/** A histogram with fixed buckets. */
export class SeriesHistogram extends SeriesMetric<HistogramSeries> {
  readonly type = 'histogram'

  /** `bounds` are the upper bounds of the buckets, ascending, without +Inf. */
  constructor (name: string, help: string, bounds: readonly number[], budget: SeriesBudget = unbounded) {
    super(name, help, budget, labels => new HistogramSeries(labels, bounds))
  }

  /** Called by the registry. */
  reset (): void {
    for (const series of this.series.values()) series.reset()
  }

  protected * samples (): Generator<Sample> {
    for (const series of this.series.values()) yield * series.samples(this.name)
  }
}
