/** The state of health that outlives a reload: what was found out about targets, and the probers that are at it. */

import type { Clock, GatewayApi, NameLookup, Random, Target, Upstream, UpstreamIdentity } from '../../../src/index.ts'
import { statusSet } from '../../../src/config/index.ts'
import type { ActiveConfig, OutliersConfig, PassiveConfig } from './options.ts'
import { newRecord, type OutlierRecord } from './outlier-record.ts'
import { PassiveHealth } from './passive-health.ts'
import { probe } from './probe.ts'
import { Prober, type ProberOptions } from './prober.ts'
import { tcpProbe } from './tcp-probe.ts'
import { Usage } from './usage.ts'

/** Takes the leases of one generation. The leases of a target are released when it leaves. */
export class HealthState {
  readonly #gateway: GatewayApi

  constructor (gateway: GatewayApi) {
    this.#gateway = gateway
  }

  /** The prober of a target; it has begun, unless this is a rehearsal. */
  prober (target: Target, active: ActiveConfig): Prober {
    const { rehearsal, clock, random, names } = this.#gateway
    const { tls } = target.upstream.config
    return target.leases.take({
      kind: 'health-probes',
      key: keyOf(target),
      options: { active, tls, origin: target.origin },
      create: () => {
        const usage = active.noTrafficInterval === undefined ? undefined : this.usage(target.upstream)
        const created = newProber(asking(target, active, names), active, usage, clock, random)
        return rehearsal ? created : created.start()
      },
      fork: running => running.copy(),
      close: running => running.stop()
    })
  }

  passive (target: Target, options: PassiveConfig): PassiveHealth {
    const { window, errorRate, minRequests, retryAfter } = options
    return target.leases.take({
      kind: 'passive-health',
      key: keyOf(target),
      options,
      create: () => new PassiveHealth({
        window,
        errorRate,
        minRequests,
        maxPause: retryAfter.max,
        mayPause: statusSet(retryAfter.statuses)
      }),
      fork: health => health.copy()
    })
  }

  outlier (target: Target, options: OutliersConfig): OutlierRecord {
    return target.leases.take({ kind: 'outlier', key: keyOf(target), options, create: newRecord, fork: record => ({ ...record }) })
  }

  /** When the targets of an upstream are compared next. */
  schedule (upstream: Upstream, options: OutliersConfig): { endsAt: number } {
    return this.#gateway.leases.take({
      kind: 'outlier-schedule',
      key: upstream.name,
      options,
      create: () => ({ endsAt: 0 }),
      fork: schedule => ({ ...schedule })
    })
  }

  usage ({ name }: UpstreamIdentity): Usage {
    return this.#gateway.leases.take({ kind: 'upstream-usage', key: name, create: () => new Usage(), fork: usage => usage.copy() })
  }
}

function newProber (ask: ProberOptions['ask'], active: ActiveConfig, usage: Usage | undefined, clock: Clock, random: Random): Prober {
  const { interval, noTrafficInterval = interval, jitter } = active
  return new Prober({ ask, thresholds: active, interval, noTrafficInterval, jitter, usage, now: () => clock.now(), random })
}

function asking (target: Target, active: ActiveConfig, names: NameLookup): (signal: AbortSignal) => ReturnType<typeof probe> {
  const { type, method, timeout, headers, body, port } = active
  const base = withPort(target.url, port)
  if (type === 'tcp') return async signal => await tcpProbe({ origin: base, timeout, names }, signal)
  const { tls } = target.upstream.config
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
  return async signal => await probe(options, signal)
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
