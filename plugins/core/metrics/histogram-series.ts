/** One series of a histogram. Each bucket keeps the trace of the last sampled request in it (OpenMetrics 1.0, Exemplars). */

import type { TraceParent } from '../../../src/index.ts'
import { sampledFlag } from '../../../src/http/index.ts'
import { CellSeries } from './cell-series.ts'
import type { Sample } from './sample.ts'
import type { Place } from './series-cells.ts'
import type { Labels } from './series-map.ts'

/** Called when a bucket has a new exemplar and the one before was taken. */
export type NoteExemplar = (series: HistogramSeries, bucket: number) => void

/** Changed in place, so that a sampled request allocates nothing here. */
export interface Exemplar {
  traceId: string
  spanId: string
  value: number
  /** Seconds since 1970. */
  timestamp: number
}

/** The number of cells of a series with these bounds: the sum, and the observations of each bucket, not cumulative. */
export function cellsOf (bounds: readonly number[]): number {
  return bounds.length + 2
}

export class HistogramSeries extends CellSeries {
  readonly #bounds: readonly number[]
  readonly #note: NoteExemplar | undefined
  #exemplars: (Exemplar | undefined)[] | undefined

  /** @param note where another thread takes the exemplars */
  constructor (labels: Labels, bounds: readonly number[], place: Place, note?: NoteExemplar) {
    super(labels, place, cellsOf(bounds))
    this.#bounds = bounds
    this.#note = note
  }

  /** Adds one observation, in the unit of the metric's name. */
  observe (value: number): void {
    this.#add(value)
  }

  /** Adds one observation that may belong to a sampled trace; `wall` returns milliseconds since 1970. */
  observeIn (trace: TraceParent | undefined, value: number, wall: () => number): void {
    const bucket = this.#add(value)
    if (trace === undefined || (trace.flags & sampledFlag) === 0) return
    const { traceId, spanId } = trace
    const exemplars = this.#exemplars ??= []
    if (exemplars[bucket] === undefined) this.#note?.(this, bucket)
    const exemplar = exemplars[bucket] ??= { traceId, spanId, value, timestamp: 0 }
    exemplar.traceId = traceId
    exemplar.spanId = spanId
    exemplar.value = value
    exemplar.timestamp = wall() / 1000
  }

  /** Takes the exemplar of a bucket, for another thread. */
  takeExemplar (bucket: number): Exemplar | undefined {
    const exemplar = this.#exemplars?.[bucket]
    if (this.#exemplars !== undefined) this.#exemplars[bucket] = undefined
    return exemplar
  }

  /** Takes over the exemplar of another thread, unless this one has a later one. */
  exemplify (bucket: number, exemplar: Exemplar): void {
    const exemplars = this.#exemplars ??= []
    if (exemplar.timestamp >= (exemplars[bucket]?.timestamp ?? 0)) exemplars[bucket] = exemplar
  }

  override clear (): void {
    super.clear()
    this.#exemplars = undefined
  }

  /** Cumulative buckets, sum and count, as in the exposition format. */
  * samples (name: string): Generator<Sample> {
    const sum = this.total(0)
    if (Number.isNaN(sum)) return
    let count = 0
    for (let bucket = 0; bucket <= this.#bounds.length; bucket++) {
      count += this.total(bucket + 1)
      const labels = { ...this.labels, le: this.#bounds[bucket] ?? '+Inf' }
      const exemplar = this.#exemplars?.[bucket]
      if (exemplar === undefined) yield { metricName: `${name}_bucket`, labels, value: count }
      else {
        const { traceId, spanId, value, timestamp } = exemplar
        yield {
          metricName: `${name}_bucket`,
          labels,
          value: count,
          exemplar: { labelSet: { trace_id: traceId, span_id: spanId }, value, timestamp }
        }
      }
    }
    yield { metricName: `${name}_sum`, labels: this.labels, value: sum }
    yield { metricName: `${name}_count`, labels: this.labels, value: count }
  }

  /** Returns the bucket. */
  #add (value: number): number {
    const bounds = this.#bounds
    let bucket = 0
    while (bucket < bounds.length && value > bounds[bucket]!) bucket++
    const { cells, at } = this
    cells[at]! += value
    cells[at + 1 + bucket]!++
    return bucket
  }
}
