/** Prometheus metrics: what the gateway counts about requests, attempts and itself, and a place for the instruments of all other plugins. */

import { createRequire } from 'node:module'
import { Registry } from '@prometheus-io/client'
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import Type from 'typebox'
import type { Static } from 'typebox'
import type { PluginConfig, ReservedHandler } from '../../src/api.ts'
import { Enum } from '../../src/config/units.ts'
import { AttemptMetrics } from './attempt-metrics.ts'
import { fastifyMetricsClient } from './fastify-metrics-client.ts'
import { countInFlight } from './in-flight.ts'
import { Metrics } from './metrics.ts'
import { RequestMetrics } from './request-metrics.ts'
import { stateMetrics } from './state-metrics.ts'

// By require, because its types claim `app.metrics` for themselves.
const { default: fastifyMetrics } = createRequire(import.meta.url)('fastify-metrics') as { default: FastifyPluginAsync<Record<string, unknown>> }

const MetricsSchema = Type.Object({
  enabled: Type.Boolean({ default: true, description: 'Whether requests are counted and `path` is answered.' }),
  path: Type.String({ default: '/metrics', pattern: '^/[A-Za-z0-9._~/-]*$', description: 'Path under which Prometheus finds them.' }),
  listener: Enum(['admin', 'public'], {
    default: 'admin',
    description: 'Who answers: the admin listener, or the public one, where `path` then comes before all routes and policies and everybody can read it.'
  })
}, { additionalProperties: false, default: {}, description: 'Prometheus metrics.' })

declare module '../../src/config/types.ts' {
  interface RootKeys {
    readonly metrics: Static<typeof MetricsSchema>
  }
}

export const config = {
  root: { metrics: MetricsSchema },
  check ({ metrics, admin }, report) {
    if (!metrics.enabled || metrics.listener === 'public' || admin.enabled) return
    report({ pointer: '/metrics/listener', message: 'metrics are on the admin listener, which is switched off', hint: 'set `metrics.listener: public` or `metrics.enabled: false`', severity: 'warning' })
  }
} satisfies PluginConfig

async function metrics (app: FastifyInstance): Promise<void> {
  const { gateway } = app
  const registry = gateway.leases.take({ kind: 'metrics', key: 'registry', create: () => new Registry() })
  const metrics = new Metrics(registry)
  app.decorate('metrics', metrics)
  if (!gateway.config.metrics.enabled || gateway.rehearsal) return

  const requests = new RequestMetrics(metrics, gateway.routes)
  gateway.onClosed((exchange, now) => requests.end(exchange, now))
  const unread = metrics.seriesCounter('gateway_unread_requests_total', 'What was refused before it became a request, by code of the problem.')
  gateway.onUnread(({ reason }) => { unread.at({ code: reason.code }).value++ })

  const attempts = new AttemptMetrics(metrics)
  for (const upstream of gateway.upstreams.values()) {
    upstream.observers.push((attempt, now) => attempts.settled(attempt, now))
    for (const target of upstream.targets) attempts.add(target)
  }
  metrics.onScrape(stateMetrics(metrics, gateway, countInFlight(app)))
  await registerRouteMetrics(app, metrics)
  expose(app, metrics)
}

/** The names that dashboards for Fastify services look for: `http_request_duration_seconds{method,route,status_code}`. */
async function registerRouteMetrics (app: FastifyInstance, metrics: Metrics): Promise<void> {
  const { clock } = app.gateway
  await app.register(fastifyMetrics, {
    name: 'fastifyMetrics',
    promClient: fastifyMetricsClient(metrics, () => clock.now()),
    endpoint: null,
    defaultMetrics: { enabled: false },
    routeMetrics: {
      enabled: { histogram: true, summary: false },
      registeredRoutesOnly: false,
      methodBlacklist: [],
      overrides: {
        histogram: { buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] },
        labels: { getRouteLabel }
      }
    }
  })
}

/** Never Fastify's own path, which routing has made up. */
function getRouteLabel (request: FastifyRequest): string {
  return (request.routeOptions.config as { statsId?: string }).statsId ?? request.exchange.route?.name ?? '(none)'
}

function expose ({ gateway, log }: FastifyInstance, metrics: Metrics): void {
  const { path, listener } = gateway.config.metrics
  if (listener === 'public') {
    gateway.reserve(path, reservedHandler(metrics, error => log.error({ err: error }, 'metrics could not be printed')))
    return
  }
  gateway.admin.get(path, async (_request, reply) => await reply.type(Registry.PROMETHEUS_CONTENT_TYPE).send(await metrics.print()))
}

function reservedHandler (metrics: Metrics, onError: (error: unknown) => void): ReservedHandler {
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD', 'content-length': 0 }).end()
      return
    }
    metrics.print().then(text => {
      response.writeHead(200, { 'content-type': Registry.PROMETHEUS_CONTENT_TYPE, 'content-length': Buffer.byteLength(text), 'cache-control': 'no-store' })
      response.end(text)
    }).catch((error: unknown) => {
      onError(error)
      response.destroy()
    })
  }
}

export default fp(metrics, { name: 'metrics', fastify: '5.x' })
