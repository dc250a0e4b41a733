/** Requests by route, and refusals by policy, as the metrics have counted them. */

import { type MetricsApi, reasons, type ReasonCode } from '../../../src/index.ts'
import { Increases } from './traffic-increases.ts'
import { percentile } from './traffic-percentile.ts'
import { limitedCode, PolicyFigures, type PolicyTraffic } from './traffic-policies.ts'
import { Rates } from './traffic-rates.ts'
import { inMilliseconds, rounded } from './traffic-rounding.ts'
import { Shown } from './traffic-shown.ts'

/** The row of requests that no route of the file has served. */
export const noRoute = '(none)'

/** The row of all requests together. No route has an empty name. */
const everything = ''

/** Columns of a route. The buckets of durations are behind them. */
const column = { requests: 0, client: 1, upstream: 2, gateway: 3, plugin: 4, limited: 5, refused: 6, answered5xx: 7, failed5xx: 8 } as const

const faults = ['client', 'upstream', 'gateway', 'plugin'] as const

const firstBucket = 9

/** Upper bounds of both histograms together are no more than this. */
const mostBuckets = 20

/** Where the durations of requests are: the metric, and its labels for route and status. */
export interface RequestSource {
  readonly metric: string
  readonly status: string
  /** The name of the route that a series is about. */
  readonly routeOf: (labels: Readonly<Record<string, string | number>>) => string
}

/** A route as it is shown. Rates are per second, durations in milliseconds. */
export interface RouteTraffic {
  readonly rate: number
  readonly errors: Readonly<Record<typeof faults[number], number>>
  readonly p50: number | null
  readonly p95: number | null
  /** Milliseconds since 1970, to a second; null where there was none since the first look. */
  readonly lastRequest: number | null
  /** Since the start of the gateway. */
  readonly total: Readonly<Record<'requests' | 'errors' | 'limited' | 'refused', number>>
}

export class RequestFigures {
  readonly #rates: Rates
  readonly #shown = new Shown<RouteTraffic>()
  readonly #policies: PolicyFigures
  #requests = new Increases()
  readonly #errors = new Increases()
  readonly #last = new Map<string, number>()
  #bounds: readonly number[] = []
  #metric: string | undefined
  /** Whether totals begin anew at the next look. */
  #anew = true

  /** @param seconds how many seconds a rate is about */
  constructor (seconds: number) {
    this.#rates = new Rates(firstBucket + mostBuckets, seconds)
    this.#policies = new PolicyFigures(seconds)
  }

  /** Forgets all but these names. */
  keep (routes: Iterable<string>, policies: Iterable<string>): void {
    const others = this.#rates.keep(new Set([everything, noRoute, ...routes]))
    if (this.#policies.keep(new Set(policies)) || others) this.#anew = true
    this.#shown.clear()
    for (const name of this.#last.keys()) if (this.#rates.find(name) === undefined) this.#last.delete(name)
  }

  /** Reads what the last second has counted. @param now milliseconds since 1970 */
  look (metrics: Pick<MetricsApi, 'read'>, source: RequestSource, lasted: number, now: number): void {
    this.#rates.advance(lasted)
    if (source.metric !== this.#metric) {
      this.#requests = new Increases()
      this.#metric = source.metric
      this.#anew = true
    }
    if (this.#anew) this.#rates.beginTotals()
    this.#policies.advance(lasted, this.#anew)
    // Requests first: a thread counts the error of a request before the request.
    this.#lookAtRequests(metrics, source, now)
    this.#lookAtErrors(metrics)
    this.#anew = false
  }

  /** Of all requests in the last second: how many, and whose fault the failed ones were. */
  lastSecond (): Readonly<Record<'requests' | typeof faults[number], number>> {
    const last = (at: number): number => this.#rates.last(this.#all, at)
    return { requests: last(column.requests), ...this.#byFault(this.#all, last) }
  }

  /** Of all requests in the last second, in milliseconds. */
  lastPercentile (part: number): number | null {
    return inMilliseconds(percentile(this.#bounds, bucket => this.#rates.last(this.#all, firstBucket + bucket), part))
  }

  route (name: string): RouteTraffic | undefined {
    const row = this.#rates.find(name)
    return row === undefined ? undefined : this.#shown.of(name, this.#rates.state(row), () => this.#rowOf(name, row))
  }

  policy (name: string): PolicyTraffic | undefined {
    return this.#policies.policy(name)
  }

  #rowOf (name: string, row: number): RouteTraffic {
    const rates = this.#rates
    const recent = (at: number): number => rates.recent(row, at)
    const rate = (count: number): number => rates.seconds === 0 ? 0 : rounded(count / rates.seconds)
    const total = (at: number): number => rates.total(row, at)
    const errors = this.#byFault(row, recent)
    const buckets = (bucket: number): number => recent(firstBucket + bucket)
    return {
      rate: rate(recent(column.requests)),
      errors: { client: rate(errors.client), upstream: rate(errors.upstream), gateway: rate(errors.gateway), plugin: rate(errors.plugin) },
      p50: inMilliseconds(percentile(this.#bounds, buckets, 0.5)),
      p95: inMilliseconds(percentile(this.#bounds, buckets, 0.95)),
      lastRequest: this.#last.get(name) ?? null,
      total: {
        requests: total(column.requests),
        errors: Object.values(this.#byFault(row, total)).reduce((sum, count) => sum + count, 0),
        limited: total(column.limited),
        refused: total(column.refused)
      }
    }
  }

  get #all (): number {
    return this.#rates.find(everything)!
  }

  /** Responses of an upstream with a status of 500 and more are its errors too: those that no failure explains. */
  #byFault (row: number, count: (at: number) => number): Record<typeof faults[number], number> {
    const passed = Math.max(0, count(column.answered5xx) - count(column.failed5xx))
    return {
      client: count(column.client),
      upstream: count(column.upstream) + passed,
      gateway: count(column.gateway),
      plugin: count(column.plugin)
    }
  }

  #lookAtRequests (metrics: Pick<MetricsApi, 'read'>, { metric, status, routeOf }: RequestSource, now: number): void {
    const histogram = metrics.read(metric)
    this.#bounds = (histogram?.bounds ?? []).slice(0, mostBuckets - 1)
    this.#requests.look(histogram, this.#anew, (labels, increase, grown) => {
      const name = routeOf(labels)
      const row = this.#rates.find(name)
      const [more, growth] = [sumOfBuckets(increase), sumOfBuckets(grown)]
      const failed = Number(labels[status]) >= 500
      for (const at of row === undefined ? [this.#all] : [this.#all, row]) {
        this.#rates.count(at, column.requests, more, growth)
        if (failed) this.#rates.count(at, column.answered5xx, more, growth)
        if (more === 0) continue
        for (let bucket = 1; bucket < increase.length; bucket++) this.#rates.add(at, firstBucket + bucket - 1, increase[bucket]!)
      }
      if (more > 0 && row !== undefined) this.#last.set(name, now)
    })
  }

  #lookAtErrors (metrics: Pick<MetricsApi, 'read'>): void {
    const errors = metrics.read('gateway_errors_total')
    this.#errors.look(errors, this.#anew, ({ code, fault, route, policy }, [increase = 0], [grown = 0]) => {
      const row = this.#rates.find(String(route))
      const columns: number[] = [column[fault as typeof faults[number]]]
      if (code === limitedCode) columns.push(column.limited)
      else if (policy !== noRoute) columns.push(column.refused)
      if ((reasons[code as ReasonCode]?.status ?? 0) >= 500) columns.push(column.failed5xx)
      for (const at of row === undefined ? [this.#all] : [this.#all, row]) {
        for (const each of columns) this.#rates.count(at, each, increase, grown)
      }
      this.#policies.add(String(policy), String(code), increase, grown)
    })
  }
}

/** Of a histogram: how often it has observed. */
function sumOfBuckets (numbers: Float64Array): number {
  let sum = 0
  for (let bucket = 1; bucket < numbers.length; bucket++) sum += numbers[bucket]!
  return sum
}
