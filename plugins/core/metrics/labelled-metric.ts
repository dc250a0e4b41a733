/** A metric like those of the Prometheus client: its series are found by labels at each use. */

import type { CellSeries } from './cell-series.ts'
import type { Labels } from './series-map.ts'
import { SeriesMetric, type SeriesPlace } from './series-metric.ts'
import type { MetricDefinition } from './series-store.ts'

/** Labels as a caller gives them: some of them or all, in any order. */
export type GivenLabels = Readonly<Record<string, string | number | undefined>>

/** What may be given in place of labels: the values of all of them. */
type GivenValues = readonly [GivenLabels] | readonly (string | number)[]

export abstract class LabelledMetric<S extends CellSeries> extends SeriesMetric<S> {
  readonly labelNames: readonly string[]

  constructor (definition: MetricDefinition, place: SeriesPlace) {
    super(definition, place)
    this.labelNames = definition.labelNames ?? []
  }

  /** Leaves out one series. */
  remove (...given: GivenValues): void {
    const key = String(Object.values(this.#named(given)))
    this.leaveOut(labels => String(Object.values(labels)) === key)
  }

  /** Leaves out all series. */
  override reset (): void {
    this.leaveOut(() => true)
    this.begin()
  }

  /** A metric without labels is printed from the start. Where another thread prints it, that one begins it. */
  protected begin (): void {
    if (this.labelNames.length === 0 && !this.isRemote) this.at({})
  }

  /** The series to count with. */
  protected seriesOf (labels: GivenLabels): S {
    this.#check(labels)
    let key = ''
    for (const name of this.labelNames) key += `${labels[name] ?? ''}\0`
    const series = this.series.find(key)
    if (series === undefined) return this.at(this.#ordered(labels))
    series.begin()
    return series
  }

  /** Returns a function that returns the series to count with, and finds it only once. */
  protected held (given: GivenValues): () => S {
    const labels = this.#named(given)
    let series: S | undefined
    return () => {
      if (series === undefined || series.hasLeft) series = this.at(labels)
      series.begin()
      return series
    }
  }

  #named (given: GivenValues): Labels {
    if (typeof given[0] === 'object') return this.#ordered(given[0])
    if (given.length !== this.labelNames.length) {
      throw new Error(`the metric "${this.name}" has ${this.labelNames.length} labels and not ${given.length}`)
    }
    return Object.fromEntries(this.labelNames.map((name, index) => [name, given[index] as string | number]))
  }

  /** All labels, in their order. One without a value is empty, which means the same. */
  #ordered (labels: GivenLabels): Labels {
    this.#check(labels)
    return Object.fromEntries(this.labelNames.map(name => [name, labels[name] ?? '']))
  }

  #check (labels: GivenLabels): void {
    for (const name in labels) {
      if (!this.labelNames.includes(name)) throw new Error(`the metric "${this.name}" has no label "${name}"`)
    }
  }
}

/** Splits the arguments of those functions that take labels and a number, or only a number. */
export function labelsAndNumber (
  first: GivenLabels | number | undefined,
  second: number | undefined
): { readonly labels: GivenLabels, readonly number: number | undefined } {
  return typeof first === 'object' && first !== null ? { labels: first, number: second } : { labels: {}, number: first ?? second }
}
