/**
 * Counts the attempts of an upstream for its limiter, from their start to their response headers. It never
 * closes: admission depends on the request.
 */

import { type Attempt, type Gate, type GateState, judgedStatus } from '../../../src/index.ts'
import type { Limiter } from './limiter.ts'
import type { Rank } from './priority.ts'

/** Failures that took as long as they did because the upstream is slow. */
const slow: ReadonlySet<string> = new Set(['connect-timeout', 'response-timeout', 'total-timeout'])

export class LimitGate implements Gate {
  readonly name = 'adaptive-concurrency'
  /** Rank of the attempt that is about to enter: admission and entry are one step of `select`. */
  entering: Rank = 1
  readonly #limiter: Limiter
  /** A long response settles much later than its headers arrive, and headers may never arrive. */
  readonly #left = new WeakSet<Attempt>()

  constructor (limiter: Limiter) {
    this.#limiter = limiter
  }

  permits (): boolean {
    return true
  }

  enter (): number {
    this.#limiter.enter(this.entering)
    return this.entering
  }

  answered (attempt: Attempt, ticket: number, now: number): void {
    // An error that comes fast must not look like an upstream that is fast.
    this.#leave(attempt, ticket, judgedStatus(attempt)! < 500 ? latencyOf(attempt, now) : undefined, now)
  }

  settle (attempt: Attempt, ticket: number, now: number): void {
    this.#leave(attempt, ticket, slow.has(attempt.failure?.code ?? '') ? latencyOf(attempt, now) : undefined, now)
  }

  describe (): GateState {
    return { state: 'counting', why: `${this.#limiter.active} of ${this.#limiter.limit} places of the upstream taken` }
  }

  #leave (attempt: Attempt, ticket: number, latency: number | undefined, now: number): void {
    if (this.#left.has(attempt)) return
    this.#left.add(attempt)
    this.#limiter.leave(ticket as Rank, latency, now)
  }
}

/** Without the time that a client takes to send its body. */
function latencyOf ({ startedAt, sentAt }: Attempt, now: number): number {
  return now - (sentAt ?? startedAt)
}
