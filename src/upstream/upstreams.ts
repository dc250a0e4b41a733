/** The upstreams of a configuration, with their targets, loads and connections. */

import type { FastifyBaseLogger } from 'fastify'
import type { TargetDefinition } from '../contract/target.ts'
import type { Clock } from '../contract/clock.ts'
import type { Config, TargetConfig, UpstreamConfig } from '../config/types.ts'
import type { NameLookup } from '../dns/names.ts'
import type { Holder } from '../contract/holder.ts'
import { alone, type Threads } from '../contract/threads.ts'
import type { ConnectionOptions } from '../transport/connection-options.ts'
import { createTransport } from '../transport/create-transport.ts'
import { guardedCount } from '../state/guarded-count.ts'
import { linkFallbacks } from './fallback.ts'
import { KeptLoad, loadCells, loadHere } from './target-load.ts'
import { UpstreamTarget, urlOf } from './target.ts'
import { TargetGroup } from './upstream.ts'

/** What upstreams need beside their configuration. */
export interface UpstreamContext {
  readonly holder: Holder
  readonly clock: Clock
  /** Resolves the host names of targets. */
  readonly names: NameLookup
  readonly logger: FastifyBaseLogger
  /** True: nothing will be sent, so no connections are prepared. */
  readonly rehearsal: boolean
  /** The thread that it is in; by default the only one. */
  readonly threads?: Threads
}

/** The source of the targets whose URLs stand in the file. */
const written = 'file'

/** By name, in file order. */
export function createUpstreams (config: Config, context: UpstreamContext): ReadonlyMap<string, TargetGroup> {
  const upstreams = new Map(Object.entries(config.upstreams).map(([name, upstream]) => [name, createUpstream(name, upstream, context)]))
  linkFallbacks(upstreams)
  return upstreams
}

/** An entry of `targets`; undefined for one without a URL, whose targets a plugin finds. */
export function toMember (entry: TargetConfig): TargetDefinition | undefined {
  if (typeof entry === 'string') return { url: entry }
  const { url, ...settings } = entry
  return url === undefined ? undefined : { url, settings }
}

function createUpstream (name: string, config: UpstreamConfig, context: UpstreamContext): TargetGroup {
  const { holder, clock, logger } = context
  const now = clock.now()
  // Whether it was there before this configuration: then a target that is new in it joins a running upstream.
  const running = holder.state({ kind: 'upstream', key: name, cells: 1 })
  const joinedAt = running[0] === 1 ? now : -Infinity
  running[0] = 1
  const upstream = new TargetGroup(name, config, {
    lock: holder.lock({ kind: 'upstream', key: name }),
    createTarget: (of, member, openedAt) => createTarget(of, member, Math.max(openedAt, joinedAt), context),
    onError: (error, what) => logger.error({ err: error, upstream: name }, what)
  })
  upstream.setSource(written, config.targets.map(toMember).filter(member => member !== undefined), now)
  return upstream
}

/**
 * The part of this thread in the connections to a target. It is 1 at least, or a client of this thread could not be served. The gate of the
 * target counts what is in progress in all threads.
 */
export function shareOf (all: number, { number, count }: Pick<Threads, 'number' | 'count'>): number {
  return Math.max(1, Math.floor(all / count) + (number > 0 && number <= all % count ? 1 : 0))
}

/** Makes a target of an upstream; load and connections are those that an earlier generation left, if it had the same target. */
function createTarget (
  upstream: TargetGroup,
  { url, address, settings = {} }: TargetDefinition,
  openedAt: number,
  { holder, names, clock, rehearsal, threads = alone }: UpstreamContext
): UpstreamTarget {
  const { origin, pathname } = new URL(url)
  const place = { origin, basePath: pathname.replace(/\/+$/, ''), ...(address === undefined ? {} : { address }) }
  const key = `${upstream.name} ${urlOf(place)}`
  const { protocol, timeouts, connections } = upstream.config
  const tls = settings.tls === undefined ? upstream.config.tls : { ...upstream.config.tls, ...settings.tls }
  const options: ConnectionOptions = {
    protocol,
    origin,
    ...(address === undefined ? {} : { address }),
    connect: timeouts.connect,
    connections: { ...connections, max: shareOf(connections.max, threads) },
    tls
  }
  const held = holder.hold()
  const cells = held.state({ kind: 'load', key, cells: loadCells(openedAt) })
  const load = new KeptLoad(cells, {
    active: guardedCount(held, { kind: 'load', key }, upstream.lock),
    here: rehearsal ? loadHere() : held.resource({ kind: 'load', key, create: loadHere }),
    lock: upstream.lock
  })
  const transport = rehearsal ? undefined : held.resource({
    kind: 'transport',
    key,
    options,
    create: () => createTransport(options, { names, load, clock }),
    close: async open => await open.destroy()
  })
  return new UpstreamTarget({
    ...place,
    upstream,
    weight: settings.weight ?? 1,
    config: settings,
    tls,
    load,
    transport,
    holder: holder.hold(),
    connections: held
  })
}
