/** The gate of a drained target: open requests continue, new ones are not sent. */

import type { Gate, GateState } from '../../../src/index.ts'

/** Positions of the cells: the monotonic times until which and since when it is drained. */
const [drainedUntil, drainedSince] = [0, 1]

/** The cells of a target in use. */
export const drainCells: readonly number[] = [-Infinity, -Infinity]

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
  drain (until: number, { by, reason }: DrainNote, now: number): void {
    if (this.permits(now)) this.#cells[drainedSince] = now
    this.#cells[drainedUntil] = until
    this.#note.by = by
    this.#note.reason = reason
  }

  undrain (): void {
    this.#cells[drainedUntil] = -Infinity
  }

  permits (now: number): boolean {
    return now >= this.#cells[drainedUntil]!
  }

  describe (now: number): GateState {
    if (this.permits(now)) return { state: 'in use' }
    const [until, since] = [this.#cells[drainedUntil]!, this.#cells[drainedSince]!]
    const { by, reason } = this.#note
    const active = this.#active()
    const left = active === 0 ? 'nothing is under way' : `${active} under way`
    const why = `by ${by}${reason === undefined ? '' : `: ${reason}`}; ${left}`
    return { state: 'drained', why, since, ...(until === Infinity ? {} : { opensAt: until }) }
  }
}
