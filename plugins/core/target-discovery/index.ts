/** Target discovery: finds the targets of upstreams at run time, by DNS, by SRV records or from a file. */

import { promises as dns } from 'node:dns'
import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { GatewayApi, PluginConfig, Random, Stop, TargetDefinition, Upstream } from '../../../src/index.ts'
import { watchFiles, type FileWatch } from '../../../src/config/index.ts'
import { AddressBook } from './address-book.ts'
import { createDnsResolver } from './dns-resolver.ts'
import { createFileResolver } from './file-resolver.ts'
import type { Resolver } from './resolution.ts'
import { checkDiscovery, finds, foundEntry, targetKeys, upstreamKeys, type FoundEntry } from './options.ts'
import { pauseAfter } from './interval.ts'
import { TargetSource, type Schedule, type SourceReport, type SourceState, type TargetSourceOptions } from './target-source.ts'
import { createSrvResolver } from './srv-resolver.ts'

export const config = { target: targetKeys, upstream: upstreamKeys, finds, check: checkDiscovery } satisfies PluginConfig

/** The longest time that the start and a reload wait for the first results, in milliseconds. Later results are used when they arrive. */
const patience = 1000

/** Of one query to one server, in milliseconds. */
const queryTimeout = 2000

/** A source with the place it has. */
interface Placed {
  readonly upstream: Upstream
  /** Kind and place, such as `dns http://users.internal:3000`: its name in logs, metrics and `/upstreams`. */
  readonly name: string
  readonly source: TargetSource
  readonly entry: FoundEntry
}

async function targetDiscovery (app: FastifyInstance): Promise<void> {
  const { gateway, metrics } = app
  const placed = [...gateway.upstreams.values()].flatMap(
    upstream => upstream.config.targets.map(foundEntry).filter(entry => entry !== undefined).map(entry => place(upstream, entry))
  )
  if (placed.length === 0) return
  describe(placed)
  if (gateway.rehearsal) {
    for (const { upstream, name, source, entry } of placed) {
      upstream.setSource(name, source.state.members ?? await standIn(entry), gateway.clock.now())
    }
    return
  }

  for (const { upstream, name, source, entry } of placed) {
    const { members } = source.state
    if (members !== undefined) upstream.setSource(name, members, gateway.clock.now())
    gateway.waitFor(`the targets of ${upstream.name} (${name})`, Promise.race([source.looked, wait(patience, undefined, { ref: false })]))
    // The newest generation decides which keys targets may have.
    if (entry.kind === 'file') source.look = createFileResolver(resolve(gateway.folder, entry.at), targets => gateway.checkTargets(targets))
  }

  const up = metrics.gauge({
    name: 'gateway_target_discovery_up',
    help: 'Whether the last look for targets succeeded: 1 yes, 0 no.',
    labelNames: ['upstream', 'source']
  })
  const found = metrics.gauge({
    name: 'gateway_target_discovery_targets',
    help: 'Targets that a source has found.',
    labelNames: ['upstream', 'source']
  })
  metrics.onScrape(() => {
    // Removes the series of sources that a reload removed.
    up.reset()
    found.reset()
    for (const { upstream, name, source: { state } } of placed) {
      up.set({ upstream: upstream.name, source: name }, state.failure === undefined && state.members !== undefined ? 1 : 0)
      found.set({ upstream: upstream.name, source: name }, state.members?.length ?? 0)
    }
  })

  function place (upstream: Upstream, entry: FoundEntry): Placed {
    const name = `${entry.kind} ${entry.at}`
    const { resolvers = gateway.config.dns.resolvers } = upstream.config
    const options = { entry, resolvers, folder: gateway.folder }
    const identity = { kind: 'target-discovery', key: `${upstream.name} ${name}`, options }
    const create = (): TargetSource => newSource(entry, resolvers, resolve(gateway.folder, entry.at), gateway)
    const source = gateway.resource({ ...identity, create })
    gateway.task<SourceReport>({
      ...identity,
      start: looking(source),
      hear: reporter({ upstream: upstream.name, source: name }, source.state.members),
      learn: learner(upstream, name, source)
    })
    return { upstream, name, source, entry }
  }

  function learner (upstream: Upstream, name: string, source: TargetSource): (report: SourceReport) => void {
    let before = JSON.stringify(source.state.members)
    return ({ state }) => {
      source.learn(state)
      const members = JSON.stringify(state.members)
      if (state.members === undefined || members === before) return
      before = members
      upstream.setSource(name, state.members, gateway.clock.now())
    }
  }

  /** Targets for a rehearsal without a running gateway: it makes no DNS queries, but reads files. */
  async function standIn (entry: FoundEntry): Promise<readonly TargetDefinition[]> {
    if (entry.kind !== 'file') return [{ url: entry.at, settings: entry.settings }]
    return (await createFileResolver(resolve(gateway.folder, entry.at), targets => gateway.checkTargets(targets))()).members ?? []
  }

  function reporter (
    place: { readonly upstream: string, readonly source: string },
    first: SourceState['members']
  ): (report: SourceReport) => void {
    let before = first?.map(nameOf) ?? []
    return ({ state: { members, failure }, changes }) => {
      if (changes.members) {
        const targets = members!.map(nameOf)
        const [old, found] = [new Set(before), new Set(targets)]
        const [added, removed] = [targets.filter(name => !old.has(name)), before.filter(name => !found.has(name))]
        before = targets
        gateway.events.emit({ type: 'targets-changed', ...place, targets, added, removed })
      }
      if (!changes.failure) return
      if (failure === undefined) gateway.events.emit({ type: 'discovery-recovered', ...place })
      else gateway.events.emit({ type: 'discovery-failed', ...place, why: failure })
    }
  }
}

function nameOf ({ url, address }: TargetDefinition): string {
  return address === undefined ? url : `${url} (${address})`
}

/** The task of a source. It refers to no generation. */
function looking (source: TargetSource): (publish: (report: SourceReport) => void) => Stop {
  return publish => {
    source.reporter = publish
    source.start()
    return () => source.stop()
  }
}

/** Creates a source that is not started. A file source gets its resolver from each generation. */
function newSource (entry: FoundEntry, resolvers: readonly string[], file: string, { random }: GatewayApi): TargetSource {
  if (entry.kind === 'file') return new TargetSource({ look: lookNowhere, ...fileSchedule(file) })
  const resolver = new dns.Resolver({ timeout: queryTimeout, tries: 2 })
  if (resolvers.length > 0) resolver.setServers(resolvers)
  const book = new AddressBook(resolver, { family: entry.family, useHosts: resolvers.length === 0 })
  const { kind, at, settings } = entry
  const look = kind === 'dns' ? createDnsResolver(at, settings, book) : createSrvResolver(at, settings, resolver, book)
  return new TargetSource({ look, schedule: timed(entry, random), onStop: () => resolver.cancel() })
}

const lookNowhere: Resolver = async () => ({ members: undefined, failure: undefined })

function timed (entry: FoundEntry, random: Random): Schedule {
  return (look, found, failures) => {
    const timer = setTimeout(look, pauseAfter(found, failures, entry, random)).unref()
    return () => clearTimeout(timer)
  }
}

/** Looks again whenever the file changes. Watching begins before the first look-up, so that no change is missed. */
function fileSchedule (file: string): Pick<TargetSourceOptions, 'schedule' | 'onStart' | 'onStop'> {
  let again = (): void => {}
  let watch: FileWatch | undefined
  return {
    onStart: () => { watch = watchFiles([file], () => again()) },
    schedule: look => {
      again = look
      return () => { again = () => {} }
    },
    onStop: () => watch?.close()
  }
}

function describe (placed: readonly Placed[]): void {
  for (const [upstream, sources] of Map.groupBy(placed, ({ upstream }) => upstream)) {
    upstream.descriptions.set('discovery', () => sources.map(({ name, source: { state: { members, failure } } }) => ({
      source: name,
      up: failure === undefined && members !== undefined,
      targets: members?.length ?? 0,
      ...(failure === undefined ? {} : { why: failure })
    })))
  }
}

export default fp(targetDiscovery, { name: 'target-discovery', fastify: '5.x', dependencies: ['metrics'] })
