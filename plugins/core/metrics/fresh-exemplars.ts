/** The exemplars of threads that serve clients, for the control thread, which asks for them where they are printed: in OpenMetrics. */

import type { Link, LinksToThreads } from '../../../src/index.ts'
import type { Exemplar, HistogramSeries } from './histogram-series.ts'
import type { Instruments } from './instruments.ts'
import type { Labels } from './series-map.ts'
import { SeriesHistogram } from './series.ts'

const channel = 'metrics-exemplars'

/** How long a thread may take to answer, in milliseconds. */
const longestAnswer = 500

/** An exemplar, and where it belongs. */
interface ToldExemplar extends Exemplar {
  readonly metric: string
  readonly labels: Labels
  readonly bucket: number
}

/** Those of a thread that are new since it was asked: at most one for each bucket. */
export class FreshExemplars {
  readonly #noted: { readonly metric: string, readonly series: HistogramSeries, readonly bucket: number }[] = []

  constructor (link: Pick<Link, 'answer'>) {
    link.answer(channel, () => this.#take())
  }

  note (metric: string, series: HistogramSeries, bucket: number): void {
    this.#noted.push({ metric, series, bucket })
  }

  #take (): ToldExemplar[] {
    return this.#noted.splice(0).flatMap(({ metric, series, bucket }) => {
      const exemplar = series.takeExemplar(bucket)
      return exemplar === undefined ? [] : [{ ...exemplar, metric, labels: series.labels, bucket }]
    })
  }
}

/** In the control thread: asks all threads for their exemplars, and adds them to its own series. */
export async function fetchExemplars (instruments: Instruments, links: Pick<LinksToThreads, 'askAll'>): Promise<void> {
  const metrics = new Map(instruments.all.filter(metric => metric instanceof SeriesHistogram).map(metric => [metric.name, metric]))
  for (const told of (await links.askAll(channel, undefined, longestAnswer)).values()) {
    for (const { metric, labels, bucket, ...exemplar } of told as ToldExemplar[]) {
      metrics.get(metric)?.at(labels).exemplify(bucket, exemplar)
    }
  }
}
