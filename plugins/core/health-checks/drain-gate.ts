/** The gate of a drained target: open requests continue, new ones are not sent. */

import type { Gate, GateState } from '../../../src/index.ts'

/** Whether a target is drained, and since when in monotonic milliseconds. */
export interface DrainState {
  since: number | undefined
}

/** Never overruled: an operator drained the target on purpose. */
export class DrainGate implements Gate {
  readonly name = 'drain'
  readonly state: DrainState
  readonly #active: () => number

  /** @param active attempts that are open at the target */
  constructor (state: DrainState, active: () => number) {
    this.state = state
    this.#active = active
  }

  permits (): boolean {
    return this.state.since === undefined
  }

  describe (): GateState {
    if (this.state.since === undefined) return { state: 'in use' }
    const active = this.#active()
    return { state: 'drained', why: active === 0 ? 'by an operator; nothing is open any more' : `by an operator; ${active} still open` }
  }
}
