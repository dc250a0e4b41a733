/** The gate of a drained target: open requests continue, new ones are not sent. */

import type { Gate, GateState } from '../../../src/index.ts'

/** The cells of a target in use: the monotonic time until which it is drained. */
export const drainCells: readonly number[] = [-Infinity]

/** Who drained a target, and why. Outlives a reload. */
export interface DrainNote {
  by: string
  reason: string | undefined
}

/** Never overruled: an operator drained the target on purpose. */
export class DrainGate implements Gate {
  readonly name = 'drain'
  readonly #cells: Float64Array
  readonly #note: DrainNote
  readonly #active: () => number

  /**
   * @param cells its state, as {@link drainCells} at the beginning
   * @param active attempts that are open at the target
   */
  constructor (cells: Float64Array, note: DrainNote, active: () => number) {
    this.#cells = cells
    this.#note = note
    this.#active = active
  }

  /** Closes the target until a time of the monotonic clock; Infinity until {@link undrain}. */
  drain (until: number, { by, reason }: DrainNote): void {
    this.#cells[0] = until
    this.#note.by = by
    this.#note.reason = reason
  }

  undrain (): void {
    this.#cells[0] = -Infinity
  }

  permits (now: number): boolean {
    return now >= this.#cells[0]!
  }

  describe (now: number): GateState {
    if (this.permits(now)) return { state: 'in use' }
    const until = this.#cells[0]!
    const { by, reason } = this.#note
    const active = this.#active()
    const left = active === 0 ? 'nothing is open any more' : `${active} still open`
    const why = `by ${by}${reason === undefined ? '' : `: ${reason}`}; ${left}`
    return { state: 'drained', why, ...(until === Infinity ? {} : { opensAt: until }) }
  }
}
