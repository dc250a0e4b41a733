/**
 * Sends a span of every request to a collector, so that a stand-in shows up in the trace of the gateway.
 * Hand-made OTLP/JSON: a stand-in has no dependencies.
 */

import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** A sampled place in a trace (W3C Trace Context §3.2). */
const sampled = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-[\da-f][13579bdf](?:-|$)/

/** Milliseconds that spans wait for others, and most of them that do. */
const delay = 200
const most = 1000

export class SpanSender {
  readonly #url: string
  readonly #resource: unknown
  #spans: unknown[] = []
  #timer: NodeJS.Timeout | undefined
  #sending: Promise<void> = Promise.resolve()

  /** @param collector base URL; the port of gRPC stands for the one of HTTP beside it */
  constructor (service: string, collector: string) {
    const base = (collector.includes('://') ? collector : `http://${collector}`).replace(/:4317(?=\/?$)/, ':4318')
    this.#url = `${base.replace(/\/$/, '')}/v1/traces`
    this.#resource = { attributes: attributes({ 'service.name': service }) }
  }

  /** Takes a request that is over, if its caller has it sampled: a stand-in begins no trace. */
  add (request: IncomingMessage, response: ServerResponse, path: string, durationMs: number): void {
    const { traceparent } = request.headers
    const [, traceId, parentSpanId] = sampled.exec(typeof traceparent === 'string' ? traceparent : '') ?? []
    if (traceId === undefined || this.#spans.length === most) return
    const end = Date.now()
    this.#spans.push({
      traceId,
      spanId: randomBytes(8).toString('hex'),
      parentSpanId,
      name: request.method,
      kind: 2,
      startTimeUnixNano: nanoseconds(end - durationMs),
      endTimeUnixNano: nanoseconds(end),
      attributes: attributes({
        'http.request.method': request.method!,
        'url.path': path,
        'http.response.status_code': response.statusCode
      }),
      status: response.statusCode >= 500 ? { code: 2 } : {}
    })
    this.#timer ??= setTimeout(() => this.#send(), delay).unref()
  }

  /** Sends what is left. */
  async close (): Promise<void> {
    this.#send()
    await this.#sending
  }

  #send (): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const spans = this.#spans
    this.#spans = []
    if (spans.length === 0) return
    const body = JSON.stringify({ resourceSpans: [{ resource: this.#resource, scopeSpans: [{ scope: { name: 'mocks' }, spans }] }] })
    // A stand-in without a collector cannot report that.
    this.#sending = fetch(this.#url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(2000)
    }).then(async answer => { await answer.body?.cancel() }, () => {})
  }
}

function attributes (values: Readonly<Record<string, string | number>>): unknown[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: value }
  }))
}

function nanoseconds (ms: number): string {
  return String(BigInt(Math.round(ms * 1000)) * 1000n)
}
