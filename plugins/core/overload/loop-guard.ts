/** Watches the delay of the event loop and updates the level of shedding that follows from it. */

import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Clock } from '../../../src/index.ts'
import type { Rank } from './priority.ts'
import type { Shedding, SheddingOptions } from './shedding.ts'

export interface LoopGuardOptions extends SheddingOptions {
  /** How long one measurement takes, in milliseconds. */
  readonly window: number
}

/** A change of the level; `delay` is the measured delay in milliseconds. */
export interface LevelChange {
  readonly level: Rank
  readonly delay: number
}

/** How often the event loop is asked, in milliseconds; a part of every delay that the histogram shows. */
const resolution = 10

const percentile = 99

/** Measures until the returned function is called, and reports changes of the level. */
export function guardLoop (
  { window }: Pick<LoopGuardOptions, 'window'>,
  clock: Clock,
  shedding: Shedding,
  changed: (change: LevelChange) => void
): () => void {
  const histogram = monitorEventLoopDelay({ resolution })
  histogram.enable()
  let last = clock.now()
  const timer = setInterval(() => {
    const now = clock.now()
    // After a reset the histogram leaves out the next delay: of a loop that turns once in a window, or less, it sees
    // nothing. This timer does.
    const late = now - last - window
    const delay = Math.max(0, late, histogram.percentile(percentile) / 1e6 - resolution)
    last = now
    histogram.reset()
    const before = shedding.level
    const level = shedding.observe(delay, now)
    if (level !== before) changed({ level, delay })
  }, window).unref()
  return () => {
    clearInterval(timer)
    histogram.disable()
  }
}
