/** The face of the Prometheus client that fastify-metrics sees. */

import client from '@prometheus-io/client'
import type { FastifyRequest } from 'fastify'
import type { Clock } from '../../src/clock.ts'
import type { Exchange } from '../../src/upstream/exchange.ts'
import type { HistogramSeries } from './histogram-series.ts'
import type { Instruments } from './instruments.ts'
import type { Labels } from './series-map.ts'
import type { SeriesHistogram } from './series.ts'

type Label = string | number | undefined

interface HistogramOptions {
  readonly name: string
  readonly help: string
  readonly buckets?: readonly number[]
}

/** What fastify-metrics is registered with. */
export interface FastifyMetricsFace {
  readonly promClient: typeof client
  /** Names the route of a request; called right before its time is told. */
  readonly getRouteLabel: (request: FastifyRequest) => string
}

/**
 * A client that creates in our registry what is not there yet. The real one refuses a name that exists, so a second generation could not
 * register; and without an explicit client fastify-metrics takes `@platformatic/prom-client` where that happens to be installed, whose
 * registry nobody prints.
 */
export function fastifyMetricsFace (instruments: Instruments, clock: Clock): FastifyMetricsFace {
  // The timer gets labels only; the label's function, called in the same breath, gets the request.
  let ending: Exchange | undefined
  const promClient = {
    ...client,
    register: instruments.registry,
    Histogram: class {
      constructor ({ name, help, buckets = [] }: HistogramOptions) {
        return new RouteHistogram(instruments.seriesHistogram(name, help, buckets), clock, () => ending!)
      }
    },
    // Created even when it is switched off, and then printed without a value.
    Summary: class {}
  } as unknown as typeof client
  return {
    promClient,
    getRouteLabel (request) {
      ending = request.exchange
      // Never Fastify's own path, which routing has made up.
      return ending.route?.name ?? (request.routeOptions.config as { statsId?: string }).statsId ?? '(none)'
    }
  }
}

/** The part of the client's Histogram that fastify-metrics uses. */
class RouteHistogram {
  /** By route, method and status. */
  readonly #known = new Map<Label, Map<Label, Map<Label, HistogramSeries>>>()
  readonly #histogram: SeriesHistogram
  /** One for all requests: the exchange knows when it began. */
  readonly #stop: (labels: Labels) => void

  constructor (histogram: SeriesHistogram, clock: Clock, ending: () => Exchange) {
    this.#histogram = histogram
    const wall = (): number => clock.wall()
    this.#stop = labels => {
      const { startedAt, trace } = ending()
      this.#series(labels).observeIn(trace, (clock.now() - startedAt) / 1000, wall)
    }
  }

  startTimer (): (labels: Labels) => void {
    return this.#stop
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
