/** `GET /traffic`: what the gateway does now, and in the last five minutes. */

import { type FastifyInstance, type GatewayApi, GatewayError } from '../../../src/index.ts'
import { TrafficSampler } from './traffic-sampler.ts'

/** What samples the traffic. One for all generations. Asking it for a report keeps it looking. */
export function trafficSampler ({ resource }: Pick<GatewayApi, 'resource'>): TrafficSampler {
  return resource({ kind: 'console', key: 'traffic', create: () => new TrafficSampler(), close: sampler => sampler.stop() })
}

/** Adds the route to the admin listener. */
export function addTraffic (app: Pick<FastifyInstance, 'gateway' | 'metrics' | 'addHook'>): void {
  const { gateway, metrics } = app
  const sampler = trafficSampler(gateway)
  const watched = { gateway, metrics }
  app.addHook('onReady', async () => sampler.add(watched))
  app.addHook('onClose', async () => sampler.remove(watched))
  gateway.admin.get('/traffic', ({ query }) => sampler.report(readSince(query), readRows(query)))
}

const rowsOf = ['routes', 'upstreams']

function readRows (query: unknown): readonly string[] {
  const { rows = rowsOf.join() } = query as { readonly rows?: unknown }
  const names = typeof rows === 'string' ? rows.split(',').filter(name => name !== '') : ['']
  if (names.every(name => rowsOf.includes(name))) return names
  throw new GatewayError('bad-request', { detail: `\`rows\` must be a list of ${rowsOf.join(', ')}` })
}

function readSince (query: unknown): number {
  const { since = '0' } = query as { readonly since?: unknown }
  if (typeof since === 'string' && /^\d{1,12}$/.test(since)) return Number(since)
  throw new GatewayError('bad-request', { detail: 'give ?since=SECOND, where SECOND is one of `totals`, in seconds since 1970' })
}
