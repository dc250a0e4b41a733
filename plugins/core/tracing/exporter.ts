/**
 * Exports spans to a collector: a bounded queue, one batch at a time, with pauses while the collector is
 * unavailable. Requests never wait for it.
 */

import type { Clock, Random } from '../../../src/index.ts'
import type { Origin, RecordedSpan } from './recorded-span.ts'
import type { Serializer } from './serializer.ts'
import type { ExportSettings } from './settings.ts'
import type { SendResult, Transport } from './transport.ts'

/** Called with the outcome of spans, for metrics and log. */
export interface ExportReport {
  exported (spans: number): void
  /** The queue was full. */
  dropped (spans: number): void
  /** The collector did not want them, or was not there until the end. */
  failed (spans: number): void
  /** Called once when it starts, not for every batch. */
  failing (why: string): void
  recovered (): void
  /** Called with the number of spans that wait, when it has changed. */
  waiting (spans: number): void
}

export interface ExporterOptions {
  readonly batch: ExportSettings['batch']
  readonly origin: Origin
  readonly serializer: Serializer
  readonly transport: Transport
  readonly clock: Clock
  readonly random: Random
  readonly report: ExportReport
}

/** First pause after a failure, and the longest; a Retry-After may be longer, within reason. */
const firstPause = 1000
const longestPause = 30_000
const longestAsked = 300_000
/** Longest that the end of a generation, or of the process, waits for what is left. */
const patience = 5000

export class SpanExporter {
  readonly origin: Origin
  /** The listener of the newest generation. */
  report: ExportReport
  readonly #options: Omit<ExporterOptions, 'report'>
  /** Spans of the batch under way come first: they leave when it is decided. */
  readonly #queue: RecordedSpan[] = []
  #timer: NodeJS.Timeout | undefined
  #sending: Promise<SendResult> | undefined
  /** Failures in a row. */
  #failures = 0
  #urgent = false
  #closing = false

  constructor ({ report, ...options }: ExporterOptions) {
    this.#options = options
    this.origin = options.origin
    this.report = report
  }

  /** Whether the last batch was taken; true before the first. */
  get up (): boolean {
    return this.#failures === 0
  }

  /** Spans that wait. */
  get waiting (): number {
    return this.#queue.length
  }

  /** Takes the spans of one exchange: all or none, as half a trace misleads. */
  push (spans: readonly RecordedSpan[]): void {
    const { batch } = this.#options
    if (this.#closing || this.#queue.length + spans.length > batch.queue) {
      this.report.dropped(spans.length)
      return
    }
    for (const span of spans) this.#queue.push(span)
    this.report.waiting(this.#queue.length)
    this.#schedule()
  }

  /** Sends what is left, as far as that is possible in a few seconds. */
  async close (): Promise<void> {
    if (this.#closing) return
    this.#closing = true
    clearTimeout(this.#timer)
    let late: NodeJS.Timeout | undefined
    const end = new Promise<false>(resolve => { late = setTimeout(resolve, patience, false) })
    await Promise.race([this.#flush(), end])
    clearTimeout(late)
    this.report.failed(this.#queue.length)
    this.#queue.length = 0
    this.report.waiting(0)
    await this.#options.transport.close()
  }

  async #flush (): Promise<void> {
    await this.#sending
    // One that was away a moment ago gets one more chance.
    while (this.#queue.length > 0) if (!(await this.#send()).taken) return
  }

  #schedule (): void {
    const { size, delay } = this.#options.batch
    if (this.#sending !== undefined || this.#closing || this.#queue.length === 0) return
    const full = this.#queue.length >= size
    if (this.#timer === undefined) this.#arm(full ? 0 : delay, full)
    // While the collector is away, its pause stands.
    else if (full && !this.#urgent && this.#failures === 0) this.#arm(0, true)
  }

  #arm (wait: number, urgent: boolean): void {
    clearTimeout(this.#timer)
    this.#urgent = urgent
    this.#timer = setTimeout(() => { void this.#run() }, wait).unref()
  }

  async #run (): Promise<void> {
    const result = await this.#send()
    this.#timer = undefined
    if (this.#closing) return
    if (result.taken) this.#schedule()
    else this.#arm(this.#pause(result.after), true)
  }

  async #send (): Promise<SendResult> {
    const spans = this.#queue.slice(0, this.#options.batch.size)
    this.#sending = this.#attempt(spans)
    const result = await this.#sending
    this.#sending = undefined
    this.#settle(spans.length, result)
    return result
  }

  async #attempt (spans: readonly RecordedSpan[]): Promise<SendResult> {
    if (spans.length === 0) return { taken: true, rejected: 0 }
    const { serializer, transport } = this.#options
    try {
      return await transport.send(serializer.serializeRequest(spans)!)
    } catch (error) {
      return { taken: false, again: false, after: 0, why: String(error) }
    }
  }

  #settle (spans: number, result: SendResult): void {
    const { report } = this
    // The end of patience has already counted what was left.
    const there = Math.min(spans, this.#queue.length)
    if (result.taken || !result.again) {
      this.#queue.splice(0, there)
      report.waiting(this.#queue.length)
    }
    if (result.taken) {
      const rejected = Math.min(result.rejected, there)
      report.exported(there - rejected)
      if (rejected > 0) report.failed(rejected)
      if (this.#failures > 0) report.recovered()
      this.#failures = 0
      return
    }
    if (!result.again) report.failed(there)
    if (this.#failures++ === 0) report.failing(result.why)
  }

  /** Doubles with every failure; less up to half by chance, so that many gateways do not come back at once. */
  #pause (asked: number): number {
    const full = Math.min(longestPause, firstPause * 2 ** Math.min(10, this.#failures - 1))
    return Math.max(full * (0.5 + this.#options.random() / 2), Math.min(asked, longestAsked))
  }
}
