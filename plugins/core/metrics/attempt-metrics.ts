/** Metrics of attempts at targets. */

import { type Attempt, judgedStatus, type Outcome, type Target } from '../../../src/index.ts'
import type { HistogramSeries } from './histogram-series.ts'
import type { Instruments } from './instruments.ts'
import type { NumberSeries } from './number-series.ts'
import type { SeriesCounter, SeriesHistogram } from './series.ts'

/** Seconds. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

interface TargetSeries {
  /** Undefined where durations have only the names of OpenTelemetry. */
  readonly duration: HistogramSeries | undefined
  readonly outcomes: Record<Outcome, Map<string, NumberSeries>>
}

export class AttemptMetrics {
  readonly #duration: SeriesHistogram | undefined
  readonly #attempts: SeriesCounter
  readonly #extra: SeriesCounter
  readonly #targets = new WeakMap<Target, TargetSeries>()

  /** `timed`: whether durations are recorded under the gateway's own name. */
  constructor (instruments: Instruments, timed: boolean) {
    if (timed) {
      this.#duration = instruments.seriesHistogram(
        'gateway_upstream_request_duration_seconds',
        'Time from the start of an attempt to the end of its response, or to its failure. WebSockets: until they are accepted.',
        bounds
      )
    }
    this.#extra = instruments.seriesCounter(
      'gateway_retries_total',
      'Attempts beyond the first of a request (retry, hedge), and the first at a fallback of its upstream (fallback).'
    )
    this.#attempts = instruments.seriesCounter(
      'gateway_upstream_attempts_total',
      'Attempts by what they said about the target, and by the code of the failure.'
    )
  }

  /** Counts a settled attempt. One that says nothing about its target is counted but not timed. */
  settled (attempt: Attempt, now: number): void {
    const outcome = attempt.outcome!
    const { duration, outcomes } = this.#series(attempt.target)
    this.#count(outcomes[outcome], attempt, outcome).value++
    if (attempt.kind !== 'first') this.#extra.at({ upstream: attempt.target.upstream.name, kind: attempt.kind }).value++
    // A WebSocket may last for days.
    const endedAt = attempt.statusCode === 101 ? attempt.answeredAt! : now
    if (outcome !== 'ignored') duration?.observe((endedAt - attempt.startedAt) / 1000)
  }

  /** Creates the series of a target, so that they are printed at 0. */
  add (target: Target): void {
    this.#series(target)
    for (const kind of ['retry', 'hedge']) this.#extra.at({ upstream: target.upstream.name, kind })
    const { fallback } = target.upstream
    if (fallback !== undefined) this.#extra.at({ upstream: fallback.upstream.name, kind: 'fallback' })
  }

  #series (target: Target): TargetSeries {
    let series = this.#targets.get(target)
    if (series === undefined) {
      series = {
        duration: this.#duration?.at({ upstream: target.upstream.name, target: target.url }),
        outcomes: { success: new Map(), failure: new Map(), ignored: new Map() }
      }
      this.#targets.set(target, series)
    }
    return series
  }

  #count (byReason: Map<string, NumberSeries>, attempt: Attempt, outcome: Outcome): NumberSeries {
    const reason = reasonOf(attempt)
    let series = byReason.get(reason)
    if (series === undefined) {
      const { target } = attempt
      byReason.set(reason, series = this.#attempts.at({ upstream: target.upstream.name, target: target.url, outcome, reason }))
    }
    return series
  }
}

function reasonOf (attempt: Attempt): string {
  return attempt.failure?.code ?? ((judgedStatus(attempt) ?? 0) >= 500 ? 'upstream-error' : '(none)')
}
