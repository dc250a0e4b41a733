/** A Fastify app with `app.gateway` and a metrics registry, but none of the other plugins. */

import type { TestContext } from 'node:test'
import { Writable } from 'node:stream'
import { Registry } from '@prometheus-io/client'
import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { pino } from 'pino'
import type { ReleasableHolder } from '../../src/contract/holder.ts'
import type { PluginModule } from '../../src/contract/plugin.ts'
import { Metrics } from '../../plugins/core/metrics/metrics.ts'
import type { GatewayControl } from '../../src/contract/control.ts'
import type { Config, UpstreamConfig } from '../../src/config/types.ts'
import { logEvent } from '../../src/gateway/event-log.ts'
import { EventStream } from '../../src/gateway/event-stream.ts'
import { PluginHost } from '../../src/gateway/plugin-host.ts'
import { Holdings } from '../../src/state/holdings.ts'
import type { LiveHolder } from '../../src/state/live-holder.ts'
import { defaultConfig } from '../helpers/config.ts'
import { upstreamConfig } from './upstream.ts'

export interface SmallAppOptions {
  readonly plugins: readonly PluginModule[]
  readonly upstreams: Readonly<Record<string, Partial<UpstreamConfig>>>
  readonly holder?: ReleasableHolder
  readonly rehearsal?: boolean
  readonly registry?: Registry
}

export interface SmallApp {
  readonly app: FastifyInstance
  /** Moves only when a test moves it. */
  readonly clock: { time: number }
  readonly holder: ReleasableHolder
  /** Lines of the log so far. */
  readonly log: Record<string, unknown>[]
  /** Resolves with the next line of the log that fits, also one that is already there. */
  logged (message: string): Promise<Record<string, unknown>>
  /** What `/metrics` would print. */
  scrape (): Promise<string>
}

/** Registers the plugins and makes the app ready; closes it, and lets go of its holder, after the test. */
export async function smallApp (t: TestContext, options: SmallAppOptions): Promise<SmallApp> {
  const { rehearsal = false, holder = rehearsal ? new Holdings().fork() : new Holdings().hold(), registry = new Registry() } = options
  const clock = { time: 1000 }
  const log: Record<string, unknown>[] = []
  const waiting = new Set<() => void>()
  const sink = new Writable({
    write (line: Buffer, _encoding, done) {
      log.push(JSON.parse(line.toString()) as Record<string, unknown>)
      for (const look of waiting) look()
      done()
    }
  })
  const loggerInstance: FastifyBaseLogger = pino({ level: 'debug' }, sink)
  const app: FastifyInstance = fastify({ loggerInstance })
  const metrics = new Metrics(registry)
  app.decorate('gateway', new PluginHost({
    config: smallConfig(options.upstreams),
    plugins: new Map(),
    holder,
    logger: app.log,
    clock: { now: () => clock.time, wall: () => clock.time },
    random: () => 0.5,
    control: {} as GatewayControl,
    events: new EventStream({
      wall: () => clock.time,
      generation: () => 1,
      log: (fact, cause) => logEvent(app.log, fact, cause),
      failed: error => { throw error }
    }),
    rehearsal
  }))
  t.after(async () => {
    await app.close()
    await holder.release()
  })
  await app.register(fp(async (scope: FastifyInstance) => { scope.decorate('metrics', metrics) }, { name: 'metrics' }))
  for (const plugin of options.plugins) await app.register(plugin.default as never)
  await app.ready()
  if ('start' in holder) (holder as LiveHolder).start()
  return {
    app,
    clock,
    holder,
    log,
    logged: message => new Promise(resolve => {
      const look = () => {
        const line = log.find(({ msg }) => msg === message)
        if (line === undefined) return
        waiting.delete(look)
        resolve(line)
      }
      waiting.add(look)
      look()
    }),
    scrape: async () => (await metrics.print()).text
  }
}

/** A configuration with these upstreams and no routes. */
export function smallConfig (upstreams: SmallAppOptions['upstreams']): Config {
  return {
    ...defaultConfig(),
    upstreams: Object.fromEntries(Object.entries(upstreams).map(([name, keys]) => [name, upstreamConfig(keys)])),
    routes: []
  }
}
