/**
 * Stops requests to a service that does not respond. After a number of consecutive failures requests fail at once, and after a while one
 * request is let through to see whether the service is available again.
 *
 *     closed ── failures in a row ──▶ open ── openFor ──▶ one probe ── answered ──▶ closed
 *                                      ▲                      │
 *                                      └────── failed ────────┘
 */

export interface ServiceBreakerOptions {
  /** Consecutive failures after which the breaker opens. */
  readonly failures: number
  /** Milliseconds until one request is let through again. */
  readonly openFor: number
}

/** How a request was let through. The caller gives it back with the outcome. */
export type Passage = 'closed' | 'probe'

/** The breaker of one service. */
export class ServiceBreaker {
  readonly #options: ServiceBreakerOptions
  #row = 0
  #opensAt = -Infinity
  #probing = false

  constructor (options: ServiceBreakerOptions) {
    this.#options = options
  }

  /** Whether the service counts as unavailable. */
  get open (): boolean {
    return this.#row >= this.#options.failures
  }

  /** Lets a request through or returns undefined. Each that is let through ends with exactly one call of `answered` or `failed`. */
  enter (now: number): Passage | undefined {
    if (this.#row < this.#options.failures) return 'closed'
    if (this.#probing || now < this.#opensAt) return undefined
    this.#probing = true
    return 'probe'
  }

  /** Reports a response. One to a request from before the breaker opened also shows that the service is available. */
  answered (passage: Passage): void {
    if (passage === 'probe') this.#probing = false
    this.#row = 0
  }

  failed (passage: Passage, now: number): void {
    if (passage === 'probe') this.#probing = false
    this.#row++
    // Requests that were in flight when it opened say nothing new, and would delay the probe.
    if (passage === 'probe' || this.#row === this.#options.failures) this.#opensAt = now + this.#options.openFor
  }

  /** Milliseconds until a request may be let through; 0 when one may now. */
  wait (now: number): number {
    return this.#row < this.#options.failures ? 0 : Math.max(0, this.#opensAt - now)
  }
}
