/** A histogram with the interface of the Prometheus client. */

import { HistogramSeries, cellsOf } from './histogram-series.ts'
import { LabelledMetric, labelsAndNumber, type GivenLabels } from './labelled-metric.ts'
import type { Sample } from './sample.ts'
import type { Labels } from './series-map.ts'
import type { SeriesPlace } from './series-metric.ts'

/** Those of the Prometheus client, in seconds. */
const usualBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export class LabelledHistogram extends LabelledMetric<HistogramSeries> {
  constructor (name: string, help: string, labelNames: readonly string[], place: SeriesPlace, bounds: readonly number[] = usualBounds) {
    if (labelNames.includes('le')) throw new Error(`the histogram "${name}" cannot have a label "le"`)
    super({ name, help, type: 'histogram', aggregator: 'sum', labelNames, bounds }, place)
    this.begin()
  }

  observe (first: GivenLabels | number, second?: number): void {
    const { labels, number } = labelsAndNumber(first, second)
    this.#add(() => this.seriesOf(labels), number)
  }

  /** Creates a series, so that it is printed at 0. */
  zero (labels: GivenLabels): void {
    this.seriesOf(labels)
  }

  /** Returns the function that observes the seconds since now, and returns them. */
  startTimer (labels: GivenLabels = {}): (more?: GivenLabels) => number {
    const start = performance.now()
    return more => {
      const seconds = (performance.now() - start) / 1000
      this.observe({ ...labels, ...more }, seconds)
      return seconds
    }
  }

  labels (...given: (string | number)[] | [GivenLabels]): { observe (value: number): void, startTimer (): () => void } {
    const series = this.held(given)
    const observe = (value: number): void => this.#add(series, value)
    return {
      observe,
      startTimer: () => {
        const start = performance.now()
        return () => observe((performance.now() - start) / 1000)
      }
    }
  }

  protected create (labels: Labels): HistogramSeries {
    return new HistogramSeries(labels, this.definition.bounds!, this.place(labels, cellsOf(this.definition.bounds!)))
  }

  protected * samples (): Generator<Sample> {
    for (const series of this.series.values()) yield * series.samples(this.name)
  }

  #add (series: () => HistogramSeries, value: unknown): void {
    if (!Number.isFinite(value)) throw new TypeError(`a value of the histogram "${this.name}" is a number and not ${String(value)}`)
    series().observe(value as number)
  }
}
