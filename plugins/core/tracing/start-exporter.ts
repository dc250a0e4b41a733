/** Starts an exporter: everything of OpenTelemetry is loaded here, and so only where spans are exported. */

import type { GatewayApi } from '../../../src/index.ts'
import { SpanExporter, type ExportReport } from './exporter.ts'
import { GrpcTransport } from './grpc-transport.ts'
import { HttpTransport } from './http-transport.ts'
import { loadSerializer } from './serializer.ts'
import type { ExportSettings } from './settings.ts'

/** `version` is that of the gateway, which is the instrumentation; `instance` tells it from others of the same name. */
export async function startExporter (
  settings: ExportSettings,
  { version, instance }: { readonly version: string, readonly instance: string },
  { clock, random, names }: Pick<GatewayApi, 'clock' | 'random' | 'names'>,
  report: ExportReport
): Promise<SpanExporter> {
  const { resourceFromAttributes } = await import('@opentelemetry/resources')
  const serializer = loadSerializer(settings.protocol)
  return new SpanExporter({
    batch: settings.batch,
    origin: {
      resource: resourceFromAttributes({ 'service.instance.id': instance, ...settings.resource }),
      instrumentationScope: { name: 'onedoor', version }
    },
    serializer,
    transport: settings.protocol === 'grpc'
      ? new GrpcTransport(settings, serializer, names)
      : new HttpTransport(settings, serializer, clock, names),
    clock,
    random,
    report
  })
}
