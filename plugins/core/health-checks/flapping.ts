/** Notices a target that comes and goes, and says how much more it takes to trust it again. */

export interface FlappingOptions {
  /** Changes of health in the window that are still calm. */
  readonly changes: number
  /** Milliseconds. */
  readonly window: number
}

/** Doublings, at most: a target that has come to rest must not be kept out for hours. */
const maxDoublings = 3

/** The cells of a calm target: when health changed, oldest first; no more than could matter. */
export function flappingCells ({ changes }: FlappingOptions): readonly number[] {
  return Array.from({ length: changes + maxDoublings }, () => -Infinity)
}

/** Times are milliseconds of a clock that never jumps. */
export class Flapping {
  readonly #options: FlappingOptions
  readonly #times: Float64Array

  /** @param times its state, as {@link flappingCells} at the beginning */
  constructor (options: FlappingOptions, times: Float64Array) {
    this.#options = options
    this.#times = times
  }

  /** Health has changed, either way. */
  changed (now: number): void {
    this.#times.copyWithin(0, 1)
    this.#times[this.#times.length - 1] = now
  }

  /** When health has changed last; -Infinity where it never has. */
  get lastAt (): number {
    return this.#times.at(-1)!
  }

  /** Changes in the window, as far as they matter. */
  recent (now: number): number {
    let recent = 0
    for (const time of this.#times) if (now - time < this.#options.window) recent++
    return recent
  }

  /** By how much more is asked of the target: 1 while it is calm, then 2, 4, 8. */
  factor (now: number): number {
    return 2 ** Math.max(0, this.recent(now) - this.#options.changes)
  }
}
