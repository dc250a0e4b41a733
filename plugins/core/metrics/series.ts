/** Counters and histograms that are fast enough for every request. */

import { HistogramSeries, cellsOf, type NoteExemplar } from './histogram-series.ts'
import { NumberSeries } from './number-series.ts'
import type { Sample } from './sample.ts'
import type { Labels } from './series-map.ts'
import { SeriesMetric, ownPlace, type SeriesPlace } from './series-metric.ts'

/** A counter in the sense of the exposition format: it only grows. */
export class SeriesCounter extends SeriesMetric<NumberSeries> {
  constructor (name: string, help: string, place: SeriesPlace = ownPlace()) {
    super({ name, help, type: 'counter', aggregator: 'sum' }, place)
  }

  protected create (labels: Labels): NumberSeries {
    return new NumberSeries(labels, this.place(labels, 1))
  }

  protected samples (): Iterable<Sample> {
    return sumsOf(this.series.values())
  }
}

/** A histogram with fixed buckets. */
export class SeriesHistogram extends SeriesMetric<HistogramSeries> {
  readonly #bounds: readonly number[]
  readonly #note: NoteExemplar | undefined

  /** `bounds` are the upper bounds of the buckets, ascending, without +Inf. */
  constructor (name: string, help: string, bounds: readonly number[], place: SeriesPlace = ownPlace()) {
    super({ name, help, type: 'histogram', aggregator: 'sum', bounds }, place)
    this.#bounds = bounds
    const { exemplars } = place.store
    this.#note = exemplars && ((series, bucket) => exemplars.note(name, series, bucket))
  }

  protected create (labels: Labels): HistogramSeries {
    return new HistogramSeries(labels, this.#bounds, this.place(labels, cellsOf(this.#bounds)), this.#note)
  }

  protected * samples (): Generator<Sample> {
    for (const series of this.series.values()) yield * series.samples(this.name)
  }
}

/** What counters print. */
export function * sumsOf (series: Iterable<NumberSeries>): Generator<Sample> {
  for (const { labels, sum } of series) if (!Number.isNaN(sum)) yield { labels, value: sum }
}
