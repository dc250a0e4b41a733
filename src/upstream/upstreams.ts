/** The upstreams of a configuration, with their targets, loads and connections. */

import type { Config, TargetConfig, UpstreamConfig } from '../config/types.ts'
import type { LeaseHolder } from '../leases.ts'
import { createPool, type PoolOptions } from './pool.ts'
import { Target, type Load } from './target.ts'
import { Upstream } from './upstream.ts'

/** What upstreams need beside their configuration. */
export interface UpstreamContext {
  readonly leases: LeaseHolder
  /** True: nothing will be sent, so no connections are prepared. */
  readonly rehearsal: boolean
}

/** By name, in file order. */
export function createUpstreams (config: Config, context: UpstreamContext): ReadonlyMap<string, Upstream> {
  return new Map(Object.entries(config.upstreams).map(([name, upstream]) => [name, createUpstream(name, upstream, context)]))
}

function createUpstream (name: string, config: UpstreamConfig, context: UpstreamContext): Upstream {
  const upstream = new Upstream(name, config)
  upstream.setTargets(config.targets.map(target => createTarget(upstream, target, context)))
  return upstream
}

/** Makes a target of an upstream; load and connections are those that an earlier generation left, if it had the same target. */
export function createTarget (upstream: Upstream, config: TargetConfig, { leases, rehearsal }: UpstreamContext): Target {
  const { url, ...settings } = typeof config === 'string' ? { url: config } : config
  const { origin, pathname } = new URL(url)
  const key = `${upstream.name} ${url}`
  const { timeouts, connections, tls } = upstream.config
  const options: PoolOptions = { origin, connect: timeouts.connect, connections, tls }
  return new Target({
    upstream,
    origin,
    basePath: pathname.replace(/\/+$/, ''),
    weight: settings.weight ?? 1,
    config: settings,
    load: leases.take<Load>({ kind: 'load', key, create: () => ({ active: 0, openedAt: -Infinity, closed: false }), fork: load => ({ ...load }) }),
    dispatcher: rehearsal ? undefined : leases.take({ kind: 'pool', key, options, create: () => createPool(options), close: pool => pool.destroy() })
  })
}
