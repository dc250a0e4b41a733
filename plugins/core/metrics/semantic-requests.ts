/**
 * Durations of requests and attempts under the names of OpenTelemetry's semantic conventions for HTTP
 * metrics, as Prometheus spells them.
 */

import { answerStatus, type Attempt, type Exchange, type Route, type Target } from '../../../src/index.ts'
import type { HistogramSeries } from './histogram-series.ts'
import type { Instruments } from './instruments.ts'
import { methodLabel } from './method-label.ts'
import { Nested } from './nested.ts'
import type { SeriesHistogram } from './series.ts'

/** Seconds, as the conventions advise. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/** How requests come, with a key for each way. */
const connections = { http: byVersion('http'), https: byVersion('https') } as const

function byVersion (scheme: string) {
  return {
    '1.0': { key: `${scheme} 1.0`, scheme, version: '1.0' },
    '1.1': { key: `${scheme} 1.1`, scheme, version: '1.1' },
    '2.0': { key: `${scheme} 2`, scheme, version: '2' }
  } as const
}

const noRoute = Object.freeze({})

export class SemanticRequests {
  readonly #server: SeriesHistogram
  readonly #client: SeriesHistogram
  readonly #wall: () => number
  readonly #served = new Nested<Route | typeof noRoute, HistogramSeries>()
  readonly #sent = new Nested<Target, HistogramSeries>()

  constructor (instruments: Instruments, wall: () => number) {
    this.#server = instruments.seriesHistogram('http_server_request_duration_seconds', 'Duration of HTTP server requests.', bounds)
    this.#client = instruments.seriesHistogram('http_client_request_duration_seconds', 'Duration of HTTP client requests.', bounds)
    this.#wall = wall
  }

  /** Counts an exchange that has ended, and its attempts. */
  end (exchange: Exchange, now: number): void {
    const { route, method, reason, trace, client, startedAt, httpVersion } = exchange
    const status = answerStatus(exchange)
    const { key, scheme, version } = connections[client.tls === undefined ? 'http' : 'https'][versionOf(httpVersion)]
    const error = reason?.code ?? errorOf(status)
    this.#served.at(route ?? noRoute, method, status, error, key, () => this.#server.at({
      http_request_method: semanticMethod(method),
      http_route: route?.pattern ?? '',
      http_response_status_code: status,
      url_scheme: scheme,
      network_protocol_version: version,
      error_type: error
    })).observeIn(trace, (now - startedAt) / 1000, this.#wall)
    for (const attempt of exchange.attempts) this.#attempt(attempt, exchange, now)
  }

  #attempt ({ target, statusCode, failure, startedAt, endedAt = startedAt }: Attempt, { method, trace }: Exchange, now: number): void {
    const error = failure?.code ?? (statusCode !== undefined && statusCode >= 400 ? String(statusCode) : '')
    this.#sent.at(target, method, statusCode ?? 0, error, '', () => {
      const { hostname, port, protocol } = new URL(target.origin)
      return this.#client.at({
        http_request_method: semanticMethod(method),
        server_address: hostname,
        server_port: port === '' ? defaultPort(protocol) : port,
        http_response_status_code: statusCode ?? '',
        error_type: error
      })
    }).observeIn(trace, (Math.min(endedAt, now) - startedAt) / 1000, this.#wall)
  }
}

/** A request without a known version is one of HTTP/1.1 that was rejected. */
function versionOf (httpVersion: string): '1.0' | '1.1' | '2.0' {
  return httpVersion === '2.0' || httpVersion === '1.0' ? httpVersion : '1.1'
}

/** In a server span a 4xx status is not an error. */
function errorOf (status: number): string {
  return status >= 500 ? String(status) : ''
}

function semanticMethod (method: string): string {
  const label = methodLabel(method)
  return label === 'OTHER' ? '_OTHER' : label
}

function defaultPort (protocol: string): string {
  return protocol === 'https:' ? '443' : '80'
}
