/** The gate of a drained target: open requests continue, new ones are not sent. */

import type { Gate, GateState } from '../../../src/index.ts'

/** Never overruled: an operator drained the target on purpose. */
export class DrainGate implements Gate {
  readonly name = 'drain'
  readonly #cells: Float64Array
  readonly #active: () => number

  /**
   * @param cells one cell: 1 while the target is drained, 0 at the beginning
   * @param active attempts that are open at the target
   */
  constructor (cells: Float64Array, active: () => number) {
    this.#cells = cells
    this.#active = active
  }

  get drained (): boolean {
    return this.#cells[0] === 1
  }

  set drained (drained: boolean) {
    this.#cells[0] = drained ? 1 : 0
  }

  permits (): boolean {
    return !this.drained
  }

  describe (): GateState {
    if (!this.drained) return { state: 'in use' }
    const active = this.#active()
    return { state: 'drained', why: active === 0 ? 'by an operator; nothing is open any more' : `by an operator; ${active} still open` }
  }
}
