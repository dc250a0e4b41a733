/** The gate of a breaker: reads from an attempt what the breaker must know, and tells who wants to hear of each change. */

import type { Attempt } from '../../src/upstream/attempt.ts'
import type { Gate, GateState } from '../../src/upstream/gate.ts'
import type { Breaker, BreakerStateName } from './breaker.ts'

/** Told of every change of state, with what there is to say about it. */
export type ChangeListener = (to: BreakerStateName, why: string | undefined) => void

/** What a gate needs beside its breaker. */
export interface BreakerGateOptions {
  readonly breaker: Breaker
  /** Whether an answer with this status is a failure. */
  readonly isFailure: (status: number) => boolean
  readonly onChange: ChangeListener
}

export class BreakerGate implements Gate {
  readonly name = 'circuit-breaking'
  readonly breaker: Breaker
  readonly #isFailure: (status: number) => boolean
  readonly #onChange: ChangeListener

  constructor (options: BreakerGateOptions) {
    this.breaker = options.breaker
    this.#isFailure = options.isFailure
    this.#onChange = options.onChange
  }

  permits (now: number): boolean {
    return this.breaker.permits(now)
  }

  enter (now: number): number {
    const before = this.breaker.kind
    const ticket = this.breaker.enter(now)
    this.#tell(before, now)
    return ticket
  }

  answered (attempt: Attempt, ticket: number, now: number): void {
    const before = this.breaker.kind
    const status = attempt.statusCode!
    if (this.#isFailure(status)) this.breaker.failed(ticket, `HTTP ${status}`, now)
    else this.breaker.answered(ticket)
    this.#tell(before, now)
  }

  settle (attempt: Attempt, ticket: number, now: number): void {
    const before = this.breaker.kind
    this.#report(attempt, ticket, now)
    this.#tell(before, now)
  }

  describe (now: number): GateState {
    return this.breaker.describe(now)
  }

  #report ({ outcome, statusCode, failure }: Attempt, ticket: number, now: number): void {
    if (outcome === 'ignored') return this.breaker.ignored(ticket)
    if (statusCode === undefined) return this.breaker.failed(ticket, failure?.code ?? 'no answer', now)
    // A bad head was counted when it came; once is enough.
    if (this.#isFailure(statusCode)) return
    if (failure !== undefined) return this.breaker.cut(ticket, failure.code, now)
    this.breaker.completed(ticket)
  }

  #tell (before: BreakerStateName, now: number): void {
    if (this.breaker.kind !== before) this.#onChange(this.breaker.kind, this.breaker.describe(now).why)
  }
}
