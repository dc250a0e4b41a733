/** A metric that consists of series in cells. The Prometheus client prints it like its own. */

import type { Aggregator } from '@prometheus-io/client'
import type * as prometheus from '../../../src/internals/prometheus-metrics.ts'
import type { CellSeries, Part } from './cell-series.ts'
import type { Place } from './series-cells.ts'
import type { Sample } from './sample.ts'
import { SeriesMap, unbounded, type Labels, type SeriesBudget } from './series-map.ts'
import { LocalSeries, type MetricDefinition, type SeriesStore } from './series-store.ts'

/** What the registry prints. */
interface Printed extends prometheus.PrintedMetric {
  readonly help: string
  readonly type: MetricDefinition['type']
  readonly aggregator: Aggregator
  readonly values: readonly Sample[]
}

/** What the metrics of a gateway have in common. */
export interface SeriesPlace {
  readonly budget: SeriesBudget
  readonly store: SeriesStore
}

/** A place of its own. */
export const ownPlace = (): SeriesPlace => ({ budget: unbounded, store: new LocalSeries() })

export abstract class SeriesMetric<S extends CellSeries = CellSeries> implements prometheus.RegisteredMetric {
  readonly definition: MetricDefinition
  protected readonly series: SeriesMap<S>
  readonly #store: SeriesStore

  constructor (definition: MetricDefinition, { budget, store }: SeriesPlace) {
    this.definition = definition
    this.series = new SeriesMap(definition.name, budget, labels => this.create(labels))
    this.#store = store
  }

  get name (): string {
    return this.definition.name
  }

  get type (): MetricDefinition['type'] {
    return this.definition.type
  }

  get bounds (): readonly number[] {
    return this.definition.bounds ?? []
  }

  /** All series, to be read. */
  get all (): Iterable<S> {
    return this.series.values()
  }

  /** The series with these labels, created if missing. Label names must always have the same order. */
  at (labels: Labels): S {
    const series = this.series.at(labels)
    series.begin()
    return series
  }

  /** Removes every series whose labels match, here and in what other threads have counted. */
  drop (fits: (labels: Labels) => boolean): void {
    this.#drop(({ labels }) => fits(labels))
  }

  /** Adds the same series of another thread. This one has no value of its own before it counts too. */
  join (labels: Labels, part: Part): void {
    const { size } = this.series
    const series = this.series.at(labels)
    if (this.series.size > size) series.clear()
    series.join(part)
  }

  /** A thread has gone: what it has counted stays. */
  keep (thread: number): void {
    for (const series of this.series.values()) series.keep(thread)
  }

  /** Called by the registry. */
  reset (): void {
    for (const series of this.series.values()) {
      series.clear()
      series.begin()
    }
  }

  /** Called by the registry. */
  async get (): Promise<Printed> {
    const { name, help, type, aggregator } = this.definition
    return { name, help, type, aggregator, values: [...this.samples()] }
  }

  protected abstract create (labels: Labels): S

  protected abstract samples (): Iterable<Sample>

  /** Cells for a new series. */
  protected place (labels: Labels, size: number): Place {
    return this.#store.add(this.definition, labels, size)
  }

  /** Whether another thread prints it. */
  protected get isRemote (): boolean {
    return this.#store.remote
  }

  /** Leaves out series of this thread. Where another thread has or prints them too, they only lose their value. */
  protected leaveOut (fits: (labels: Labels) => boolean): void {
    for (const series of this.series.values()) if (fits(series.labels)) series.clear()
    if (!this.isRemote) this.#drop(series => !series.isShared && fits(series.labels))
  }

  #drop (fits: (series: S) => boolean): void {
    for (const series of this.series.drop(fits)) {
      const place = series.leave()
      if (place !== undefined) this.#store.remove(place, series.size)
    }
  }
}
