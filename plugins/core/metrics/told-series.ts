/**
 * The series of a thread that serves clients. Their numbers are in memory that the control thread reads, so that a scrape costs this thread
 * nothing, and what it has counted outlives it. Only that there is a new series is a message.
 */

import type { Link } from '../../../src/index.ts'
import { FreshExemplars } from './fresh-exemplars.ts'
import { SeriesCells, type Place } from './series-cells.ts'
import type { Labels } from './series-map.ts'
import type { MetricDefinition, SeriesStore } from './series-store.ts'

/** The channel on which threads tell the control thread of their series. */
export const seriesChannel = 'metrics-series'

/** What is new since the last message. */
export interface SeriesNews {
  /** Memory of blocks, by their number. */
  readonly blocks: readonly (readonly [block: number, memory: SharedArrayBuffer])[]
  readonly metrics: readonly MetricDefinition[]
  readonly series: readonly ToldSeriesEntry[]
}

export interface ToldSeriesEntry {
  readonly metric: string
  readonly labels: Labels
  readonly block: number
  readonly at: number
}

interface Waiting extends SeriesNews {
  readonly blocks: [number, SharedArrayBuffer][]
  readonly metrics: MetricDefinition[]
  readonly series: ToldSeriesEntry[]
}

export class ToldSeries implements SeriesStore {
  readonly remote = true
  readonly exemplars: FreshExemplars
  readonly #link: Pick<Link, 'send'>
  readonly #known = new Set<string>()
  readonly #cells = new SeriesCells(
    bytes => new SharedArrayBuffer(bytes),
    (block, { buffer }) => this.#news().blocks.push([block, buffer as SharedArrayBuffer])
  )
  /** What has not been sent yet. */
  #waiting: Waiting | undefined

  constructor (link: Pick<Link, 'send' | 'answer'>) {
    this.#link = link
    this.exemplars = new FreshExemplars(link)
  }

  add (metric: MetricDefinition, labels: Labels, size: number): Place {
    const place = this.#cells.take(size)
    const { metrics, series } = this.#news()
    if (!this.#known.has(metric.name)) {
      this.#known.add(metric.name)
      metrics.push(metric)
    }
    series.push({ metric: metric.name, labels, block: place.block, at: place.at })
    return place
  }

  remove (place: Place, size: number): void {
    this.#cells.give(place, size)
  }

  /** One message for all series that the same step creates, such as the routes of a configuration. */
  #news (): Waiting {
    if (this.#waiting === undefined) {
      this.#waiting = { blocks: [], metrics: [], series: [] }
      queueMicrotask(() => {
        const news = this.#waiting
        this.#waiting = undefined
        this.#link.send(seriesChannel, news)
      })
    }
    return this.#waiting
  }
}
