/** The time that a request spent in the gateway itself, without its upstream. */

import type { Attempt, Exchange } from '../../../src/index.ts'
import type { HistogramSeries } from './histogram-series.ts'
import type { Instruments } from './instruments.ts'

/** Seconds; most of it is a fraction of a millisecond. */
const bounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]

/**
 * Milliseconds between two times in which no attempt was in progress. Attempts begin in order, and hedges may overlap.
 */
export function withoutAttempts (attempts: readonly Pick<Attempt, 'startedAt' | 'endedAt'>[], from: number, to: number): number {
  let free = 0
  let covered = from
  for (const { startedAt, endedAt = to } of attempts) {
    if (startedAt > covered) free += Math.min(startedAt, to) - covered
    covered = Math.max(covered, Math.min(endedAt, to))
  }
  return free + to - covered
}

/** `gateway_overhead_seconds`, by the upstream that served. */
export class GatewayTime {
  readonly #byService = new Map<string, HistogramSeries>()
  readonly #create: (service: string) => HistogramSeries
  readonly #wall: () => number

  constructor (instruments: Instruments, wall: () => number) {
    const overhead = instruments.seriesHistogram(
      'gateway_overhead_seconds',
      'Time of a request during which no attempt at a target was under way: policies, pauses between attempts, and what a slow client ' +
        'takes.',
      bounds
    )
    this.#create = service => overhead.at({ service })
    this.#wall = wall
  }

  /** Counts an exchange that has ended, if there was an attempt. */
  end ({ attempts, startedAt, upstream, trace }: Exchange, now: number): void {
    if (upstream === undefined || attempts.length === 0) return
    let series = this.#byService.get(upstream.name)
    if (series === undefined) this.#byService.set(upstream.name, series = this.#create(upstream.name))
    series.observeIn(trace, withoutAttempts(attempts, startedAt, now) / 1000, this.#wall)
  }
}
