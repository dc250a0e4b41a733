/** Limits the lines per second that clients can cause. */

export class LineLimit {
  readonly #most: number
  #since = -Infinity
  #count = 0
  #omitted = 0

  constructor (most: number) {
    this.#most = most
  }

  /** Undefined when a line at `now`, in milliseconds, is one too many; else how many were left out since the last one. */
  take (now: number): number | undefined {
    if (now - this.#since >= 1000) {
      this.#since = now
      this.#count = 0
    }
    if (++this.#count > this.#most) {
      this.#omitted++
      return undefined
    }
    const omitted = this.#omitted
    this.#omitted = 0
    return omitted
  }
}
