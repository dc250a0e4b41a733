/** Metrics of gRPC calls, by service, method and status, for routes with `grpc`. */

import type { Exchange, Route } from '../../../src/index.ts'
import { grpcStatus, grpcStatusName, readGrpcPath } from '../../../src/http/index.ts'
import type { Instruments } from './instruments.ts'
import { Nested } from './nested.ts'
import { none } from './request-metrics.ts'
import type { NumberSeries } from './number-series.ts'
import type { SeriesCounter } from './series.ts'

/** The most methods of one route that have series of their own. */
const mostMethods = 256

/** Label value of a method that is not known to exist. */
const other = '(other)'

export class CallMetrics {
  readonly #calls: SeriesCounter
  readonly #series = new Nested<Route, NumberSeries>()
  /** The methods of each route that its services have. */
  readonly #known = new WeakMap<Route, Set<string>>()

  constructor (instruments: Instruments) {
    this.#calls = instruments.seriesCounter('gateway_grpc_calls_total', 'gRPC calls by service, method and status.')
  }

  /** Counts a call that has ended. */
  end (exchange: Exchange): void {
    const { route, grpcStatus: code, reason } = exchange
    if (route?.config.grpc === undefined) return
    // A response without a status is UNKNOWN to the client. One that left did not wait for any.
    const status = code ?? (reason?.code === 'client-closed' ? grpcStatus.CANCELLED : grpcStatus.UNKNOWN)
    const path = this.#pathOf(route, exchange)
    this.#series.at(route, path, status, '', '', () => {
      const { service, method } = readGrpcPath(path) ?? { service: other, method: other }
      return this.#calls.at({
        route: route.name,
        service: exchange.upstream?.name ?? route.config.upstream ?? route.config.target ?? none,
        grpc_service: service,
        grpc_method: method,
        grpc_status: grpcStatusName(status)!
      })
    }).value++
  }

  /** Clients can ask for any method of a route with a wildcard, so a method has series once its service has shown that it has it. */
  #pathOf (route: Route, { path, attempt }: Exchange): string {
    if (!route.config.grpc!.endsWith('*')) return path
    let known = this.#known.get(route)
    if (known === undefined) this.#known.set(route, known = new Set())
    const answered = attempt?.grpcStatus !== undefined && attempt.grpcStatus !== grpcStatus.UNIMPLEMENTED
    if (answered && known.size < mostMethods) known.add(path)
    return known.has(path) ? path : other
  }
}
