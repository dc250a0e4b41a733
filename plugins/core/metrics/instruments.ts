/** Instruments by name in one registry. A second request for a name, in this generation or the next, returns the same instrument. */

import { Counter, Gauge, Histogram, type Registry } from '@prometheus-io/client'
import * as prometheus from '../../../src/internals/prometheus-metrics.ts'
import { unbounded, type Labels, type SeriesBudget } from './series-map.ts'
import { SeriesCounter, SeriesHistogram } from './series.ts'

/** The definition of an instrument. `name` begins with `gateway_`; label values must come from the configuration, never from a client. */
export interface Instrument<T extends string> {
  readonly name: string
  readonly help: string
  readonly labelNames?: readonly T[]
}

/** Upper bounds in the unit of the name, seconds unless it says otherwise. */
export interface HistogramInstrument<T extends string> extends Instrument<T> {
  readonly buckets?: readonly number[]
}

export class Instruments {
  readonly registry: Registry
  readonly #budget: SeriesBudget

  constructor (registry: Registry, budget: SeriesBudget = unbounded) {
    this.registry = registry
    this.#budget = budget
  }

  /** A counter. @throws TypeError when the name belongs to another kind of instrument or has other labels; so do the others. */
  counter<T extends string = never> (instrument: Instrument<T>): Counter<T> {
    return this.#existing(instrument, Counter<T>) ?? new Counter(this.#registered(instrument))
  }

  gauge<T extends string = never> (instrument: Instrument<T>): Gauge<T> {
    return this.#existing(instrument, Gauge<T>) ?? new Gauge(this.#registered(instrument))
  }

  histogram<T extends string = never> ({ buckets, ...instrument }: HistogramInstrument<T>): Histogram<T> {
    return this.#existing(instrument, Histogram<T>) ??
      new Histogram({ ...this.#registered(instrument), ...(buckets === undefined ? {} : { buckets: [...buckets] }) })
  }

  /** A counter for the path of every request. */
  seriesCounter (name: string, help: string): SeriesCounter {
    return this.#existing({ name }, SeriesCounter) ?? this.#register(new SeriesCounter(name, help, this.#budget))
  }

  /** A histogram for the path of every request. */
  seriesHistogram (name: string, help: string, bounds: readonly number[]): SeriesHistogram {
    return this.#existing({ name }, SeriesHistogram) ?? this.#register(new SeriesHistogram(name, help, bounds, this.#budget))
  }

  /** Leaves out every series whose labels fit, of all instruments. */
  async drop (fits: (labels: Labels) => boolean): Promise<void> {
    for (const metric of prometheus.metricsOf(this.registry)) {
      if (metric instanceof SeriesCounter || metric instanceof SeriesHistogram) metric.drop(fits)
      else for (const { labels } of (await metric.get()).values) if (fits(labels)) metric.remove?.(withoutBound(labels))
    }
  }

  #existing<M> (
    { name, labelNames = [] }: { name: string, labelNames?: readonly string[] },
    kind: abstract new (...args: never[]) => M
  ): M | undefined {
    const known = prometheus.metricCalled(this.registry, name)
    if (known === undefined) return undefined
    const labels = known.labelNames ?? []
    if (!(known instanceof kind) || String(labels) !== String(labelNames)) {
      throw new TypeError(`the metric "${name}" is already something else`)
    }
    return known
  }

  #registered<T extends string> ({ name, help, labelNames = [] }: Instrument<T>): {
    name: string,
    help: string,
    labelNames: T[],
    registers: Registry[]
  } {
    return { name, help, labelNames: [...labelNames], registers: [this.registry] }
  }

  #register<M extends SeriesCounter | SeriesHistogram> (metric: M): M {
    prometheus.register(this.registry, metric)
    return metric
  }
}

/** The labels of a histogram's series, without the bound of one bucket of it. */
function withoutBound ({ le: _, ...labels }: Labels): Record<string, string | number> {
  return labels
}
