/** What outlives a reload: what was found about targets, and the probers. */

import type { Clock, GatewayApi, Lock, Random, Stop, Target, Upstream, UpstreamIdentity } from '../../../src/index.ts'
import { statusSet } from '../../../src/config/index.ts'
import type { ConnectionOptions } from '../../../src/transport/index.ts'
import type { ActiveConfig, OutliersConfig, PassiveConfig } from './options.ts'
import { outlierCells, OutlierRecord } from './outlier-record.ts'
import { passiveCells, PassiveHealth } from './passive-health.ts'
import { healthCall, http2Probe, httpQuestion } from './http2-probe.ts'
import { probe } from './probe.ts'
import { Prober, type ProbeListener, type ProberOptions, type ProbeReport } from './prober.ts'
import { tcpProbe } from './tcp-probe.ts'
import { thresholdCells, Thresholds } from './thresholds.ts'
import { Usage, usageCells, wakeAll, type Resting } from './usage.ts'

/** The state and the tasks of one generation. Those of a target end when it leaves. */
export class HealthState {
  readonly #gateway: GatewayApi

  constructor (gateway: GatewayApi) {
    this.#gateway = gateway
  }

  /** What probes found about a target. Probing goes on by itself; of all generations, only the newest one hears of it. */
  probed (target: Target, active: ActiveConfig, hear: ProbeListener): Thresholds {
    const { clock, random } = this.#gateway
    const options = { active, tls: target.tls, origin: target.origin }
    const identity = { kind: 'health-probes', key: keyOf(target), options }
    const thresholds = new Thresholds(active, target.state({ ...identity, cells: thresholdCells(active) }))
    const usage = active.noTrafficInterval === undefined ? undefined : this.usage(target.upstream)
    const { lock } = target.upstream
    const start = startProber({ ask: asking(target, active, this.#gateway), thresholds, active, usage, lock, clock, random })
    target.task<ProbeReport>({ ...identity, start, hear })
    return thresholds
  }

  passive (target: Target, options: PassiveConfig): PassiveHealth {
    const { window, errorRate, minRequests, retryAfter } = options
    return new PassiveHealth(
      { window, errorRate, minRequests, maxPause: retryAfter.max, mayPause: statusSet(retryAfter.statuses) },
      target.state({ kind: 'passive-health', key: keyOf(target), options, cells: passiveCells })
    )
  }

  outlier (target: Target, options: OutliersConfig): OutlierRecord {
    return new OutlierRecord(target.state({ kind: 'outlier', key: keyOf(target), options, cells: outlierCells }))
  }

  /** When the targets of an upstream are compared next. */
  schedule (upstream: Upstream, options: OutliersConfig): Float64Array {
    return this.#gateway.state({ kind: 'outlier-schedule', key: upstream.name, options, cells: 1 })
  }

  /** Requests may come in other threads than that of the probers, so these are woken by a task beside them. */
  usage ({ name }: UpstreamIdentity): Usage {
    const { state, resource, task, rehearsal } = this.#gateway
    const identity = { kind: 'upstream-usage', key: name }
    const resting: Resting = rehearsal ? new Set() : resource<Resting>({ ...identity, create: () => new Set() })
    const alarm = task<never, undefined>({ ...identity, start: () => ({ stop () {}, answer: () => wakeAll(resting) }) })
    return new Usage(state({ ...identity, cells: usageCells }), resting, () => { void alarm.ask(undefined) })
  }
}

/** What a prober is made from. */
interface Probing {
  readonly ask: ProberOptions['ask']
  readonly thresholds: Thresholds
  readonly active: ActiveConfig
  readonly usage: Usage | undefined
  readonly lock: Lock
  readonly clock: Clock
  readonly random: Random
}

/** The task of a prober. It refers to no target, because it outlives the generation of the one that it is made for. */
function startProber ({ ask, thresholds, active, usage, lock, clock, random }: Probing): (publish: ProbeListener) => Stop {
  const { interval, noTrafficInterval = interval, jitter } = active
  return publish => {
    const prober = new Prober({ ask, thresholds, interval, noTrafficInterval, jitter, usage, lock, now: () => clock.now(), random })
    prober.listener = publish
    prober.start()
    return () => prober.stop()
  }
}

function asking (
  target: Target,
  active: ActiveConfig,
  { names, clock }: Pick<GatewayApi, 'names' | 'clock'>
): (signal: AbortSignal) => ReturnType<typeof probe> {
  const { type, method, timeout, headers, body, port } = active
  const base = withPort(target.url, port)
  if (type === 'tcp') return async signal => await tcpProbe({ origin: base, timeout, names }, signal)
  const { tls } = target
  // A target that was found by its name is reached by its address, and is still asked by its name.
  const named = target.address === undefined ? undefined : new URL(withPort(target.origin, port)).host
  const options = {
    url: base + active.path,
    method,
    timeout,
    names,
    host: active.host ?? named,
    headers,
    body,
    tls: named === undefined || tls.serverName !== undefined ? tls : { ...tls, serverName: target.serverName },
    isHealthy: statusSet(active.statuses)
  }
  if (target.upstream.config.protocol === 'http1') return async signal => await probe(options, signal)
  const connection = connectionOf(target, port)
  const question = type === 'grpc'
    ? healthCall(active.service ?? '', timeout)
    : httpQuestion({ ...options, path: target.basePath + active.path })
  return async signal => await http2Probe({ connection, question, timeout, names, clock }, signal)
}

/** How the connections of the traffic are opened, at the port of the probe. */
function connectionOf ({ origin, address, tls, upstream: { config } }: Target, port: number | undefined): ConnectionOptions {
  const { protocol, timeouts, connections } = config
  const place = { origin: withPort(origin, port), ...(address === undefined ? {} : { address }) }
  return { ...place, protocol, connect: timeouts.connect, connections, tls }
}

/** The same URL, without a slash at its end, at another port. */
function withPort (url: string, port: number | undefined): string {
  if (port === undefined) return url
  const moved = new URL(url)
  moved.port = String(port)
  return moved.href.replace(/\/$/, '')
}

function keyOf (target: Target): string {
  return `${target.upstream.name} ${target.url}`
}
