/** A prober: probes one target periodically. */

import { type Lock, locked, type Random } from '../../../src/index.ts'
import { longestWait } from '../../../src/config/index.ts'
import type { ProbeResult } from './probe.ts'
import type { Thresholds } from './thresholds.ts'
import type { Usage } from './usage.ts'

export interface ProberOptions {
  /** One probe; ends early when the signal says so, and never throws. */
  readonly ask: (signal: AbortSignal) => Promise<ProbeResult>
  /** Receives what the probes found. */
  readonly thresholds: Thresholds
  /** Milliseconds from the start of one probe to that of the next. */
  readonly interval: number
  /** The same while the upstream is not used and the target is well; at least `interval`. */
  readonly noTrafficInterval: number
  /** Share by which each interval is randomly longer or shorter, so that gateways do not probe in step. */
  readonly jitter: number
  /** Undefined where the pace is always the same. */
  readonly usage: Usage | undefined
  /** That of the upstream. */
  readonly lock: Lock
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
  /** Uniform in [0, 1). */
  readonly random: Random
}

/** The report of a probe. */
export interface ProbeReport {
  readonly passed: boolean
  /** The health of the target after it. */
  readonly healthy: boolean
  /** Whether this very probe changed it. The first good one does not: unknown counts as healthy. */
  readonly changed: boolean
  /** The result of the last probes in words. */
  readonly why: string | undefined
}

export type ProbeListener = (report: ProbeReport) => void

export class Prober {
  /** Called after each probe that says something. */
  listener: ProbeListener | undefined
  readonly #options: ProberOptions
  readonly #stopping = new AbortController()
  #startedAt = 0
  #timer: NodeJS.Timeout | undefined

  /** Asks nothing yet. */
  constructor (options: ProberOptions) {
    this.#options = options
  }

  /** Asks at once, and goes on until {@link stop}. To be called once. */
  start (): this {
    void this.#ask()
    return this
  }

  /** Ends also the probe under way, and nothing is heard of it any more. */
  stop (): void {
    this.#stopping.abort()
    this.#options.usage?.rise(this.#hurry)
    clearTimeout(this.#timer)
  }

  async #ask (): Promise<void> {
    this.#startedAt = this.#options.now()
    const { failure, unasked = false } = await this.#options.ask(this.#stopping.signal)
    if (this.#stopping.signal.aborted) return
    if (!unasked) this.#record(failure)
    this.#schedule(this.#rests() ? this.#options.noTrafficInterval : this.#options.interval)
  }

  /**
   * Rests where it may. A target that is down gets no requests, and one that is doubtful is worth the usual pace. With the lock no request
   * comes between the look at the usage and the rest.
   */
  #rests (): boolean {
    const { usage, now, interval, lock, thresholds } = this.#options
    if (usage === undefined) return false
    return locked(lock, () => {
      const rests = thresholds.calm && now() - usage.lastAt >= interval
      if (rests) usage.rest(this.#hurry)
      return rests
    })
  }

  /** The upstream is used again. */
  readonly #hurry = (): void => {
    clearTimeout(this.#timer)
    this.#schedule(this.#options.interval)
  }

  #schedule (pause: number): void {
    const { now, jitter, random, usage } = this.#options
    const due = this.#startedAt + Math.min(pause * (1 - jitter + 2 * jitter * random()), longestWait)
    this.#timer = setTimeout(() => {
      usage?.rise(this.#hurry)
      void this.#ask()
    }, Math.max(0, due - now())).unref()
  }

  #record (failure: number | undefined): void {
    const report = locked(this.#options.lock, () => this.#report(failure))
    this.listener?.(report)
  }

  #report (failure: number | undefined): ProbeReport {
    const { thresholds } = this.#options
    const now = this.#options.now()
    const before = thresholds.healthy
    const took = now - this.#startedAt
    if (failure === undefined) thresholds.pass(now, took)
    else thresholds.fail(failure, now, took)
    const { healthy } = thresholds
    return { passed: failure === undefined, healthy, changed: healthy !== before, why: thresholds.describe(now) }
  }
}
