/** Counts events of a recent time span in rings of buckets. The memory does not depend on the number of events. */

/** More buckets drop old counts in smaller steps. */
const buckets = 10

/**
 * Positions of the cells: the number of the newest bucket, counted from the clock's zero, its position in the rings, and when it ends; the
 * totals of the series; their rings.
 */
const newest = 0
const position = 1
const endsAt = 2
const totals = 3

/** How many cells a window has. They are 0 at the beginning. */
export function windowCells (series: number): number {
  return totals + series + series * buckets
}

/**
 * One or more counts over the same span, such as requests and those of them that failed. Covers at least nine tenths of its span, at most
 * all of it. Times are milliseconds of a clock that never jumps.
 */
export class SlidingWindow {
  readonly #width: number
  readonly #series: number
  readonly #cells: Float64Array
  /** Where the rings begin. */
  readonly #rings: number

  /**
   * @param span milliseconds
   * @param series how many counts there are; they go by their index
   * @param cells its state: {@link windowCells} of them, such as those of `app.gateway.state`
   */
  constructor (span: number, series = 1, cells: Float64Array = new Float64Array(windowCells(series))) {
    this.#width = span / buckets
    this.#series = series
    this.#cells = cells
    this.#rings = totals + series
  }

  /** Counts one. */
  add (series: number, now: number): void {
    this.#forget(now)
    const cells = this.#cells
    cells[this.#rings + series * buckets + cells[position]!]!++
    cells[totals + series]!++
  }

  /** What was counted in the window. */
  total (series: number, now: number): number {
    this.#forget(now)
    return this.#cells[totals + series]!
  }

  /** The time at which `settled` is first true if nothing more is counted. It must be true for totals of zero. */
  when (settled: (totals: readonly number[]) => boolean, now: number): number {
    this.#forget(now)
    const cells = this.#cells
    const left = Array.from(cells.subarray(totals, this.#rings))
    if (settled(left)) return now
    // The oldest bucket is the one after the newest.
    for (let step = 1; ; step++) {
      for (const series of left.keys()) left[series]! -= cells[this.#bucket(series, step)]!
      if (settled(left) || step === buckets) return (cells[newest]! + step) * this.#width
    }
  }

  /** Forgets all counts. */
  clear (): void {
    this.#cells.fill(0)
  }

  /** The bucket of a series so many steps after the newest one. */
  #bucket (series: number, steps: number): number {
    return this.#rings + series * buckets + (this.#cells[position]! + steps) % buckets
  }

  /** Empties the buckets whose time is over. It has no visible effect, so reading may do it too. */
  #forget (now: number): void {
    const cells = this.#cells
    if (now < cells[endsAt]!) return
    const current = Math.floor(now / this.#width)
    const stale = Math.min(current - cells[newest]!, buckets)
    if (stale <= 0) return
    for (let series = 0; series < this.#series; series++) {
      for (let step = 1; step <= stale; step++) {
        const bucket = this.#bucket(series, step)
        cells[totals + series]! -= cells[bucket]!
        cells[bucket] = 0
      }
    }
    cells[newest] = current
    cells[endsAt] = (current + 1) * this.#width
    cells[position] = (cells[position]! + stale) % buckets
  }
}
