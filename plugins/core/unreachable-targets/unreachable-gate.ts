/** The gate of a target that could not be reached: what its connections say, and one attempt at a time that tries it again. */

import type { Attempt, Gate, GateState, TargetLoad } from '../../../src/index.ts'
import type { Reachability } from './reachability.ts'

export class UnreachableGate implements Gate {
  readonly name = 'unreachable-targets'
  /** Where no other target is left, the one that could not be reached is the best there is. */
  readonly failOpen = true
  readonly #state: Reachability
  readonly #load: TargetLoad

  constructor (state: Reachability, load: TargetLoad) {
    this.#state = state
    this.#load = load
  }

  permits (now: number): boolean {
    return this.#state.permits(this.#load.failure, now)
  }

  enter (now: number): number {
    return this.#state.enter(this.#load.failure, now)
  }

  answered (attempt: Attempt): void {
    // On a connection that was there before. A response that was under way when the target failed proves nothing.
    if (this.#load.failure !== undefined && attempt.startedAt > this.#load.failure.at) this.#load.reached()
  }

  settle ({ reached, failure }: Attempt, ticket: number): void {
    // Its client may have left; its connection is still being tried, and will tell.
    if (reached || failure?.fault === 'gateway') this.#state.ended(ticket)
  }

  recovered (now: number): void {
    this.#state.recovered(now)
  }

  describe (now: number): GateState {
    return this.#state.describe(this.#load.failure, now)
  }
}
