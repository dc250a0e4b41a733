/** The figures of the traffic: a look each second, and what there is to show. Reads only, and only what metrics have counted. */

import type { GatewayApi, MetricsApi } from '../../../src/index.ts'
import { AttemptFigures, type TargetTraffic } from './traffic-attempts.ts'
import type { PolicyTraffic } from './traffic-policies.ts'
import { noRoute, RequestFigures, type RequestSource, type RouteTraffic } from './traffic-requests.ts'
import { Seconds } from './traffic-seconds.ts'
import { OwnLoop, type ThreadTraffic, threadTraffic } from './traffic-threads.ts'

/** How many seconds are kept of all traffic. */
const secondsKept = 300

/** How many seconds the rates and percentiles of a route, a target or a policy are about. */
const recentSeconds = 10

/** What a generation lets read. */
export interface Watched {
  readonly gateway: GatewayApi
  readonly metrics: Pick<MetricsApi, 'read'>
}

export class TrafficFigures {
  readonly seconds = new Seconds(secondsKept)
  readonly #requests = new RequestFigures(recentSeconds)
  readonly #attempts = new AttemptFigures(recentSeconds)
  readonly #loop = new OwnLoop()
  readonly #memory: () => number
  #watched: Watched | undefined
  #source: RequestSource | undefined
  #lookedAt: number | undefined
  #second = 0

  /** @param memory bytes of the process */
  constructor (memory: () => number = () => process.memoryUsage.rss()) {
    this.#memory = memory
  }

  /** The last second that was added, in seconds since 1970; 0 for none. */
  get second (): number {
    return this.#second
  }

  /** Reads what was counted since the last look. The first look only finds where counting stands. */
  look (watched: Watched): void {
    const { gateway: { clock, threads, upstreams }, metrics } = watched
    const [now, wall] = [clock.now(), clock.wall()]
    const isFirst = this.#lookedAt === undefined
    const lasted = isFirst ? 0 : (now - this.#lookedAt!) / 1000
    this.#requests.look(metrics, this.#sourceOf(watched), lasted, wall)
    this.#attempts.look(metrics, upstreams.values(), lasted)
    this.#lookedAt = now
    if (!isFirst) this.#add(watched, lasted, Math.floor(wall / 1000))
    else if (threads.role === 'alone') this.#loop.start()
  }

  stop (): void {
    this.#loop.stop()
  }

  routes ({ gateway: { routes } }: Watched): Record<string, RouteTraffic> {
    return named([...routes.map(({ name }) => name), noRoute], name => this.#requests.route(name))
  }

  policies ({ gateway: { config } }: Watched): Record<string, PolicyTraffic> {
    return named(Object.keys(config.policies), name => this.#requests.policy(name))
  }

  upstreams ({ gateway: { upstreams } }: Watched): Record<string, Readonly<Record<string, TargetTraffic>>> {
    return named([...upstreams.keys()], name => this.#attempts.upstream(upstreams.get(name)!))
  }

  threads ({ gateway: { control }, metrics }: Watched): ThreadTraffic[] {
    return threadTraffic(control, metrics)
  }

  #add (watched: Watched, lasted: number, second: number): void {
    const { gateway: { control, threads } } = watched
    const { requests, ...errors } = this.#requests.lastSecond()
    const perSecond = (count: number): number => count / lasted
    const percentile = (part: number): number => this.#requests.lastPercentile(part) ?? NaN
    const delays = this.threads(watched).map(({ loopDelay }) => loopDelay ?? 0)
    // No two have one number, however the clock of the machine is set.
    this.#second = Math.max(this.#second + 1, second)
    this.seconds.add(this.#second, {
      requests: perSecond(requests),
      client: perSecond(errors.client),
      upstream: perSecond(errors.upstream),
      gateway: perSecond(errors.gateway),
      plugin: perSecond(errors.plugin),
      p50: percentile(0.5),
      p95: percentile(0.95),
      p99: percentile(0.99),
      inFlight: control.inFlight,
      connections: control.connections.public.open,
      loopDelay: threads.role === 'alone' ? this.#loop.delay() : Math.max(0, ...delays),
      memory: this.#memory()
    })
  }

  /** A generation has routes and policies of its own. */
  #sourceOf (watched: Watched): RequestSource {
    if (watched !== this.#watched) {
      const { config, routes } = watched.gateway
      this.#requests.keep(routes.map(({ name }) => name), Object.keys(config.policies))
      this.#source = sourceOf(watched.gateway)
      this.#watched = watched
    }
    return this.#source!
  }
}

/** With the names of OpenTelemetry alone, requests are counted by the path of their route. */
function sourceOf ({ config, routes }: Pick<GatewayApi, 'config' | 'routes'>): RequestSource {
  if (config.metrics.naming !== 'otel') {
    return { metric: 'http_request_duration_seconds', status: 'status_code', routeOf: labels => String(labels['route']) }
  }
  const byPath = new Map(routes.toReversed().map(({ name, pattern }) => [pattern, name]))
  return {
    metric: 'http_server_request_duration_seconds',
    status: 'http_response_status_code',
    routeOf: labels => byPath.get(String(labels['http_route'])) ?? noRoute
  }
}

function named<T> (names: readonly string[], figures: (name: string) => T | undefined): Record<string, T> {
  // A name may be one that objects have anyway.
  const all = Object.create(null) as Record<string, T>
  for (const name of names) {
    const found = figures(name)
    if (found !== undefined) all[name] = found
  }
  return all
}
