/** How slow a client may send its body: a credit of waiting time, which waiting uses up and bytes renew. */

export class Pace {
  readonly #wait: number
  readonly #rate: number
  #credit: number
  /** Since when the client is waited for; undefined while it is not. */
  #since: number | undefined

  /** `wait`: milliseconds of silence that are allowed, and the most credit there is. `rate`: bytes that are worth one second. Times are monotonic milliseconds. */
  constructor (wait: number, rate: number) {
    this.#wait = wait
    this.#rate = rate
    this.#credit = wait
  }

  /** From now on the client is waited for. */
  begin (now: number): void {
    this.#since ??= now
  }

  /** From now on the client is not waited for, because what it has sent must first be passed on. */
  rest (now: number): void {
    this.#credit = this.left(now)
    this.#since = undefined
  }

  /** Bytes of the client have come. Those that come late count too, as long as nobody has judged the silence before them. */
  got (bytes: number, now: number): void {
    this.#credit = Math.min(this.#wait, Math.max(0, this.left(now)) + (this.#rate === 0 ? this.#wait : bytes / this.#rate * 1000))
    if (this.#since !== undefined) this.#since = now
  }

  /** Milliseconds that the client still has. */
  left (now: number): number {
    return this.#since === undefined ? this.#credit : this.#credit - (now - this.#since)
  }
}
