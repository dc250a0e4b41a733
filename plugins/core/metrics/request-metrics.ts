/** Metrics of exchanges: request counts and durations. */

import { answerStatus, type Exchange, type Route, type RouteConfig, type Steps } from '../../../src/index.ts'
import type { HistogramSeries } from './histogram-series.ts'
import type { Instruments } from './instruments.ts'
import { methodLabel } from './method-label.ts'
import type { NumberSeries } from './number-series.ts'
import type { SeriesCounter, SeriesHistogram } from './series.ts'

/** Label value where there is no name. */
export const none = '(none)'

/** Seconds. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Seconds, for the finer metric that dashboards for Fastify services use. */
const fineBounds = [0.001, 0.0025, ...bounds]

/** Labels of a request that are known before its response. */
interface RequestLabels {
  readonly method: string
  readonly path: string
  readonly route: string
  readonly service: string
}

interface StatusSeries {
  readonly requests: NumberSeries
  readonly duration: HistogramSeries
}

/** The series of one method on one service of one route. */
interface MethodSeries {
  readonly labels: RequestLabels
  readonly duration: HistogramSeries
  readonly statuses: Map<number, StatusSeries>
}

type ServiceSeries = Map<string, MethodSeries>

export class RequestMetrics {
  readonly #requests: SeriesCounter
  readonly #duration: SeriesHistogram
  readonly #byStatus: SeriesHistogram
  readonly #wall: () => number
  /** By the position of the route in the configuration, then by service. Filled on first use. */
  readonly #routes: Map<string, ServiceSeries>[] = []
  readonly #unmatched = new Map<string, ServiceSeries>()

  constructor (instruments: Instruments, wall: () => number) {
    this.#requests = instruments.seriesCounter('gateway_requests_total', 'Total number of requests processed.')
    this.#duration = instruments.seriesHistogram(
      'gateway_request_duration_seconds',
      'Time from the headers of a request to the end of its response. WebSockets: until they are accepted.',
      bounds
    )
    this.#byStatus = instruments.seriesHistogram('http_request_duration_seconds', 'request duration in seconds', fineBounds)
    this.#wall = wall
  }

  /**
   * Creates a counter series for every route, so that the first increase from 0 is visible. Histograms are
   * omitted: each would print fifteen lines.
   */
  * begin (routes: readonly Route[]): Steps<void> {
    for (const route of routes) {
      this.#requests.at({ ...labelsOf(route, serviceOf(route), firstMethod(route.config)), status: 200 })
      yield
    }
  }

  /** Counts an exchange that has ended at `now`, in monotonic milliseconds. */
  end (exchange: Exchange, now: number): void {
    const { route } = exchange
    const series = this.#series(route, exchange.upstream?.name ?? serviceOf(route), exchange.method)
    const status = this.#status(series, answerStatus(exchange))
    const seconds = (now - exchange.startedAt) / 1000
    series.duration.observeIn(exchange.trace, seconds, this.#wall)
    status.duration.observeIn(exchange.trace, seconds, this.#wall)
    status.requests.value++
  }

  #series (route: Route | undefined, service: string, method: string): MethodSeries {
    const services = route === undefined ? this.#unmatched : this.#routes[route.index] ??= new Map()
    let methods = services.get(service)
    if (methods === undefined) services.set(service, methods = new Map())
    let series = methods.get(method)
    if (series === undefined) methods.set(method, series = this.#create(labelsOf(route, service, method)))
    return series
  }

  #create (labels: RequestLabels): MethodSeries {
    const { method, path, service } = labels
    return { labels, duration: this.#duration.at({ method, path, service }), statuses: new Map() }
  }

  #status ({ labels, statuses }: MethodSeries, status: number): StatusSeries {
    let series = statuses.get(status)
    if (series === undefined) {
      series = {
        requests: this.#requests.at({ ...labels, status }),
        duration: this.#byStatus.at({ method: labels.method, route: labels.route, status_code: status })
      }
      statuses.set(status, series)
    }
    return series
  }
}

function labelsOf (route: Route | undefined, service: string, method: string): RequestLabels {
  return { method: methodLabel(method), path: route?.pattern ?? none, route: route?.name ?? none, service }
}

/** The upstream of a route by its configuration, so that rejected requests count for it too. */
export function serviceOf (route: Route | undefined): string {
  return route?.config.upstream ?? route?.config.target ?? none
}

function firstMethod (route: RouteConfig & { readonly methods?: readonly string[] }): string {
  return route.methods?.[0] ?? 'GET'
}
