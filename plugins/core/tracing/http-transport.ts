/** OTLP over HTTP: one POST for each batch. */

import { type Clock, type NameLookup, ServiceClient, ServiceUnavailable } from '../../../src/index.ts'
import { rejectedSpans, type Serializer } from './serializer.ts'
import type { ExportSettings } from './settings.ts'
import { answerLimit, later, never, type SendResult, type Transport } from './transport.ts'

/** Statuses after which the same batch may be sent again (OTLP specification, "Retryable Response Codes"). */
const passing: ReadonlySet<number> = new Set([429, 502, 503, 504])

export class HttpTransport implements Transport {
  readonly #client: ServiceClient
  readonly #settings: ExportSettings
  readonly #serializer: Serializer
  readonly #clock: Clock
  readonly #headers: Readonly<Record<string, string>>

  constructor (settings: ExportSettings, serializer: Serializer, clock: Clock, names: NameLookup) {
    this.#settings = settings
    this.#serializer = serializer
    this.#clock = clock
    this.#client = new ServiceClient({ names, timeout: settings.timeout, limit: answerLimit })
    this.#headers = {
      ...settings.headers,
      'content-type': settings.protocol === 'http/json' ? 'application/json' : 'application/x-protobuf'
    }
  }

  async send (body: Uint8Array): Promise<SendResult> {
    try {
      const answer = await this.#client.ask({
        url: this.#settings.url,
        method: 'POST',
        headers: this.#headers,
        body: Buffer.from(body.buffer, body.byteOffset, body.byteLength)
      })
      if (answer.status >= 200 && answer.status < 300) return { taken: true, rejected: rejectedSpans(this.#serializer, answer.body) }
      const why = `the collector responded with ${answer.status}`
      return passing.has(answer.status) ? later(why, pause(answer.headers['retry-after'], this.#clock.wall())) : never(why)
    } catch (error) {
      if (!(error instanceof ServiceUnavailable)) return never(String(error))
      const code = (error.cause as NodeJS.ErrnoException | undefined)?.code
      return later(code === undefined ? error.message : `${error.message} (${code})`)
    }
  }

  async close (): Promise<void> {
    await this.#client.close()
  }
}

/** Milliseconds that a Retry-After asks for (RFC 9110 §10.2.3): seconds, or a date. */
export function pause (value: string | string[] | undefined, wall: number): number {
  if (typeof value !== 'string') return 0
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - wall
  return wait > 0 ? wait : 0
}
