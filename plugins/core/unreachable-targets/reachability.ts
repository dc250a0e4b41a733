/**
 * Whether a target may be asked that could not be reached: the rules alone, without a clock.
 *
 *                 a connection fails             its time is over, next attempt
 *   reachable ───────────────────▶ unreachable ─────────────────────────────────▶ trying
 *      ▲                             ▲     │                                      │  │
 *      │                             └─────┼────────── a connection fails ────────┘  │
 *      └── a connection is opened, or a response comes on an older one ─────────┘
 *
 * One failed connection is enough, as in nginx (`max_fails=1`): another target is there, and where none is, this one is asked all the same.
 * What connections say stands in the load of the target; here is who may try the next one.
 */

import type { DialFailure } from '../../../src/index.ts'

/** Words of the states. */
export type ReachabilityName = 'reachable' | 'unreachable' | 'trying'

/** Positions of the cells. */
const cell = {
  /** The ticket of the attempt that tries. */
  ticket: 0,
  /** Until when that attempt is waited for. */
  tryingUntil: 1,
  /** When another concern found the target well. */
  recoveredAt: 2
} as const

/** The cells of a target that was never tried. */
export const reachabilityCells: readonly number[] = [0, -Infinity, -Infinity]

/** Times are milliseconds of any clock that never jumps. */
export class Reachability {
  readonly #pause: number
  readonly #cells: Float64Array

  /**
   * @param pause milliseconds for which a target that could not be reached is not asked
   * @param cells its state, as {@link reachabilityCells} at the beginning
   */
  constructor (pause: number, cells: Float64Array = Float64Array.from(reachabilityCells)) {
    this.#pause = pause
    this.#cells = cells
  }

  /** May an attempt go to it? Changes nothing. */
  permits (failure: DialFailure | undefined, now: number): boolean {
    return failure === undefined || (now >= this.#closedUntil(failure) && now >= this.#cells[cell.tryingUntil]!)
  }

  /** An attempt goes to it; returns a ticket, 0 for one that tries nothing. */
  enter (failure: DialFailure | undefined, now: number): number {
    if (failure === undefined || !this.permits(failure, now)) return 0
    this.#cells[cell.tryingUntil] = now + this.#pause
    return ++this.#cells[cell.ticket]!
  }

  /** An attempt ended. If it was the one that tries, the next one may. */
  ended (ticket: number): void {
    if (ticket === this.#cells[cell.ticket]) this.#cells[cell.tryingUntil] = -Infinity
  }

  /** The target was found well by other means: the next attempt may try it. */
  recovered (now: number): void {
    this.#cells[cell.recoveredAt] = now
    this.#cells[cell.tryingUntil] = -Infinity
  }

  /** In words, and when an attempt may try it if that is known. Changes nothing. */
  describe (failure: DialFailure | undefined, now: number): {
    readonly state: ReachabilityName,
    readonly why?: string,
    readonly since?: number,
    readonly opensAt?: number
  } {
    if (failure === undefined) return { state: 'reachable' }
    const opensAt = this.#closedUntil(failure)
    const { since } = failure
    if (now < opensAt) return { state: 'unreachable', why: failure.why, since, opensAt }
    const who = now < this.#cells[cell.tryingUntil]! ? 'one request is on its way to try' : 'the next request tries'
    return { state: 'trying', why: `${failure.why}; ${who} the target`, since }
  }

  #closedUntil ({ at }: DialFailure): number {
    return this.#cells[cell.recoveredAt]! >= at ? this.#cells[cell.recoveredAt]! : at + this.#pause
  }
}
