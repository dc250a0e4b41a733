/** Instruments by name in one registry. A second request for a name, in this generation or the next, returns the same instrument. */

import { isDeepStrictEqual } from 'node:util'
import type { Aggregator, Counter, Gauge, Histogram, Registry } from '@prometheus-io/client'
import * as prometheus from '../../../src/internals/prometheus-metrics.ts'
import { LabelledCounter } from './labelled-counter.ts'
import { LabelledGauge } from './labelled-gauge.ts'
import { LabelledHistogram } from './labelled-histogram.ts'
import type { Labels } from './series-map.ts'
import { SeriesMetric, ownPlace, type SeriesPlace } from './series-metric.ts'
import type { MetricDefinition } from './series-store.ts'
import { SeriesCounter, SeriesHistogram } from './series.ts'

/** The definition of an instrument. `name` begins with `gateway_`; label values must come from the configuration, never from a client. */
export interface Instrument<T extends string> {
  readonly name: string
  readonly help: string
  readonly labelNames?: readonly T[]
}

/** `aggregator`: how the values of several threads become one. */
export interface GaugeInstrument<T extends string> extends Instrument<T> {
  readonly aggregator?: Aggregator
}

/** Upper bounds in the unit of the name, seconds unless it says otherwise. */
export interface HistogramInstrument<T extends string> extends Instrument<T> {
  readonly buckets?: readonly number[]
}

export class Instruments {
  readonly registry: Registry
  readonly #place: SeriesPlace

  constructor (registry: Registry, place: SeriesPlace = ownPlace()) {
    this.registry = registry
    this.#place = place
  }

  /** A counter. @throws TypeError when the name belongs to another kind of instrument or has other labels; so do the others. */
  counter<T extends string = never> ({ name, help, labelNames = [] }: Instrument<T>): Counter<T> {
    const counter = this.#existing(name, LabelledCounter, labelNames) ??
      this.#register(new LabelledCounter(name, help, labelNames, this.#place))
    return counter as unknown as Counter<T>
  }

  gauge<T extends string = never> ({ name, help, labelNames = [], aggregator }: GaugeInstrument<T>): Gauge<T> {
    const gauge = this.#existing(name, LabelledGauge, labelNames) ??
      this.#register(new LabelledGauge(name, help, labelNames, this.#place, aggregator))
    return gauge as unknown as Gauge<T>
  }

  histogram<T extends string = never> ({ name, help, labelNames = [], buckets }: HistogramInstrument<T>): Histogram<T> {
    const histogram = this.#existing(name, LabelledHistogram, labelNames) ??
      this.#register(new LabelledHistogram(name, help, labelNames, this.#place, buckets))
    return histogram as unknown as Histogram<T>
  }

  /** A counter for the path of every request. */
  seriesCounter (name: string, help: string): SeriesCounter {
    return this.#existing(name, SeriesCounter) ?? this.#register(new SeriesCounter(name, help, this.#place))
  }

  /** A histogram for the path of every request. */
  seriesHistogram (name: string, help: string, bounds: readonly number[]): SeriesHistogram {
    return this.#existing(name, SeriesHistogram) ?? this.#register(new SeriesHistogram(name, help, bounds, this.#place))
  }

  /** The same metric as one of another thread; undefined when its name is already something else here. */
  same (definition: MetricDefinition): SeriesMetric | undefined {
    const known = prometheus.metricCalled(this.registry, definition.name)
    if (known === undefined) return this.#register(this.#create(definition))
    return known instanceof SeriesMetric && isDeepStrictEqual(known.definition, definition) ? known : undefined
  }

  /** One of them, to be read. */
  read (name: string): SeriesMetric | undefined {
    const known = prometheus.metricCalled(this.registry, name)
    return known instanceof SeriesMetric ? known : undefined
  }

  /** All of them. */
  get all (): readonly SeriesMetric[] {
    return prometheus.metricsOf(this.registry).filter(metric => metric instanceof SeriesMetric)
  }

  /** Leaves out every series whose labels fit, of all instruments. */
  drop (fits: (labels: Labels) => boolean): void {
    for (const metric of this.all) metric.drop(fits)
  }

  #create ({ name, help, type, labelNames, bounds, aggregator }: MetricDefinition): SeriesMetric {
    const place = this.#place
    if (labelNames === undefined) {
      return type === 'counter' ? new SeriesCounter(name, help, place) : new SeriesHistogram(name, help, bounds!, place)
    }
    if (type === 'counter') return new LabelledCounter(name, help, labelNames, place)
    return type === 'gauge'
      ? new LabelledGauge(name, help, labelNames, place, aggregator)
      : new LabelledHistogram(name, help, labelNames, place, bounds)
  }

  #existing<M extends SeriesMetric> (
    name: string,
    kind: abstract new (...args: never[]) => M,
    labelNames: readonly string[] = []
  ): M | undefined {
    const known = prometheus.metricCalled(this.registry, name)
    if (known === undefined) return undefined
    if (!(known instanceof kind) || String(known.definition.labelNames ?? []) !== String(labelNames)) {
      throw new TypeError(`the metric "${name}" is already something else`)
    }
    return known
  }

  #register<M extends SeriesMetric> (metric: M): M {
    prometheus.register(this.registry, metric)
    return metric
  }
}
