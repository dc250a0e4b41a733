/** Notices a target that comes and goes, and says how much more it takes to trust it again. */

export interface FlappingOptions {
  /** Changes of health in the window that are still calm. */
  readonly changes: number
  /** Milliseconds. */
  readonly window: number
}

/** Doublings, at most: a target that has come to rest must not be kept out for hours. */
const maxDoublings = 3

/** Times are milliseconds of a clock that never jumps. */
export class Flapping {
  readonly #options: FlappingOptions
  /** When health changed, oldest first; no more than could matter. */
  #times: readonly number[] = []

  constructor (options: FlappingOptions) {
    this.#options = options
  }

  /** Health has changed, either way. */
  changed (now: number): void {
    this.#times = [...this.#times, now].slice(-(this.#options.changes + maxDoublings))
  }

  /** Changes in the window, as far as they matter. */
  recent (now: number): number {
    return this.#times.filter(time => now - time < this.#options.window).length
  }

  /** By how much more is asked of the target: 1 while it is calm, then 2, 4, 8. */
  factor (now: number): number {
    return 2 ** Math.max(0, this.recent(now) - this.#options.changes)
  }

  copy (): Flapping {
    const copy = new Flapping(this.#options)
    copy.#times = this.#times
    return copy
  }
}
