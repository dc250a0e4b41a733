/** How slowly a client may send its body: a credit of time, which waiting uses up and received bytes renew. */

export class Pace {
  readonly #wait: number
  readonly #rate: number
  #credit: number
  /** The time since which the gateway waits for the client; undefined while it does not. */
  #since: number | undefined

  /**
   * `wait`: the allowed silence in milliseconds, which is also the largest credit. `rate`: bytes that add one second of credit. Times are
   * monotonic milliseconds.
   */
  constructor (wait: number, rate: number) {
    this.#wait = wait
    this.#rate = rate
    this.#credit = wait
  }

  /** Begins to wait for the client. */
  begin (now: number): void {
    this.#since ??= now
  }

  /** Stops waiting for the client, because what it has sent must be passed on first. */
  rest (now: number): void {
    this.#credit = this.left(now)
    this.#since = undefined
  }

  /** Adds the credit of received bytes. Late bytes count too, unless the timeout was already reported. */
  got (bytes: number, now: number): void {
    this.#credit = Math.min(this.#wait, Math.max(0, this.left(now)) + (this.#rate === 0 ? this.#wait : bytes / this.#rate * 1000))
    if (this.#since !== undefined) this.#since = now
  }

  /** Returns the remaining credit in milliseconds. */
  left (now: number): number {
    return this.#since === undefined ? this.#credit : this.#credit - (now - this.#since)
  }
}
