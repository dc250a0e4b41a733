/**
 * Limits the extra attempts of an upstream, so that retries do not make an outage worse.
 *
 * A token bucket, as in Finagle and gRPC: each first attempt adds `ratio` tokens, an extra attempt takes one, and unused tokens are kept
 * for about a second. With a ratio of 0.2 at most a fifth more attempts are made over time. Yet when one of three targets fails with a
 * third of all requests, each of them can be repeated; a limit of concurrent retries, such as Envoy's, would let most of those fail. Under
 * low load, when the tokens of recent requests are fewer than `floor`, so many concurrent extra attempts are free.
 */
export class RetryBudget {
  readonly #ratio: number
  readonly #floor: number
  /** First attempts under way. */
  #first = 0
  /** Extra attempts under way, including those in their back-off. */
  #extra = 0
  /** Tokens for extra attempts. */
  #saved = 0
  /** First attempts that began in this window and in the previous one. */
  #begun = 0
  #begunBefore = 0
  #windowEnds = -Infinity

  /** `ratio`: tokens for each first attempt, from 0 to 1. `floor`: concurrent extra attempts that need no token. */
  constructor (ratio: number, floor: number) {
    this.#ratio = ratio
    this.#floor = floor
  }

  /** A first attempt begins. `now` is the gateway's monotonic clock. */
  begin (now: number): void {
    this.#turn(now)
    this.#first++
    this.#begun++
    this.#saved = Math.min(this.#saved + this.#ratio, Math.max(1, this.#recent * this.#ratio))
  }

  /** Its exchange is over. */
  end (): void {
    this.#first--
  }

  /** Takes an extra attempt. Returns whether it is granted; a granted one must be given back with {@link release}. */
  take (): boolean {
    const quiet = this.#recent * this.#ratio < this.#floor && this.#extra < this.#floor
    if (!quiet) {
      if (this.#saved < 1) return false
      this.#saved--
    }
    this.#extra++
    return true
  }

  /** An extra attempt is over. */
  release (): void {
    this.#extra--
  }

  /** For the admin page. */
  get state (): { readonly first: number, readonly extra: number, readonly saved: number } {
    return { first: this.#first, extra: this.#extra, saved: Math.floor(this.#saved) }
  }

  get #recent (): number {
    return this.#begun + this.#begunBefore
  }

  #turn (now: number): void {
    if (now < this.#windowEnds) return
    this.#begunBefore = now < this.#windowEnds + windowLength ? this.#begun : 0
    this.#begun = 0
    this.#windowEnds = now + windowLength
  }
}

/** In milliseconds. The saved tokens are those of the current window and the previous one. */
const windowLength = 1000
