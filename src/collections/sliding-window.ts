/** Counts events of a recent time span in rings of buckets. The memory does not depend on the number of events. */

/** More buckets drop old counts in smaller steps. */
const buckets = 10

/**
 * One or more counts over the same span, such as requests and those of them that failed. Covers at least nine tenths of its span, at most
 * all of it. Times are milliseconds of a clock that never jumps.
 */
export class SlidingWindow {
  readonly #width: number
  readonly #rings: readonly Uint32Array[]
  readonly #totals: number[]
  /** Number of the newest bucket, counted from the clock's zero. */
  #newest = 0

  /**
   * @param span milliseconds
   * @param series how many counts there are; they go by their index
   */
  constructor (span: number, series = 1) {
    this.#width = span / buckets
    this.#rings = Array.from({ length: series }, () => new Uint32Array(buckets))
    this.#totals = this.#rings.map(() => 0)
  }

  /** Counts one. */
  add (series: number, now: number): void {
    this.#forget(now)
    this.#rings[series]![this.#newest % buckets]!++
    this.#totals[series]!++
  }

  /** What was counted in the window. */
  total (series: number, now: number): number {
    this.#forget(now)
    return this.#totals[series]!
  }

  /** The time at which `settled` is first true if nothing more is counted. It must be true for totals of zero. */
  when (settled: (totals: readonly number[]) => boolean, now: number): number {
    this.#forget(now)
    const totals = [...this.#totals]
    if (settled(totals)) return now
    // The oldest bucket is the one that the next number will take over.
    for (let number = this.#newest + 1; ; number++) {
      for (const [series, ring] of this.#rings.entries()) totals[series]! -= ring[number % buckets]!
      if (settled(totals) || number === this.#newest + buckets) return number * this.#width
    }
  }

  /** An independent copy. */
  copy (): SlidingWindow {
    const copy = new SlidingWindow(this.#width * buckets, this.#rings.length)
    for (const [series, ring] of this.#rings.entries()) {
      copy.#rings[series]!.set(ring)
      copy.#totals[series] = this.#totals[series]!
    }
    copy.#newest = this.#newest
    return copy
  }

  /** Empties the buckets whose time is over. It has no visible effect, so reading may do it too. */
  #forget (now: number): void {
    const current = Math.floor(now / this.#width)
    const stale = Math.min(current - this.#newest, buckets)
    if (stale <= 0) return
    for (let series = 0; series < this.#rings.length; series++) {
      const ring = this.#rings[series]!
      for (let number = current - stale + 1; number <= current; number++) {
        this.#totals[series]! -= ring[number % buckets]!
        ring[number % buckets] = 0
      }
    }
    this.#newest = current
  }
}
