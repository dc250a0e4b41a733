/** A small app with the real error answers around a policy: what a generation is to it, without files, upstreams or a port. */

import type { TestContext } from 'node:test'
import { Counter, Gauge, Registry } from '@prometheus-io/client'
import fastify, { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Decision } from '../../src/contract/exchange.ts'
import type { ReleasableHolder } from '../../src/contract/holder.ts'
import * as errorHandling from '../../plugins/core/error-handling/index.ts'
import { createOnce } from '../../src/gateway/once.ts'
import { Holdings } from '../../src/state/holdings.ts'
import type { LiveHolder } from '../../src/state/live-holder.ts'
import { HttpExchange } from '../../src/exchange/exchange.ts'
import { localClient } from '../helpers/local-client.ts'

/** What may be set about the app. */
export interface DoorOptions {
  readonly holder?: ReleasableHolder
  readonly rehearsal?: boolean
  /** Milliseconds of the monotonic clock; it stands still unless this moves. */
  readonly time?: { now: number }
  readonly registry?: Registry
}

/**
 * An app that is not ready yet, so that policies can be registered. Every path responds with 200. Client address
 * and route are read from `x-test-*`.
 */
export async function openDoor (t: TestContext, options: DoorOptions = {}): Promise<{
  app: FastifyInstance, decisions: Decision[], scrape: () => Promise<string>
}> {
  const { holder = new Holdings().hold(), rehearsal = false, time = { now: 1000 }, registry = new Registry() } = options
  const decisions: Decision[] = []
  const scrapers: (() => void)[] = []
  const app = fastify()
  t.after(async () => {
    await app.close()
    await admin.close()
    await holder.release()
  })
  const admin = fastify()
  const clock = { now: () => time.now, wall: () => time.now }
  app.decorate('gateway', {
    clock,
    random: () => 0.5,
    events: { emit: () => {} },
    ...holder,
    once: createOnce(),
    rehearsal,
    admin,
    config: { server: { name: 'door' }, errorPages: [] },
    onClosed: () => {},
    waitFor: () => {}
  } as never)
  app.decorateRequest('claims', null)
  app.decorateRequest('exchange', null as never)
  app.addHook('onRequest', (request, reply, done) => {
    const { headers } = request
    const exchange = new HttpExchange(request.raw, clock.now(), localClient, String(headers['x-test-ip'] ?? '127.0.0.1'))
    const route = headers['x-test-route']
    if (route !== undefined) exchange.match = { value: { name: String(route) }, params: {} } as never
    if (headers['x-test-sub'] !== undefined) request.claims = { sub: headers['x-test-sub'] }
    exchange.decisions = rehearsal ? decisions : undefined
    exchange.request = request
    Object.assign(request, { exchange })
    const close = (): void => exchange.close(clock.now(), (_exchange, error) => { throw error })
    reply.raw.once('finish', close).once('close', close)
    done()
  })
  app.addHook('onReady', async () => { if ('start' in holder) (holder as LiveHolder).start() })
  await app.register(errorHandling.default)
  await app.register(fp(async scope => {
    const known = (name: string): unknown => registry.getSingleMetric(name)
    scope.decorate('metrics', {
      counter: (definition: never) => known((definition as { name: string }).name) ?? new Counter({
        ...definition as object,
        registers: [registry]
      } as never),
      gauge: (definition: never) => known((definition as { name: string }).name) ?? new Gauge({
        ...definition as object,
        registers: [registry]
      } as never),
      onScrape: (listener: () => void) => scrapers.push(listener)
    } as never)
  }, { name: 'metrics' }))
  return {
    app,
    decisions,
    scrape: async () => {
      for (const listener of scrapers) listener()
      return await registry.metrics()
    }
  }
}
