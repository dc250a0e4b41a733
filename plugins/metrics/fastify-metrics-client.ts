/** The face of the Prometheus client that fastify-metrics sees. */

import client from '@prometheus-io/client'
import type { Instruments } from './instruments.ts'
import type { HistogramSeries, Labels, SeriesHistogram } from './series.ts'

type Label = string | number | undefined

interface HistogramOptions {
  readonly name: string
  readonly help: string
  readonly buckets?: readonly number[]
}

/**
 * A client that creates in our registry what is not there yet. The real one refuses a name that exists, so a second generation could not
 * register; and without an explicit client fastify-metrics takes `@platformatic/prom-client` where that happens to be installed, whose
 * registry nobody prints.
 */
export function fastifyMetricsClient (instruments: Instruments, now: () => number): typeof client {
  return {
    ...client,
    register: instruments.registry,
    Histogram: class {
      constructor ({ name, help, buckets = [] }: HistogramOptions) {
        return new RouteHistogram(instruments.seriesHistogram(name, help, buckets), now)
      }
    },
    // Created even when it is switched off, and then printed without a value.
    Summary: class {}
  } as unknown as typeof client
}

/** The part of the client's Histogram that fastify-metrics uses. */
class RouteHistogram {
  readonly #histogram: SeriesHistogram
  readonly #now: () => number
  /** By route, method and status. */
  readonly #known = new Map<Label, Map<Label, Map<Label, HistogramSeries>>>()

  constructor (histogram: SeriesHistogram, now: () => number) {
    this.#histogram = histogram
    this.#now = now
  }

  startTimer (): (labels: Labels) => void {
    const startedAt = this.#now()
    return labels => this.#series(labels).observe((this.#now() - startedAt) / 1000)
  }

  #series (labels: Labels): HistogramSeries {
    const byMethod = getOrAdd(this.#known, labels['route'], () => new Map<Label, Map<Label, HistogramSeries>>())
    const byStatus = getOrAdd(byMethod, labels['method'], () => new Map<Label, HistogramSeries>())
    return getOrAdd(byStatus, labels['status_code'], () => this.#histogram.at(labels))
  }
}

function getOrAdd<K, V> (map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key)
  if (value === undefined) map.set(key, value = create())
  return value
}
