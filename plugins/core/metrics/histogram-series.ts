/** One series of a histogram. Each bucket keeps the trace of the last sampled request in it (OpenMetrics 1.0, Exemplars). */

import type { TraceParent } from '../../../src/index.ts'
import { sampledFlag } from '../../../src/http/index.ts'
import type { Sample } from './sample.ts'
import type { Labels } from './series-map.ts'

/** Changed in place, so that a sampled request allocates nothing here. */
interface Exemplar {
  traceId: string
  spanId: string
  value: number
  /** Seconds since 1970. */
  timestamp: number
}

export class HistogramSeries {
  readonly labels: Labels
  readonly #bounds: readonly number[]
  /** Observations by bucket, not cumulative; the last bucket is above every bound. */
  readonly #counts: Float64Array
  #exemplars: (Exemplar | undefined)[] | undefined
  #sum = 0

  constructor (labels: Labels, bounds: readonly number[]) {
    this.labels = labels
    this.#bounds = bounds
    this.#counts = new Float64Array(bounds.length + 1)
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
    const exemplar = exemplars[bucket] ??= { traceId, spanId, value, timestamp: 0 }
    exemplar.traceId = traceId
    exemplar.spanId = spanId
    exemplar.value = value
    exemplar.timestamp = wall() / 1000
  }

  reset (): void {
    this.#counts.fill(0)
    this.#sum = 0
    this.#exemplars = undefined
  }

  /** Cumulative buckets, sum and count, as in the exposition format. */
  * samples (name: string): Generator<Sample> {
    let count = 0
    for (const [bucket, observed] of this.#counts.entries()) {
      count += observed
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
    yield { metricName: `${name}_sum`, labels: this.labels, value: this.#sum }
    yield { metricName: `${name}_count`, labels: this.labels, value: count }
  }

  /** Returns the bucket. */
  #add (value: number): number {
    const bounds = this.#bounds
    let bucket = 0
    while (bucket < bounds.length && value > bounds[bucket]!) bucket++
    this.#counts[bucket]!++
    this.#sum += value
    return bucket
  }
}
