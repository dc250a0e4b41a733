/** Counts of the last while in a ring of buckets: the memory is the same for one request and for a million. */

/** More buckets forget in smaller steps. */
const buckets = 10

/** Covers at least nine tenths of its span, at most all of it. Times are milliseconds of a clock that never jumps. */
export class SlidingWindow {
  readonly #width: number
  readonly #passed = new Uint32Array(buckets)
  readonly #failed = new Uint32Array(buckets)
  /** Number of the newest bucket, counted from the clock's zero. */
  #newest = 0
  #requests = 0
  #failures = 0

  /** @param span milliseconds */
  constructor (span: number) {
    this.#width = span / buckets
  }

  /** Counts one request. */
  record (failed: boolean, now: number): void {
    this.#forget(now)
    const counts = failed ? this.#failed : this.#passed
    counts[this.#newest % buckets]!++
    this.#requests++
    if (failed) this.#failures++
  }

  /** Requests in the window. */
  requests (now: number): number {
    this.#forget(now)
    return this.#requests
  }

  /** Those of them that failed. */
  failures (now: number): number {
    this.#forget(now)
    return this.#failures
  }

  /** When `settled` will first hold if nothing more happens, from what the window forgets until then; `settled(0, 0)` must hold. */
  when (settled: (requests: number, failures: number) => boolean, now: number): number {
    this.#forget(now)
    let requests = this.#requests
    let failures = this.#failures
    if (settled(requests, failures)) return now
    // The oldest bucket is the one that the next number will take over.
    for (let number = this.#newest + 1; ; number++) {
      const index = number % buckets
      requests -= this.#passed[index]! + this.#failed[index]!
      failures -= this.#failed[index]!
      if (settled(requests, failures) || number === this.#newest + buckets) return number * this.#width
    }
  }

  copy (): SlidingWindow {
    const copy = new SlidingWindow(this.#width * buckets)
    copy.#passed.set(this.#passed)
    copy.#failed.set(this.#failed)
    copy.#newest = this.#newest
    copy.#requests = this.#requests
    copy.#failures = this.#failures
    return copy
  }

  /** Empties the buckets whose time is over. Nobody can tell when it was done, so reading may do it too. */
  #forget (now: number): void {
    const current = Math.floor(now / this.#width)
    const stale = Math.min(current - this.#newest, buckets)
    if (stale <= 0) return
    for (let number = current - stale + 1; number <= current; number++) {
      const index = number % buckets
      this.#requests -= this.#passed[index]! + this.#failed[index]!
      this.#failures -= this.#failed[index]!
      this.#passed[index] = 0
      this.#failed[index] = 0
    }
    this.#newest = current
  }
}
