/** The gate of a target that could not be reached: reads from an attempt what the state must know, and tells of each change. */

import type { Attempt } from '../../src/upstream/attempt.ts'
import { unsent } from '../../src/upstream/failure.ts'
import type { Gate, GateState } from '../../src/upstream/gate.ts'
import type { Load } from '../../src/upstream/target.ts'
import type { Reachability } from './reachability.ts'

/** Told when the target becomes unreachable, with the code of the reason, and when it is reached again. */
export type ReachabilityListener = (reachable: boolean, why?: string) => void

export class UnreachableGate implements Gate {
  readonly name = 'unreachable-targets'
  /** Where no other target is left, the one that could not be reached is the best there is. */
  readonly failOpen = true
  readonly #state: Reachability
  readonly #load: Load
  readonly #onChange: ReachabilityListener

  constructor (state: Reachability, load: Load, onChange: ReachabilityListener) {
    this.#state = state
    this.#load = load
    this.#onChange = onChange
  }

  permits (now: number): boolean {
    return this.#state.permits(this.#load.opened, now)
  }

  enter (now: number): number {
    const before = this.#state.name
    const ticket = this.#state.enter(this.#load.opened, now)
    if (before !== 'reachable' && this.#state.name === 'reachable') this.#onChange(true)
    return ticket
  }

  answered (_attempt: Attempt, ticket: number): void {
    const before = this.#state.name
    this.#state.answered(ticket)
    if (before !== 'reachable' && this.#state.name === 'reachable') this.#onChange(true)
  }

  settle ({ outcome, failure, statusCode }: Attempt, ticket: number, now: number): void {
    if (outcome === 'failure' && failure !== undefined && unsent.has(failure.code)) {
      const before = this.#state.name
      this.#state.failed(ticket, failure.code, this.#load.opened, now)
      if (before === 'reachable' && this.#state.name !== 'reachable') this.#onChange(false, failure.code)
    } else if (statusCode === undefined) {
      this.#state.ended(ticket, now)
    }
  }

  recovered (now: number): void {
    this.#state.recovered(now)
  }

  describe (now: number): GateState {
    return this.#state.describe(this.#load.opened, now)
  }
}
