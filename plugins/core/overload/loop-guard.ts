/** Watches the delay of the event loop and holds the level of shedding that follows from it. */

import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Clock } from '../../../src/index.ts'
import type { Rank } from './priority.ts'
import { Shedding, type SheddingOptions } from './shedding.ts'

export interface LoopGuardOptions extends SheddingOptions {
  /** How long one measurement takes, in milliseconds. */
  readonly window: number
}

/** Called for every change of the level; `delay` is the measured delay in milliseconds. */
export type LevelListener = (level: Rank, delay: number) => void

/** How often the event loop is asked, in milliseconds; a part of every delay that the histogram shows. */
const resolution = 10

const percentile = 99

/** Lives as long as any generation uses it; the newest one listens. */
export class LoopGuard {
  listener: LevelListener | undefined
  readonly shedding: Shedding
  readonly #options: LoopGuardOptions
  readonly #clock: Clock
  #stop = (): void => {}

  /** Measures nothing yet. */
  constructor (options: LoopGuardOptions, clock: Clock, shedding = new Shedding(options)) {
    this.#options = options
    this.#clock = clock
    this.shedding = shedding
  }

  /** Measures until {@link stop}. To be called once. */
  start (): this {
    const histogram = monitorEventLoopDelay({ resolution })
    histogram.enable()
    let last = this.#clock.now()
    const timer = setInterval(() => {
      const now = this.#clock.now()
      // After a reset the histogram leaves out the next delay: of a loop that turns once in a window, or less, it sees
      // nothing. This timer does.
      const late = now - last - this.#options.window
      const delay = Math.max(0, late, histogram.percentile(percentile) / 1e6 - resolution)
      last = now
      histogram.reset()
      this.#take(delay, now)
    }, this.#options.window).unref()
    this.#stop = () => {
      clearInterval(timer)
      histogram.disable()
    }
    return this
  }

  stop (): void {
    this.#stop()
  }

  /** A copy that does not measure, for rehearsals. */
  copy (): LoopGuard {
    return new LoopGuard(this.#options, this.#clock, this.shedding.copy())
  }

  #take (delay: number, now: number): void {
    const before = this.shedding.level
    const level = this.shedding.observe(delay, now)
    if (level !== before) this.listener?.(level, delay)
  }
}
