/** A span that has ended, in the shape that the serializers of OpenTelemetry read. */

import type { Attributes, HrTime, SpanContext, SpanStatus } from '@opentelemetry/api'
import type { Resource } from '@opentelemetry/resources'
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace'

/** What all spans of a gateway have in common. */
export interface Origin {
  readonly resource: Resource
  readonly instrumentationScope: ReadableSpan['instrumentationScope']
}

/** Numbers of SpanKind; an import would load the API for two of them. */
export const serverKind = 1
export const clientKind = 2

/** Numbers of SpanStatusCode. */
export const statusUnset = 0
export const statusError = 2

export interface SpanParts {
  readonly name: string
  readonly kind: number
  readonly context: SpanContext
  readonly parent: SpanContext | undefined
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly endedAt: number
  readonly attributes: Attributes
  readonly events: TimedEvent[]
  readonly status: SpanStatus
}

export class RecordedSpan implements ReadableSpan {
  readonly name: string
  readonly kind: number
  readonly #context: SpanContext
  readonly parentSpanContext?: SpanContext
  readonly startTime: HrTime
  readonly endTime: HrTime
  readonly duration: HrTime
  readonly status: SpanStatus
  readonly attributes: Attributes
  readonly links: [] = []
  readonly events: TimedEvent[]
  readonly ended = true
  readonly resource: Resource
  readonly instrumentationScope: ReadableSpan['instrumentationScope']
  readonly droppedAttributesCount = 0
  readonly droppedEventsCount = 0
  readonly droppedLinksCount = 0

  constructor (origin: Origin, parts: SpanParts) {
    this.name = parts.name
    this.kind = parts.kind
    this.#context = parts.context
    if (parts.parent !== undefined) this.parentSpanContext = parts.parent
    this.startTime = hrTime(parts.startedAt)
    this.endTime = hrTime(parts.endedAt)
    this.duration = hrTime(parts.endedAt - parts.startedAt)
    this.status = parts.status
    this.attributes = parts.attributes
    this.events = parts.events
    this.resource = origin.resource
    this.instrumentationScope = origin.instrumentationScope
  }

  spanContext (): SpanContext {
    return this.#context
  }
}

/** Milliseconds as seconds and nanoseconds. */
export function hrTime (ms: number): HrTime {
  const seconds = Math.floor(ms / 1000)
  return [seconds, Math.min(999_999_999, Math.round((ms - seconds * 1000) * 1e6))]
}
