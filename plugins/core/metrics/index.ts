/** Prometheus metrics: requests, attempts and the process, and the registry for the instruments of other plugins. */

import { createRequire } from 'node:module'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import Type from '#typebox'
import type { Static } from '#typebox'
import { Enum, inPieces, type PluginConfig, TimeSpan } from '../../../src/index.ts'
import { acmeMetrics } from './acme-metrics.ts'
import { certificateMetrics } from './certificates.ts'
import { countRequests } from './count-requests.ts'
import { keepMetrics, type KeptMetrics } from './kept-metrics.ts'
import { sweepStaleLabels } from './stale-labels.ts'
import { certificateExpiry, handshakeMetrics } from './listener-tls.ts'
import { Metrics } from './metrics.ts'
import { wantsOpenMetrics } from './open-metrics.ts'
import { pageFrom, type PrintMetrics } from './pages.ts'
import { publicPage } from './public-page.ts'
import { processClient } from './process-metrics.ts'
import { stateMetrics } from './state-metrics.ts'
import { threadMetrics } from './thread-metrics.ts'
import { measureThreads } from './thread-task.ts'

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
  const { config: { metrics: { enabled } }, rehearsal, threads: { role, toControl } } = gateway
  const kept = keepMetrics(gateway)
  const metrics = new Metrics(kept.registry, kept.place)
  app.decorate('metrics', metrics)
  if (!enabled || rehearsal) return
  await countRequests(gateway, metrics)
  if (role !== 'alone') measureThreads(gateway, kept.instruments)
  if (role !== 'data') await fill(app, metrics, kept)
  expose(app, toControl === undefined ? async open => await metrics.print(open) : pageFrom(toControl))
}

/** Fills gauges from state, in the thread that prints them. */
async function fill (app: FastifyInstance, metrics: Metrics, kept: KeptMetrics): Promise<void> {
  const { gateway } = app
  const { ofThreads, pages } = kept
  const departures = await inPieces(sweepStaleLabels(gateway, departed => kept.drop(departed)))
  for (const upstream of gateway.upstreams.values()) {
    upstream.addGate(target => {
      departures.join(target)
      return undefined
    })
  }
  if (ofThreads === undefined) metrics.onScrape(handshakeMetrics(metrics, gateway))
  else {
    metrics.onScrape(async open => await ofThreads.refresh(open))
    metrics.onScrape(threadMetrics(metrics, gateway))
    const print: PrintMetrics = async open => await metrics.print(open)
    app.addHook('onReady', async () => pages?.add(print))
    app.addHook('onClose', async () => pages?.remove(print))
  }
  metrics.onScrape(() => departures.sweep())
  metrics.onScrape(stateMetrics(metrics, gateway))
  metrics.onScrape(certificateExpiry(metrics, gateway))
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
}

function expose ({ gateway, log }: FastifyInstance, print: PrintMetrics): void {
  const { path, listener, withoutToken } = gateway.config.metrics
  if (listener === 'public') {
    gateway.reserve(path, publicPage(print, error => log.error({ err: error }, 'metrics could not be printed')))
    return
  }
  gateway.admin.get(path, { config: { withoutToken } }, async (request, reply) => {
    const { contentType, text } = await print(wantsOpenMetrics(request.headers.accept))
    return await reply.type(contentType).header('vary', 'accept').send(text)
  })
}

export default fp(metrics, { name: 'metrics', fastify: '5.x' })
