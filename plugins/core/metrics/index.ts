/** Prometheus metrics: requests, attempts and the process, and the registry for the instruments of other plugins. */

import { createRequire } from 'node:module'
import { Registry } from '@prometheus-io/client'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import Type from '#typebox'
import type { Static } from '#typebox'
import { Enum, inPieces, type PluginConfig, type ReservedHandler, TimeSpan } from '../../../src/index.ts'
import { AttemptMetrics } from './attempt-metrics.ts'
import { CallMetrics } from './call-metrics.ts'
import { acmeMetrics } from './acme-metrics.ts'
import { certificateMetrics } from './certificates.ts'
import { ErrorMetrics } from './error-metrics.ts'
import { GatewayTime } from './gateway-time.ts'
import { sweepStaleLabels } from './stale-labels.ts'
import { listenerTlsMetrics } from './listener-tls.ts'
import { measuredUntil } from './measured-until.ts'
import { Metrics } from './metrics.ts'
import { wantsOpenMetrics } from './open-metrics.ts'
import { processClient } from './process-metrics.ts'
import { RequestMetrics } from './request-metrics.ts'
import { SemanticRequests } from './semantic-requests.ts'
import { takeBudget } from './series-budget.ts'
import { stateMetrics } from './state-metrics.ts'
import { WebSocketMetrics } from './websocket-metrics.ts'

// Loaded with require, because its types declare `app.metrics` too.
const { default: fastifyMetrics } = createRequire(import.meta.url)('fastify-metrics') as {
  default: FastifyPluginAsync<Record<string, unknown>>
}

const MetricsSchema = Type.Object({
  enabled: Type.Boolean({ default: true, description: 'Whether metrics are collected and served under `path`.' }),
  path: Type.String({ default: '/metrics', pattern: '^/[A-Za-z0-9._~/-]*$', description: 'Path of the metrics for Prometheus.' }),
  listener: Enum(['admin', 'public'], {
    default: 'admin',
    description: 'Listener that serves the metrics: the admin listener or the public one. On the public one `path` precedes all routes ' +
      'and policies, and every client can read it.'
  }),
  withoutToken: Type.Boolean({
    default: false,
    description: 'Whether the admin listener serves `path` without `admin.token`, like `/livez`. For scrapers without a token, such as ' +
      'Prometheus with pod annotations.'
  }),
  naming: Enum(['prometheus', 'otel', 'both'], {
    default: 'prometheus',
    description: 'Names of durations and counts of requests and attempts: the gateway\'s own, those of OpenTelemetry\'s semantic ' +
      'conventions, or both. All other metrics have one name.'
  }),
  maxSeries: Type.Integer({ default: 20_000, minimum: 10, maximum: 10_000_000, description: 'The most series of one metric. Further ' +
    'label values share one series with the labels `other`.' }),
  keepDeparted: TimeSpan({ default: '10m', description: 'How long the series of removed targets, upstreams, policies and routes are ' +
    'still printed.' })
}, { additionalProperties: false, default: {}, description: 'Prometheus metrics.' })

declare module '../../../src/index.ts' {
  interface RootKeys {
    readonly metrics: Static<typeof MetricsSchema>
  }
}

export const config = {
  root: { metrics: MetricsSchema },
  check ({ metrics, admin }, report) {
    if (metrics.withoutToken && metrics.listener === 'public') {
      report({
        pointer: '/metrics/withoutToken',
        at: 'key',
        message: 'is for metrics on the admin listener; the public one never asks for a token',
        severity: 'warning'
      })
    }
    if (!metrics.enabled || metrics.listener === 'public' || admin.enabled) return
    report({
      pointer: '/metrics/listener',
      message: 'metrics are on the admin listener, which is switched off',
      hint: 'set `metrics.listener: public` or `metrics.enabled: false`',
      severity: 'warning'
    })
  }
} satisfies PluginConfig

async function metrics (app: FastifyInstance): Promise<void> {
  const { gateway } = app
  const { config: { metrics: options }, clock } = gateway
  // Metrics of rehearsals are not printed.
  const registry = gateway.rehearsal
    ? new Registry()
    : gateway.resource({ kind: 'metrics', key: 'registry', create: () => new Registry() })
  const metrics = new Metrics(registry, takeBudget(gateway, registry))
  app.decorate('metrics', metrics)
  if (!options.enabled || gateway.rehearsal) return

  const unread = metrics.seriesCounter(
    'gateway_unread_requests_total',
    'What was refused before it became a request, by code of the problem.'
  )
  gateway.onRejectedInput(({ reason }) => { unread.at({ code: reason.code }).value++ })
  const wall = (): number => clock.wall()
  const own = options.naming !== 'otel'
  const requests = own ? [new RequestMetrics(metrics, wall)] : []
  for (const counted of requests) await inPieces(counted.begin(gateway.routes))
  for (const counted of [
    new ErrorMetrics(metrics),
    new GatewayTime(metrics, wall),
    ...(gateway.routes.some(({ config }) => config.grpc !== undefined) ? [new CallMetrics(metrics)] : []),
    ...requests,
    ...(options.naming === 'prometheus' ? [] : [new SemanticRequests(metrics, wall)])
  ]) gateway.onClosed((exchange, now) => counted.end(exchange, measuredUntil(exchange, now)))
  const webSockets = new WebSocketMetrics(metrics)
  gateway.onClosed(exchange => webSockets.end(exchange))

  const departures = await inPieces(sweepStaleLabels(gateway, metrics))
  const attempts = new AttemptMetrics(metrics, own)
  for (const upstream of gateway.upstreams.values()) {
    upstream.observers.push((attempt, now) => attempts.settled(attempt, now))
    // It adds no gate, but is called for every target, including those that join later.
    upstream.addGate(target => {
      attempts.add(target)
      departures.join(target)
      return undefined
    })
  }
  metrics.onScrape(async () => await departures.sweep())
  metrics.onScrape(stateMetrics(metrics, gateway))
  metrics.onScrape(listenerTlsMetrics(metrics, gateway))
  const fillCertificates = certificateMetrics(metrics, gateway.upstreams.values())
  if (fillCertificates !== undefined) metrics.onScrape(fillCertificates)
  const fillAcme = acmeMetrics(metrics, gateway)
  if (fillAcme !== undefined) metrics.onScrape(fillAcme)
  // Memory, event loop and garbage collection. Its route hooks are not used: requests are counted when their exchange ends.
  await app.register(fastifyMetrics, {
    name: 'fastifyMetrics',
    promClient: processClient,
    endpoint: null,
    defaultMetrics: { enabled: true },
    routeMetrics: { enabled: false }
  })
  expose(app, metrics)
}

function expose ({ gateway, log }: FastifyInstance, metrics: Metrics): void {
  const { path, listener, withoutToken } = gateway.config.metrics
  if (listener === 'public') {
    gateway.reserve(path, reservedHandler(metrics, error => log.error({ err: error }, 'metrics could not be printed')))
    return
  }
  gateway.admin.get(path, { config: { withoutToken } }, async (request, reply) => {
    const { contentType, text } = await metrics.print(wantsOpenMetrics(request.headers.accept))
    return await reply.type(contentType).header('vary', 'accept').send(text)
  })
}

function reservedHandler (metrics: Metrics, onError: (error: unknown) => void): ReservedHandler {
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD', 'content-length': 0 }).end()
      return
    }
    metrics.print(wantsOpenMetrics(request.headers.accept)).then(({ contentType, text }) => {
      response.writeHead(200, {
        'content-type': contentType,
        'content-length': Buffer.byteLength(text),
        'cache-control': 'no-store',
        vary: 'accept'
      })
      response.end(text)
    }).catch((error: unknown) => {
      onError(error)
      response.destroy()
    })
  }
}

export default fp(metrics, { name: 'metrics', fastify: '5.x' })
