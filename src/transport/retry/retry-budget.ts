/**
 * How many attempts beyond the first an upstream may get, so that retries never double an outage.
 *
 * Extra attempts are paid with what first ones leave behind, `ratio` each (as Finagle and gRPC do), and what is left over is kept for
 * about a second. So of any stretch of time at most a fifth, say, are extra, and yet when one of three targets dies with a third of all
 * requests in its hands, every one of them can be repeated: a bound on what is open at once, such as Envoy's, would let most of those fail.
 * In quiet times, when a fifth of what came lately is less than `floor`, so many at once are free.
 */
export class RetryBudget {
  readonly #ratio: number
  readonly #floor: number
  /** First attempts under way. */
  #first = 0
  /** Extra attempts under way, the wait before them included. */
  #extra = 0
  /** Extra attempts that are paid for. */
  #saved = 0
  /** First attempts that began in this window and in the one before. */
  #begun = 0
  #begunBefore = 0
  #windowEnds = -Infinity

  /** `ratio` of first attempts, from 0 to 1; `floor` extra attempts at once that need no budget. */
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

  /** Asks for an extra attempt; one that is granted must be given back with {@link release}. */
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

/** Milliseconds. What is saved was left behind in the current window and the one before. */
const windowLength = 1000
