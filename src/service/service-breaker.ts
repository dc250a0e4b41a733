/**
 * Stops requests to a service that does not respond. After a number of consecutive failures requests fail at once, and after a while one
 * request is let through to see whether the service is available again. All threads count together.
 *
 *     closed ── failures in a row ──▶ open ── openFor ──▶ one probe ── answered ──▶ closed
 *                                      ▲                      │
 *                                      └────── failed ────────┘
 */

import type { Holder } from '../contract/holder.ts'
import type { Identity, Lock } from '../contract/state.ts'
import { noLock } from '../state/local-memory.ts'

export interface ServiceBreakerOptions {
  /** Consecutive failures after which the breaker opens. */
  readonly failures: number
  /** Milliseconds until one request is let through again. */
  readonly openFor: number
}

/** How a request was let through. The caller gives it back with the outcome. */
export type Passage = 'closed' | 'probe'

/** What its cells are: failures in a row, when it lets a probe through, and until when the last probe is waited for. */
const [row, opensAt, probingUntil] = [0, 1, 2]
const initial = [0, -Infinity, -Infinity]

/** How long other requests wait for a probe, in milliseconds. Its thread may have died. */
const longestProbe = 60_000

/** The breaker of one service. */
export class ServiceBreaker {
  readonly #options: ServiceBreakerOptions
  readonly #cells: Float64Array
  readonly #lock: Lock

  /**
   * @param cells see {@link takeServiceBreaker}; by default those of this object alone
   * @param lock that of the cells
   */
  constructor (options: ServiceBreakerOptions, cells: Float64Array = Float64Array.from(initial), lock = noLock) {
    this.#options = options
    this.#cells = cells
    this.#lock = lock
  }

  /** Whether the service counts as unavailable. */
  get open (): boolean {
    return this.#cells[row]! >= this.#options.failures
  }

  /** Lets a request through or returns undefined. Each that is let through ends with exactly one call of `answered` or `failed`. */
  enter (now: number): Passage | undefined {
    if (!this.open) return 'closed'
    this.#lock.acquire()
    try {
      if (!this.open) return 'closed'
      if (now < this.#cells[opensAt]! || now < this.#cells[probingUntil]!) return undefined
      this.#cells[probingUntil] = now + longestProbe
      return 'probe'
    } finally {
      this.#lock.release()
    }
  }

  /**
   * Reports a response. One to a request from before the breaker opened also shows that the service is available. Returns whether this has
   * closed the breaker.
   */
  answered (passage: Passage): boolean {
    if (passage === 'closed' && this.#cells[row] === 0) return false
    this.#lock.acquire()
    try {
      const wasOpen = this.open
      if (passage === 'probe') this.#cells[probingUntil] = -Infinity
      this.#cells[row] = 0
      return wasOpen
    } finally {
      this.#lock.release()
    }
  }

  /** Reports that there was no response. Returns whether this has opened the breaker. */
  failed (passage: Passage, now: number): boolean {
    this.#lock.acquire()
    try {
      if (passage === 'probe') this.#cells[probingUntil] = -Infinity
      this.#cells[row]!++
      const opens = this.#cells[row] === this.#options.failures
      // Requests that were in flight when it opened say nothing new, and would delay the probe.
      if (passage === 'probe' || opens) this.#cells[opensAt] = now + this.#options.openFor
      return opens
    } finally {
      this.#lock.release()
    }
  }

  /** Milliseconds until a request may be let through; 0 when one may now. */
  wait (now: number): number {
    return this.open ? Math.max(0, this.#cells[opensAt]! - now) : 0
  }
}

/**
 * Takes the breaker of a service, which all generations and threads share. Every generation must take it, also where a resource of an
 * earlier one has it already.
 */
export function takeServiceBreaker (
  { state, lock }: Pick<Holder, 'state' | 'lock'>,
  { kind, key, options }: Identity,
  breaker: ServiceBreakerOptions
): ServiceBreaker {
  const identity = { kind: 'service-breaker', key: `${kind} ${key}`, options }
  return new ServiceBreaker(breaker, state({ ...identity, cells: initial }), lock(identity))
}
