/** A gauge with the interface of the Prometheus client. */

import type { Aggregator } from '@prometheus-io/client'
import { LabelledMetric, labelsAndNumber, type GivenLabels } from './labelled-metric.ts'
import { NumberSeries } from './number-series.ts'
import type { Sample } from './sample.ts'
import type { Labels } from './series-map.ts'
import type { SeriesPlace } from './series-metric.ts'

/** One series of a gauge. */
interface GaugeHandle {
  inc (by?: number): void
  dec (by?: number): void
  set (value: number): void
  setToCurrentTime (): void
  startTimer (): () => number
}

export class LabelledGauge extends LabelledMetric<NumberSeries> {
  constructor (name: string, help: string, labelNames: readonly string[], place: SeriesPlace, aggregator: Aggregator = 'sum') {
    super({ name, help, type: 'gauge', aggregator, labelNames }, place)
    this.begin()
  }

  set (first: GivenLabels | number, second?: number): void {
    const { labels, number } = labelsAndNumber(first, second)
    this.seriesOf(labels).value = this.#checked(number)
  }

  inc (first?: GivenLabels | number, second?: number): void {
    const { labels, number = 1 } = labelsAndNumber(first, second)
    this.seriesOf(labels).value += this.#checked(number)
  }

  dec (first?: GivenLabels | number, second?: number): void {
    const { labels, number = 1 } = labelsAndNumber(first, second)
    this.seriesOf(labels).value -= this.#checked(number)
  }

  setToCurrentTime (labels: GivenLabels = {}): void {
    this.set(labels, Date.now() / 1000)
  }

  /** Returns the function that sets the seconds since now, and returns them. */
  startTimer (labels: GivenLabels = {}): (more?: GivenLabels) => number {
    const start = performance.now()
    return more => {
      const seconds = (performance.now() - start) / 1000
      this.set({ ...labels, ...more }, seconds)
      return seconds
    }
  }

  labels (...given: (string | number)[] | [GivenLabels]): GaugeHandle {
    const series = this.held(given)
    const handle = {
      inc: (by = 1) => { series().value += this.#checked(by) },
      dec: (by = 1) => { series().value -= this.#checked(by) },
      set: (value: number) => { series().value = this.#checked(value) },
      setToCurrentTime: () => handle.set(Date.now() / 1000),
      startTimer: () => {
        const start = performance.now()
        return () => {
          const seconds = (performance.now() - start) / 1000
          handle.set(seconds)
          return seconds
        }
      }
    }
    return handle
  }

  /** A thread has gone, and its values with it. */
  override keep (thread: number): void {
    for (const series of this.series.values()) series.forget(thread)
  }

  protected create (labels: Labels): NumberSeries {
    return new NumberSeries(labels, this.place(labels, 1))
  }

  protected * samples (): Generator<Sample> {
    for (const series of this.series.values()) {
      const value = series.combinedBy(this.definition.aggregator)
      if (!Number.isNaN(value)) yield { labels: series.labels, value }
    }
  }

  #checked (value: unknown): number {
    if (typeof value !== 'number') throw new TypeError(`a value of the gauge "${this.name}" is a number and not ${String(value)}`)
    return value
  }
}
