/**
 * Stops asking a service that does not answer: after so many failures in a row everybody is told so at once, and after a while one question
 * goes through to see whether it is back.
 *
 *     closed ── failures in a row ──▶ open ── openFor ──▶ one probe ── answered ──▶ closed
 *                                      ▲                      │
 *                                      └────── failed ────────┘
 */

export interface ServiceBreakerOptions {
  /** Failures in a row after which nobody asks. */
  readonly failures: number
  /** Milliseconds until one question is let through again. */
  readonly openFor: number
}

/** What a question went through as; give it back with what became of it. */
export type Passage = 'closed' | 'probe'

export class ServiceBreaker {
  readonly #options: ServiceBreakerOptions
  #row = 0
  #opensAt = -Infinity
  #probing = false

  constructor (options: ServiceBreakerOptions) {
    this.#options = options
  }

  /** Lets a question through, or not. Each that goes through is followed by exactly one of `answered` and `failed`. */
  enter (now: number): Passage | undefined {
    if (this.#row < this.#options.failures) return 'closed'
    if (this.#probing || now < this.#opensAt) return undefined
    this.#probing = true
    return 'probe'
  }

  /** The service answered, whatever it said. Also a question from before it opened shows that the service is back. */
  answered (passage: Passage): void {
    if (passage === 'probe') this.#probing = false
    this.#row = 0
  }

  failed (passage: Passage, now: number): void {
    if (passage === 'probe') this.#probing = false
    this.#row++
    // Those that were on their way when it opened say nothing new, and would put off the probe.
    if (passage === 'probe' || this.#row === this.#options.failures) this.#opensAt = now + this.#options.openFor
  }

  /** Milliseconds until a question may go through again; 0 when one may now. */
  wait (now: number): number {
    return this.#row < this.#options.failures ? 0 : Math.max(0, this.#opensAt - now)
  }
}
