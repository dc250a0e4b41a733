/**
 * Gives every exchange its identifier and its place in a distributed trace, tells the client the identifier,
 * and sends the spans of sampled ones to a collector.
 */

import { randomFillSync } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { compileTrust, type Config, ConfigError, type Exchange, type FieldWriter, type PluginConfig, version } from '../../../src/index.ts'
import { createIds, sampledFlag } from '../../../src/http/index.ts'
import { readBaggage } from './baggage.ts'
import { EnvironmentProblem } from './environment.ts'
import type { SpanExporter } from './exporter.ts'
import { instanceCells, instanceId } from './instance-id.ts'
import { checkTracing, TraceKey, TracingSchema } from './options.ts'
import { compileReader, compileWriter, ownedBy } from './propagation.ts'
import { isAcceptableRequestId } from './request-id.ts'
import { readSettings, type ExportSettings, type TracingSettings } from './settings.ts'
import { spansOf } from './spans.ts'

export const config = { root: { tracing: TracingSchema }, route: { trace: TraceKey }, check: checkTracing } satisfies PluginConfig

async function tracing (app: FastifyInstance): Promise<void> {
  const { gateway } = app
  const { random } = gateway
  const settings = settingsOf(app)
  const { share, heedsParent, propagation, exporting } = settings
  const accepts = compileAcceptance(gateway.config)
  const read = compileReader(propagation)
  const ids = createIds(buffer => randomFillSync(buffer))

  gateway.onBegin(exchange => {
    const { headers } = exchange
    const accepted = accepts(exchange)
    const caller = accepted ? read(headers) : undefined
    const traceId = caller?.traceId ?? ids.traceId()
    exchange.trace = {
      traceId,
      spanId: ids.spanId(),
      parentId: caller?.parentId,
      flags: (heedsParent ? caller?.flags : undefined) ?? (random() < share ? sampledFlag : 0),
      state: caller?.state ?? ''
    }
    const id = headers['x-request-id']
    exchange.id = accepted && isAcceptableRequestId(id) ? id : traceId
  })

  for (const name of ['x-request-id', ...ownedBy(propagation)]) gateway.ownedFields.add(name)
  const writers = fieldWriters(settings, accepts, exporting === undefined || gateway.rehearsal ? undefined : () => ids.spanId())
  for (const upstream of gateway.upstreams.values()) upstream.fieldWriters.push(...writers)

  const optsOut = gateway.routes.some(({ config }) => config.trace === false)
  app.addHook('onRequest', (request, reply, done) => {
    const { exchange } = request
    if (exporting !== undefined && exchange.decisions !== undefined) {
      decide(exchange, heedsParent && accepts(exchange) && read(exchange.headers)?.flags !== undefined, share)
    }
    if (optsOut && exchange.route?.config.trace === false) leaveOut(exchange)
    void reply.header('x-request-id', exchange.id)
    done()
  })

  if (exporting === undefined || gateway.rehearsal || gateway.threads.role === 'control') return
  const { clock } = gateway
  const exporter = await takeExporter(app, exporting)
  gateway.onClosed((exchange, now) => {
    if ((exchange.trace!.flags & sampledFlag) === 0 || exchange.route?.config.trace === false) return
    exporter.push(spansOf(exchange, now, clock.wall(), exporter.origin))
  })
}

/** Fields by which the upstream joins the trace. Attempts of what is recorded get a span, which becomes the parent there. */
function fieldWriters (
  { propagation }: TracingSettings,
  accepts: (exchange: Exchange) => boolean,
  spanId: (() => string) | undefined
): FieldWriter[] {
  const write = compileWriter(propagation)
  const place: FieldWriter = ({ trace, route }, attempt, fields) => {
    if (trace === undefined) return
    if (spanId !== undefined && (trace.flags & sampledFlag) !== 0 && route?.config.trace !== false) attempt.spanId = spanId()
    write(fields, trace.traceId, attempt.spanId ?? trace.spanId, trace.flags, trace.state)
  }
  if (!propagation.includes('baggage')) return [place]
  return [place, (exchange, _attempt, fields) => {
    const baggage = accepts(exchange) ? readBaggage(exchange.headers['baggage']) : undefined
    if (baggage !== undefined) fields.push('baggage', baggage)
  }]
}

/** The gateway takes no part in this trace: the caller's context is forwarded unchanged, and no trace without a root span is started. */
function leaveOut (exchange: Exchange): void {
  const { parentId, spanId, flags, ...rest } = exchange.trace!
  exchange.trace = { ...rest, parentId, spanId: parentId ?? spanId, flags: parentId === undefined ? flags & ~sampledFlag : flags }
  exchange.decisions?.push({ by: 'tracing', verdict: 'left out', why: 'the route says `trace: false`' })
}

/** Kept over reloads as long as its options are the same, and with it what waits. */
async function takeExporter ({ gateway, metrics }: FastifyInstance, settings: ExportSettings): Promise<SpanExporter> {
  const results = metrics.seriesCounter('gateway_trace_spans_total', 'Spans by what became of them.')
  const [exported, dropped, failed] = ['exported', 'dropped', 'failed'].map(result => results.at({ result })) as [
    { value: number },
    { value: number },
    { value: number }
  ]
  const up = metrics.gauge({
    name: 'gateway_trace_export_up',
    help: 'Whether the collector took the last batch of spans.',
    aggregator: 'min'
  })
  const waiting = metrics.gauge({ name: 'gateway_trace_queue_spans', help: 'Spans that wait to be exported.' })
  const { events } = gateway
  const collector = new URL(settings.url).origin
  const report = {
    exported: (spans: number) => { exported.value += spans },
    dropped: (spans: number) => { dropped.value += spans },
    failed: (spans: number) => { failed.value += spans },
    failing: (why: string) => {
      up.set(0)
      events.emit({ type: 'trace-export-failed', collector, why })
    },
    recovered: () => {
      up.set(1)
      events.emit({ type: 'trace-export-recovered', collector })
    },
    waiting: (spans: number) => { waiting.set(spans) }
  }
  const identity = { kind: 'tracing', key: 'instance' }
  const cells = gateway.state({ ...identity, cells: instanceCells })
  const instance = instanceId(cells, gateway.lock(identity), words => randomFillSync(words))
  const { startExporter } = await import('./start-exporter.ts')
  const exporter = await gateway.resource({
    kind: 'tracing',
    key: 'exporter',
    options: settings,
    create: async () => await startExporter(settings, { version, instance }, gateway, report),
    close: async started => await (await started).close()
  })
  exporter.report = report
  up.set(exporter.up ? 1 : 0)
  waiting.set(exporter.waiting)
  return exporter
}

function decide ({ trace, decisions }: Exchange, kept: boolean, share: number): void {
  const sampled = (trace!.flags & sampledFlag) !== 0
  decisions!.push({
    by: 'tracing',
    verdict: sampled ? 'sampled' : 'not sampled',
    why: kept ? 'the caller has decided' : `by chance: ${share} of the traces begun here are`
  })
}

function settingsOf ({ gateway }: FastifyInstance): TracingSettings {
  try {
    return readSettings(gateway.config.tracing, gateway.env, version)
  } catch (error) {
    if (!(error instanceof EnvironmentProblem)) throw error
    throw new ConfigError([{
      severity: 'error',
      pointer: '/tracing',
      message: error.message,
      hint: 'the variable is in the environment; what the file says wins'
    }])
  }
}

function compileAcceptance ({ tracing, server }: Config): (exchange: Exchange) => boolean {
  if (tracing.accept === 'proxies') {
    const trusted = compileTrust(server.trustProxy)
    return exchange => trusted(exchange.client.address)
  }
  const accepted = tracing.accept === 'always'
  return () => accepted
}

export default fp(tracing, { name: 'tracing', fastify: '5.x', dependencies: ['metrics'] })
