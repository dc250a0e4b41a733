/** A prober: asks one target again and again how it is. */

import type { Random } from '../../src/clock.ts'
import { probe, type ProbeOptions } from './probe.ts'
import { Thresholds, type ThresholdOptions } from './thresholds.ts'

export interface ProberOptions {
  readonly probe: ProbeOptions
  readonly thresholds: ThresholdOptions
  /** Milliseconds from the start of one probe to that of the next; each is moved by up to a tenth, so that gateways do not ask in step. */
  readonly interval: number
  /** Uniform in [0, 1). */
  readonly random: Random
}

/** What is told of every probe. */
export interface ProbeReport {
  readonly passed: boolean
  /** What the target now counts as. */
  readonly healthy: boolean
  /** Whether this very probe changed it. The first good one does not: unknown counts as healthy. */
  readonly changed: boolean
  /** What the last probes say, in words. */
  readonly why: string | undefined
}

export type ProbeListener = (report: ProbeReport) => void

/** Lives as long as any generation uses it; the newest one listens. */
export class Prober {
  listener: ProbeListener | undefined
  readonly thresholds: Thresholds
  readonly #options: ProberOptions
  readonly #stopping = new AbortController()
  #timer: NodeJS.Timeout | undefined

  /** Asks nothing yet. */
  constructor (options: ProberOptions, thresholds = new Thresholds(options.thresholds)) {
    this.#options = options
    this.thresholds = thresholds
  }

  /** Asks at once, and goes on until {@link stop}. To be called once. */
  start (): this {
    void this.#ask()
    return this
  }

  /** Ends also the probe under way, and nothing is heard of it any more. */
  stop (): void {
    clearTimeout(this.#timer)
    this.#stopping.abort()
  }

  /** What is known so far, in a prober that asks nothing. */
  copy (): Prober {
    return new Prober(this.#options, this.thresholds.copy())
  }

  async #ask (): Promise<void> {
    const { interval, random } = this.#options
    const delay = jittered(interval, random)
    // The next probe never starts before this one has ended: both its ends are awaited.
    const due = Promise.withResolvers<void>()
    this.#timer = setTimeout(due.resolve, delay).unref()
    const { failure } = await probe(this.#options.probe, this.#stopping.signal)
    if (this.#stopping.signal.aborted) return
    this.#record(failure)
    await due.promise
    if (!this.#stopping.signal.aborted) void this.#ask()
  }

  #record (failure: string | undefined): void {
    const { thresholds } = this
    const before = thresholds.healthy
    if (failure === undefined) thresholds.pass()
    else thresholds.fail(failure)
    const { healthy } = thresholds
    this.listener?.({ passed: failure === undefined, healthy, changed: healthy !== before, why: thresholds.describe() })
  }
}

/** Up to a tenth less or more. */
function jittered (interval: number, random: Random): number {
  return interval * (0.9 + 0.2 * random())
}
