/** Writes spans as OTLP: the serializers of OpenTelemetry, loaded only where spans are exported. */

import { createRequire } from 'node:module'
import type { Protocol } from './endpoint.ts'
import type { RecordedSpan } from './recorded-span.ts'

/** What is used of a serializer of OpenTelemetry. */
export interface Serializer {
  serializeRequest (spans: readonly RecordedSpan[]): Uint8Array | undefined
  deserializeResponse (bytes: Uint8Array): { readonly partialSuccess?: { readonly rejectedSpans?: number | string } }
}

/** The one that fits the protocol. It comes with the exporter, so it is looked for where that one would find it. */
export function loadSerializer (protocol: Protocol): Serializer {
  const exporter = createRequire(import.meta.url).resolve('@opentelemetry/exporter-trace-otlp-http')
  const {
    JsonTraceSerializer,
    ProtobufTraceSerializer
  } = createRequire(exporter)('@opentelemetry/otlp-transformer') as Record<'JsonTraceSerializer' | 'ProtobufTraceSerializer', Serializer>
  return protocol === 'http/json' ? JsonTraceSerializer : ProtobufTraceSerializer
}

/** How many spans of a batch a collector says it has thrown away; 0 when it says nothing that can be read. */
export function rejectedSpans (serializer: Serializer, body: Uint8Array): number {
  if (body.length === 0) return 0
  try {
    const rejected = Number(serializer.deserializeResponse(body).partialSuccess?.rejectedSpans ?? 0)
    return rejected > 0 ? rejected : 0
  } catch {
    return 0
  }
}
