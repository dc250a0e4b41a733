/** A counter with the interface of the Prometheus client. */

import { LabelledMetric, labelsAndNumber, type GivenLabels } from './labelled-metric.ts'
import { NumberSeries } from './number-series.ts'
import type { Sample } from './sample.ts'
import { sumsOf } from './series.ts'
import type { Labels } from './series-map.ts'
import type { SeriesPlace } from './series-metric.ts'

export class LabelledCounter extends LabelledMetric<NumberSeries> {
  constructor (name: string, help: string, labelNames: readonly string[], place: SeriesPlace) {
    super({ name, help, type: 'counter', aggregator: 'sum', labelNames }, place)
    this.begin()
  }

  inc (first?: GivenLabels | number, second?: number): void {
    const { labels, number = 1 } = labelsAndNumber(first, second)
    this.#add(this.seriesOf(labels), number)
  }

  labels (...given: (string | number)[] | [GivenLabels]): { inc (by?: number): void } {
    const series = this.held(given)
    return { inc: (by = 1) => this.#add(series(), by) }
  }

  protected create (labels: Labels): NumberSeries {
    return new NumberSeries(labels, this.place(labels, 1))
  }

  protected samples (): Iterable<Sample> {
    return sumsOf(this.series.values())
  }

  #add (series: NumberSeries, by: number): void {
    if (!Number.isFinite(by) || by < 0) throw new TypeError(`the counter "${this.name}" cannot grow by ${String(by)}`)
    series.value += by
  }
}
