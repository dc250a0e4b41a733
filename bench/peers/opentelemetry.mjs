/** OpenTelemetry as its documentation sets it up: spans for http, fastify and undici, one in a hundred exported. Loaded before all else. */

import { register } from 'node:module'
import FastifyOtel from '@fastify/otel'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { BatchSpanProcessor, NodeTracerProvider, ParentBasedSampler, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace-node'

// So that modules that are imported are instrumented too.
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url)

const provider = new NodeTracerProvider({
  sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0.01) }),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: process.env.COLLECTOR }))]
})
provider.register()
const { FastifyOtelInstrumentation = FastifyOtel } = FastifyOtel
registerInstrumentations({
  tracerProvider: provider,
  instrumentations: [
    new HttpInstrumentation(),
    new UndiciInstrumentation(),
    new FastifyOtelInstrumentation({ registerOnInitialization: true })
  ]
})
